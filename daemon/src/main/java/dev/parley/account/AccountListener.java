package dev.parley.account;

import dev.parley.store.Tx;

/// Told of users in the transaction that changes them.
public interface AccountListener {

    /// `after` was written in place of `before`.
    default void changed(Tx tx, Account before, Account after) {}

    /// `account` is being deleted: whatever is assigned to it must let go.
    default void deleted(Tx tx, Account account) {}
}
