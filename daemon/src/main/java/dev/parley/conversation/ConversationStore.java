package dev.parley.conversation;

import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// All SQL of conversations and participants. The transaction is the caller's.
final class ConversationStore {

    Optional<Conversation> byId(Connection connection, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// The same, locked until the end of the transaction, with its participants locked shared. What is said in a
    /// conversation is said under this lock.
    Optional<Conversation> lock(Tx tx, long id) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// The open conversations in which a number takes part on a line, by id, the direct one included; those that it
    /// left too ([Participant#hasLeft] tells).
    List<Conversation> openOf(Connection connection, long lineId, String number) throws SQLException {
        throw new UnsupportedOperationException();
    }

    Optional<Conversation> openDirect(Connection connection, long lineId, String number) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// The open direct conversation of a number on a line, locked; made where there is none.
    Conversation lockDirect(Tx tx, long lineId, String number, Instant at) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Locks all participants with this number on this line, so that nobody sends to it meanwhile.
    List<Participant> lockNumber(Tx tx, long lineId, String number) throws SQLException {
        throw new UnsupportedOperationException();
    }

    void setLeft(Tx tx, long participantId, Optional<Instant> leftAt) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
