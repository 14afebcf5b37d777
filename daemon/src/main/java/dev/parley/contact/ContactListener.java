package dev.parley.contact;

import dev.parley.account.Account;
import dev.parley.store.Tx;
import java.util.Optional;

/// Told of contacts in the transaction that changes them, after the row was written.
@FunctionalInterface
public interface ContactListener {

    /// A contact was created, changed or deleted.
    ///
    /// @param actor who did it; empty where nobody did, as when the user goes whom it was assigned to
    /// @param before empty for a new one
    void changed(Tx tx, Optional<Account> actor, Optional<Contact> before, Contact after);
}
