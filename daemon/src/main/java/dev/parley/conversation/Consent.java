package dev.parley.conversation;

import dev.parley.store.Tx;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Changes whether a number wants texts of a line, with its history, a line in each thread, and what it
/// means for the texts on their way. Whoever calls has locked the sender and the conversations.
final class Consent {

    /// How long a user has to decide on freer wording; then it counts as an opt-out.
    static final Duration DECISION = Duration.ofHours(24);

    private final ConversationStore conversations;
    private final OptOutStore optOuts;
    private final Sending sending;
    private final Clock clock;

    Consent(ConversationStore conversations, OptOutStore optOuts, Sending sending, Clock clock) {
        this.conversations = conversations;
        this.optOuts = optOuts;
        this.sending = sending;
        this.clock = clock;
    }

    /// A number on a line with its open conversations that it has not left.
    record Person(long lineId, String number, List<Conversation> conversations) {
        Person {
            conversations = List.copyOf(conversations);
        }
    }

    /// What led to a change.
    ///
    /// @param account who decided
    /// @param message the text that says so
    record Cause(Optional<Long> account, Optional<Message> message) {
        static final Cause TIME = new Cause(Optional.empty(), Optional.empty());

        static Cause of(Message message) {
            return new Cause(Optional.empty(), Optional.of(message));
        }

        static Cause user(long accountId) {
            return new Cause(Optional.of(accountId), Optional.empty());
        }
    }

    /// It said STOP.
    ///
    /// @return whether this is to be confirmed: its first STOP since it last opted in, if it ever did
    boolean stop(Tx tx, Person person, Message message) throws SQLException {
        var before = optOuts.find(tx.connection(), person.lineId(), person.number());
        if (before.filter(each -> each.state() == OptOutStore.State.OPTED_OUT).isPresent()) {
            if (saidStop(tx, before.get())) {
                return false;
            }
            note(tx, before.get().id(), "opted-out", Cause.of(message));
            return true;
        }
        optOut(tx, person, "opted-out", Cause.of(message));
        return true;
    }

    private boolean saidStop(Tx tx, OptOutStore.OptOut optOut) throws SQLException {
        var history = optOuts.history(tx.connection(), List.of(optOut.id())).getOrDefault(optOut.id(), List.of());
        for (var change : history.reversed()) {
            switch (change.what()) {
                case "opted-out" -> {
                    return true;
                }
                case "opted-in", "dismissed" -> {
                    return false;
                }
                default -> {}
            }
        }
        return false;
    }

    /// Opts a number out that is not.
    ///
    /// @param what `opted-out`, `confirmed`, `expired`
    void optOut(Tx tx, Person person, String what, Cause cause) throws SQLException {
        var participants = conversations.lockNumber(tx, person.lineId(), person.number());
        var optOut = optOuts.put(
                tx,
                person.lineId(),
                person.number(),
                OptOutStore.State.OPTED_OUT,
                clock.instant(),
                Optional.empty(),
                cause.message().map(Message::id));
        note(tx, optOut.id(), what, cause);
        // First what waits becomes blocked, then the hold ends: nothing slips out in between.
        sending.recheck(tx, participants);
        sending.release(tx, person.lineId(), person.number(), HoldReason.WORDING);
        tell(tx, person, "opted out and gets no more messages of this line.", cause);
    }

    /// Opts a number in that is not.
    ///
    /// @param what `opted-in`, `dismissed`
    void optIn(Tx tx, Person person, String what, Cause cause) throws SQLException {
        conversations.lockNumber(tx, person.lineId(), person.number());
        var optOut = optOuts.put(
                tx,
                person.lineId(),
                person.number(),
                OptOutStore.State.OPTED_IN,
                clock.instant(),
                Optional.empty(),
                cause.message().map(Message::id));
        note(tx, optOut.id(), what, cause);
        sending.release(tx, person.lineId(), person.number(), HoldReason.WORDING);
        tell(
                tx,
                person,
                cause.account().isPresent()
                        ? "did not opt out: what waited is sent now."
                        : "opted in again and gets the messages of this line.",
                cause);
    }

    /// It wrote what reads like an opt-out. The first such text sets the time by which a user has to
    /// decide.
    void suspect(Tx tx, Person person, Message message) throws SQLException {
        var before = optOuts.find(tx.connection(), person.lineId(), person.number());
        if (before.filter(each -> each.state() == OptOutStore.State.SUSPECTED).isPresent()) {
            note(tx, before.get().id(), "suspected", Cause.of(message));
            return;
        }
        conversations.lockNumber(tx, person.lineId(), person.number());
        var now = clock.instant();
        var optOut = optOuts.put(
                tx,
                person.lineId(),
                person.number(),
                OptOutStore.State.SUSPECTED,
                now,
                Optional.of(now.plus(DECISION)),
                Optional.of(message.id()));
        note(tx, optOut.id(), "suspected", Cause.of(message));
        sending.hold(tx, person.lineId(), person.number(), HoldReason.WORDING);
        tell(
                tx,
                person,
                "wrote what reads like an opt-out: nothing is sent there until somebody confirms or dismisses it."
                        + " After 24 hours it counts as opted out.",
                Cause.of(message));
    }

    private void note(Tx tx, long optOutId, String what, Cause cause) throws SQLException {
        optOuts.note(
                tx,
                optOutId,
                clock.instant(),
                what,
                cause.account(),
                cause.message().map(Message::id),
                cause.message().map(Message::text));
    }

    /// One system line in each thread, and word that who can be texted there has changed.
    private void tell(Tx tx, Person person, String what, Cause cause) throws SQLException {
        for (var conversation : person.conversations()) {
            var participant = conversation.participant(person.number());
            if (participant.isPresent()) {
                sending.system(
                        tx,
                        conversation,
                        conversation.nameOf(participant.get()) + " " + what,
                        cause.message().map(Message::id));
                sending.updated(tx, conversation.id());
            }
        }
    }
}
