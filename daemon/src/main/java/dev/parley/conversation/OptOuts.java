package dev.parley.conversation;

import dev.parley.account.Account;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.SQLException;

/// Who does not want texts of a line.
public final class OptOuts {
    private final Store store;

    OptOuts(Store store) {
        this.store = store;
    }

    /// The numbers on lines that `viewer` may see, newest first; for who sees only assigned contacts, only numbers in
    /// conversations that it may see.
    public Outcome<Page<OptOutView>> list(Account viewer, PageRequest page) {
        return store.read(_ -> {
            throw new UnsupportedOperationException();
        });
    }

    /// A suspected opt-out is one: what waits for the number is blocked.
    public Outcome<OptOutView> confirm(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// A suspected opt-out is none: what waits for the number goes on.
    public Outcome<OptOutView> dismiss(Tx tx, Account actor, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
