package dev.parley.account;

import dev.parley.store.Tx;
import java.sql.SQLException;

/// Told of users in the transaction that changes them.
@FunctionalInterface
public interface AccountListener {

    /// `account` is being deleted: whatever is assigned to it must let go.
    void deleted(Tx tx, Account account) throws SQLException;
}
