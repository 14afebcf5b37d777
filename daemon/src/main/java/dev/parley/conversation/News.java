package dev.parley.conversation;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.store.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells of conversations, as they are at the end of a transaction.
final class News {
    private final ConversationStore conversations;
    private final OptOutStore optOuts;
    private final Views views;
    private final EventLog events;
    private Tx.Step writing = _ -> {};

    News(ConversationStore conversations, OptOutStore optOuts, Views views, EventLog events) {
        this.conversations = conversations;
        this.optOuts = optOuts;
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

        /// What was said last, by the id of the conversation.
        private final Map<Long, Latest> latest = new HashMap<>();
    }

    private record Latest(Message message, Made made) {}

    /// The deliveries of a message that a transaction has made, as they are by now.
    @FunctionalInterface
    interface Made {
        List<Delivery> now(Tx tx);
    }

    private sealed interface Told {
        /// That a conversation was created or updated.
        record Of(EventType type, long conversationId) implements Told {}

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
        due(tx).told.add(new Told.Of(EventType.CONVERSATION_CREATED, conversationId));
    }

    /// Appends `conversation.updated`, with the conversation as it is at the end of the transaction;
    /// once, however many things change of it.
    void updated(Tx tx, long conversationId) {
        due(tx).told.add(new Told.Of(EventType.CONVERSATION_UPDATED, conversationId));
    }

    /// Has `append` append the event of a message, after those of the conversation that came up before.
    void said(Tx tx, Tx.Step append) {
        due(tx).told.add(new Told.Said(append));
    }

    /// Has what is told of a conversation that began in this transaction be told without asking for it,
    /// where nothing else is to be told than that somebody began it with this message.
    void began(Tx tx, long conversationId, Message message, Made made) {
        due(tx).latest.put(conversationId, new Latest(message, made));
    }

    private void tell(Tx tx, Due due) {
        due.isDue = false;
        var told = List.copyOf(due.told);
        due.told.clear();
        var shown = shown(tx, told, due.latest);
        due.latest.clear();
        for (var each : told) {
            switch (each) {
                case Told.Of(var type, var id) -> append(tx, type, shown.get(id));
                case Told.Said(var append) -> append.run(tx);
            }
        }
    }

    private record Shown(Conversation conversation, ConversationView view) {}

    private Map<Long, Shown> shown(Tx tx, List<Told> told, Map<Long, Latest> latest) {
        var opened = new HashSet<Long>();
        var ids = new LinkedHashSet<Long>();
        for (var each : told) {
            if (each instanceof Told.Of(var type, var id)) {
                ids.add(id);
                if (type == EventType.CONVERSATION_CREATED) {
                    opened.add(id);
                }
            }
        }
        var shown = new HashMap<Long, Shown>();
        var asked = new ArrayList<Conversation>();
        for (var each : conversations.current(tx, ids)) {
            var begun = opened.contains(each.id()) ? begun(tx, each, latest) : Optional.<ConversationView>empty();
            if (begun.isPresent()) {
                shown.put(each.id(), new Shown(each, begun.get()));
            } else {
                asked.add(each);
            }
        }
        if (!asked.isEmpty()) {
            writing.run(tx);
            var views = this.views.conversations(tx.connection(), asked, Optional.empty());
            for (int i = 0; i < asked.size(); i++) {
                shown.put(asked.get(i).id(), new Shown(asked.get(i), views.get(i)));
            }
        }
        return shown;
    }

    /// How a conversation is shown that began in this transaction, by what is in memory; empty where
    /// that does not do: contacts may have changed, and somebody may have to be told that a text does
    /// not go out.
    private Optional<ConversationView> begun(Tx tx, Conversation conversation, Map<Long, Latest> latest) {
        var last = latest.get(conversation.id());
        if (last == null
                || last.message.direction() != Direction.OUTBOUND
                || !conversation.lastMessage().equals(Optional.of(last.message.id()))) {
            return Optional.empty();
        }
        var deliveries = last.made.now(tx);
        var goesTo = deliveries.stream()
                .filter(each -> each.isWaiting() && !each.held())
                .map(Delivery::participantId)
                .collect(Collectors.toSet());
        for (var each : conversation.participants()) {
            if (each.contactId().isPresent()
                    || !goesTo.contains(each.id())
                    || optOuts.find(tx, conversation.lineId(), each.number()).isPresent()) {
                return Optional.empty();
            }
        }
        return Optional.of(views.begun(conversation, last.message, deliveries));
    }

    private void append(Tx tx, EventType type, @Nullable Shown shown) {
        if (shown == null) {
            throw new IllegalStateException("a conversation that is told of is not there");
        }
        var conversation = shown.conversation;
        events.append(tx, type, Scope.ofConversation(conversation.lineId(), conversation.id()), shown.view);
    }
}
