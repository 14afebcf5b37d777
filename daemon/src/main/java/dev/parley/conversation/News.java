package dev.parley.conversation;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.store.Tx;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /// What a transaction has to tell, in the order in which it came up.
    private static final class Due {
        private boolean isDue;
        private final Set<Told> told = new LinkedHashSet<>();
    }

    private sealed interface Told {
        record Opened(long conversationId) implements Told {}

        record Updated(long conversationId) implements Told {}

        record Said(Tx.Step append) implements Told {}
    }

    private Due due(Tx tx) {
        var due = tx.kept(this, Due::new);
        if (!due.isDue) {
            due.isDue = true;
            // Behind the steps of all works, so that all of a transaction is read at once, as it is at its end.
            tx.beforeCommit(first -> first.beforeCommit(last -> tell(last, due)));
        }
        return due;
    }

    /// Has what is told of come before whatever is told by steps that are added after this.
    void first(Tx tx) {
        due(tx);
    }

    /// Appends `conversation.created`.
    void opened(Tx tx, long conversationId) {
        due(tx).told.add(new Told.Opened(conversationId));
    }

    /// Appends `conversation.updated`, with the conversation as it is at the end of the transaction; once,
    /// however many things change of it.
    void updated(Tx tx, long conversationId) {
        due(tx).told.add(new Told.Updated(conversationId));
    }

    /// Has `append` append the event of a message, after those of the conversation that came up before.
    void said(Tx tx, Tx.Step append) {
        due(tx).told.add(new Told.Said(append));
    }

    private void tell(Tx tx, Due due) throws SQLException {
        due.isDue = false;
        var told = List.copyOf(due.told);
        due.told.clear();
        var shown = views(tx, told);
        for (var each : told) {
            switch (each) {
                case Told.Opened(var id) -> append(tx, EventType.CONVERSATION_CREATED, shown.get(id));
                case Told.Updated(var id) -> append(tx, EventType.CONVERSATION_UPDATED, shown.get(id));
                case Told.Said(var append) -> append.run(tx);
            }
        }
    }

    private record Shown(Conversation conversation, ConversationView view) {}

    private Map<Long, Shown> views(Tx tx, List<Told> told) throws SQLException {
        var ids = told.stream()
                .flatMap(each -> switch (each) {
                    case Told.Opened(var id) -> Stream.of(id);
                    case Told.Updated(var id) -> Stream.of(id);
                    case Told.Said _ -> Stream.empty();
                })
                .toList();
        if (ids.isEmpty()) {
            return Map.of();
        }
        writing.run(tx);
        var found = conversations.current(tx, ids);
        var views = this.views.conversations(tx.connection(), found, Optional.empty());
        var shown = new HashMap<Long, Shown>();
        for (int i = 0; i < found.size(); i++) {
            shown.put(found.get(i).id(), new Shown(found.get(i), views.get(i)));
        }
        return shown;
    }

    private void append(Tx tx, EventType type, @Nullable Shown shown) throws SQLException {
        if (shown == null) {
            throw new IllegalStateException("a conversation that is told of is not there");
        }
        var conversation = shown.conversation;
        events.append(tx, type, Scope.ofConversation(conversation.lineId(), conversation.id()), shown.view);
    }
}
