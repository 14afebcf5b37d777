package dev.parley.conversation;

import dev.parley.account.Account;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.SQLException;

/// The conversations. Those with a `tx` join the caller's transaction; refused, they have written nothing.
public final class Conversations {

    /// Unread messages are counted up to this.
    public static final int UNREAD_MAX = 999;

    private final Store store;

    Conversations(Store store) {
        this.store = store;
    }

    public Outcome<Created> create(Tx tx, Account actor, NewConversation wanted) throws SQLException {
        throw new UnsupportedOperationException();
    }

    public Outcome<Created> create(Account actor, NewConversation wanted) {
        return store.transaction(tx -> create(tx, actor, wanted));
    }

    /// Refused with `bad-cursor` only.
    public Outcome<Page<ConversationView>> list(Account viewer, ConversationFilter filter, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    public Outcome<ConversationView> get(Account viewer, long id) {
        throw new UnsupportedOperationException();
    }

    public Outcome<ConversationView> change(Account actor, long id, ConversationChange change) {
        throw new UnsupportedOperationException();
    }

    public Outcome<ConversationView> close(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// A new conversation without those who are blocked, linked both ways; the old one is closed.
    public Outcome<Created> successor(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Everything said so far counts as read by this user.
    public Outcome<ConversationView> markRead(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
