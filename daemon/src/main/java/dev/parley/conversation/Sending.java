package dev.parley.conversation;

import dev.parley.store.Tx;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What is common to everything that is said: stores a message, makes its deliveries, hands them to the outbox, appends
/// the events. Users' messages, relays and automatic texts all go this way.
final class Sending {

    /// Stores an inbound text in a conversation, with `message.received`. The caller has locked the conversation.
    Message received(
            Tx tx,
            Conversation conversation,
            Participant sender,
            MessageKind kind,
            InboundText text,
            String shown,
            Routing routing)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Stores an inbound text that is not placed, with one `message.received` for each candidate's readers.
    Message unrouted(Tx tx, List<Conversation> candidates, InboundText text, Routing routing) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Places a text that was unrouted, or moves one that was placed, with `message.received` for its new conversation.
    /// Nothing is relayed.
    ///
    /// @param shown its text without a tag
    Message place(Tx tx, Message message, Conversation conversation, Participant sender, String shown, Routing routing)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Relays an inbound text to the others as `Name: text`: one delivery for each, `blocked` where it is. Who has a
    /// delivery of this message already, in whatever conversation, gets no second one.
    void relay(Tx tx, Message message, Conversation conversation, Participant sender) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Sends an automatic text to one participant, unless one of this kind went to its number on this line within the
    /// last hour, it is no E.164 number, or it is blocked ([MessageKind#OPTED_OUT] goes to who has opted out).
    ///
    /// @return the message, if it is sent
    Optional<Message> automatic(
            Tx tx, Conversation conversation, Participant to, MessageKind kind, String text, Optional<Long> cause)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Adds a line to the thread that is no SMS.
    Message system(Tx tx, Conversation conversation, String text, Optional<Long> cause) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Nothing goes to a number on a line until [#release] with the same reason; what is made meanwhile waits.
    void hold(Tx tx, long lineId, String number, HoldReason reason) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// Ends what [#hold] began, if no other reason is left.
    void release(Tx tx, long lineId, String number, HoldReason reason) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /// To be called when participants have become blocked, in the transaction of the fact: their deliveries that can
    /// still be taken back become `blocked`.
    void recheck(Tx tx, Collection<Participant> participants) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
