package dev.parley.contact;

import dev.parley.store.Tx;
import java.sql.SQLException;
import java.util.Optional;

/// Told of contacts in the transaction that changes them, after the row was written.
@FunctionalInterface
public interface ContactListener {

    /// A contact was created, changed or deleted.
    ///
    /// @param before empty for a new one
    void changed(Tx tx, Optional<Contact> before, Contact after) throws SQLException;
}
