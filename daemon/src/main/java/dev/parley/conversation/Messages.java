package dev.parley.conversation;

import dev.parley.account.Account;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.util.Optional;

/// The messages. Those with a `tx` join the caller's transaction; refused, they have written nothing.
public final class Messages {
    private final Store store;

    Messages(Store store) {
        this.store = store;
    }

    public Outcome<MessageView> post(Tx tx, Account author, long conversationId, NewMessage wanted)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    public Outcome<MessageView> post(Account author, long conversationId, NewMessage wanted) {
        return store.transaction(tx -> post(tx, author, conversationId, wanted));
    }

    public Outcome<MessageView> postDirect(Tx tx, Account author, DirectMessage wanted) throws SQLException {
        throw new UnsupportedOperationException();
    }

    public Outcome<MessageView> postDirect(Account author, DirectMessage wanted) {
        return store.transaction(tx -> postDirect(tx, author, wanted));
    }

    /// What was said in a conversation, and the unrouted texts that may belong to it, newest first.
    public Outcome<Page<MessageView>> list(Account viewer, long conversationId, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    public Outcome<MessageView> get(Account viewer, long id) {
        throw new UnsupportedOperationException();
    }

    public Outcome<Page<MessageView>> search(Account viewer, MessageSearch search, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    /// Takes back every delivery that no part was handed over of.
    public Outcome<MessageView> cancel(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Sends the failed deliveries once more.
    public Outcome<MessageView> retry(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// What a text will cost and how long it will take; without a conversation for one recipient on the first line.
    public Outcome<PreviewView> preview(Account viewer, String text, Optional<Long> conversationId) {
        throw new UnsupportedOperationException();
    }
}
