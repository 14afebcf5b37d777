package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What users have read, and what waits for them. Unread is what shows in a conversation above a user's
/// mark, which moves both ways.
public final class Reading {

    /// The conversations whose unread messages are summed up for [CountsView#unread]; each has one at
    /// least, and nobody reads a sum beyond.
    static final int COUNT_MAX = 100;

    /// Unread conversations are looked for among so many of the latest: whoever left something unread
    /// ten thousand conversations ago does not come back to it by a filter.
    static final int DEPTH = 10_000;

    private final Store store;
    private final ConversationStore conversations;
    private final ReadStore reads;
    private final Views views;
    private final Sending sending;
    private final EventLog events;

    Reading(
            Store store,
            ConversationStore conversations,
            ReadStore reads,
            Views views,
            Sending sending,
            EventLog events) {
        this.store = store;
        this.conversations = conversations;
        this.reads = reads;
        this.views = views;
        this.sending = sending;
        this.events = events;
    }

    /// How far somebody says that it has read.
    public sealed interface Until {

        /// All that shows by now.
        record Latest() implements Until {}

        /// A message, with all before it and nothing behind it: the mark moves back as well.
        record Message(long id) implements Until {}

        /// Not even the first.
        record Nothing() implements Until {}
    }

    /// Moves a user's mark, with `conversation.read` to that user where it moved. What failed up to there
    /// has been seen by somebody from then on.
    public Outcome<ConversationView> mark(Account reader, long id, Until until) {
        return store.transaction(tx -> {
            if (!Access.of(reader).maySeeConversation(tx.connection(), id)) {
                return Outcome.refused(Problem.notFound());
            }
            long message = switch (until) {
                case Until.Latest() -> reads.latest(tx.connection(), id);
                case Until.Message(long its) -> its;
                case Until.Nothing() -> 0;
            };
            if (until instanceof Until.Message && !reads.shows(tx.connection(), id, message)) {
                return Outcome.refused(Problem.invalid(
                        "message", "unknown-message", "There is no message " + message + " in this conversation."));
            }
            mark(tx, reader, id, message);
            return Outcome.done(views.conversation(
                    tx.connection(), conversations.current(tx, id).orElseThrow(), reader, Optional.empty()));
        });
    }

    private void mark(Tx tx, Account reader, long id, long message) {
        long before = reads.marks(tx.connection(), reader.id(), List.of(id)).getOrDefault(id, 0L);
        if (message != before) {
            reads.mark(tx, reader.id(), id, message);
            int unread = reads.unread(tx.connection(), Map.of(id, message)).getOrDefault(id, 0);
            events.append(
                    tx,
                    EventType.CONVERSATION_READ,
                    Scope.ofAccount(reader.id()),
                    new ReadView(
                            Long.toString(id),
                            message == 0 ? Optional.empty() : Optional.of(Long.toString(message)),
                            Math.min(unread, Conversations.UNREAD_MAX)));
        }
        if (reads.seeFailures(tx, id, message)) {
            sending.updated(tx, id);
        }
        sending.writeProgress(tx);
    }

    /// The conversations with something unread, among the [#DEPTH] latest.
    Condition unread(Connection connection, long accountId) {
        var recent = conversations
                .last(connection, Condition.ALWAYS, DEPTH + 1)
                .map(floor -> Condition.of("(c.active_at > ?)", floor.at()))
                .orElse(Condition.ALWAYS);
        return recent.and(Condition.of(
                "(c.last_inbound_id > COALESCE((SELECT message_id FROM read_mark WHERE account_id = ?"
                        + " AND conversation_id = c.id), 0))",
                accountId));
    }

    public CountsView counts(Account viewer) {
        return store.read(connection -> {
            var visible = Access.of(viewer).conversations("c");
            var latest = conversations.page(connection, visible.and(unread(connection, viewer.id())), COUNT_MAX);
            int unread = reads.unread(connection, viewer.id(), latest).values().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
            return new CountsView(unread, reads.waiting(connection, visible));
        });
    }
}
