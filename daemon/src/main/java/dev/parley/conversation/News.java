package dev.parley.conversation;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Tells of conversations, as they are at the end of a transaction.
final class News {
    private final ConversationStore conversations;
    private final Views views;
    private final EventLog events;
    private Tx.Step writing = _ -> {};

    News(ConversationStore conversations, Views views, EventLog events) {
        this.conversations = conversations;
        this.views = views;
        this.events = events;
    }

    /// Has `step` run before a conversation is read to be told of: it writes what is noted only.
    void writes(Tx.Step step) {
        writing = step;
    }

    /// Appends `conversation.created`.
    void opened(Tx tx, long conversationId) {
        tx.beforeCommit(last -> announce(last, conversationId, EventType.CONVERSATION_CREATED));
    }

    /// Appends `conversation.updated`, with the conversation as it is at the end of the transaction; once,
    /// however many things change of it.
    void updated(Tx tx, long conversationId) {
        Set<Long> due = tx.kept(this, HashSet::new);
        if (due.add(conversationId)) {
            tx.beforeCommit(last -> {
                due.remove(conversationId);
                announce(last, conversationId, EventType.CONVERSATION_UPDATED);
            });
        }
    }

    private void announce(Tx tx, long conversationId, EventType type) throws SQLException {
        writing.run(tx);
        var conversation = conversations.current(tx, conversationId).orElseThrow();
        events.append(
                tx,
                type,
                Scope.ofConversation(conversation.lineId(), conversation.id()),
                views.conversation(tx.connection(), conversation, Optional.empty()));
    }
}
