package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Who does not want texts of a line.
public final class OptOuts {
    private final Store store;
    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final ReplyStore replies;
    private final Consent consent;
    private final Views views;

    OptOuts(
            Store store,
            ConversationStore conversations,
            MessageStore messages,
            OptOutStore optOuts,
            ReplyStore replies,
            Consent consent,
            Views views) {
        this.store = store;
        this.conversations = conversations;
        this.messages = messages;
        this.optOuts = optOuts;
        this.replies = replies;
        this.consent = consent;
        this.views = views;
    }

    /// Those that are on a line that this user may see and in a conversation that it may see.
    private static Condition visibleTo(Account viewer) {
        var conversation = Access.of(viewer).conversations("seen");
        return new Condition(
                "(EXISTS (SELECT 1 FROM participant AS seen_number JOIN conversation AS seen"
                        + " ON seen.id = seen_number.conversation_id WHERE seen_number.number = o.number"
                        + " AND seen_number.line_id = o.line_id AND " + conversation.sql() + "))",
                conversation.parameters());
    }

    /// The numbers on lines that `viewer` may see, newest first; for who sees only assigned contacts,
    /// only numbers in conversations that it may see.
    public Outcome<Page<OptOutView>> list(Account viewer, PageRequest page) {
        var before = page.cursor().isEmpty()
                ? Optional.of(Long.MAX_VALUE)
                : Cursors.id(page.cursor().get());
        if (before.isEmpty()) {
            return Outcome.refused(Cursors.bad());
        }
        return store.read(connection -> {
            var found = optOuts.page(connection, List.of(visibleTo(viewer)), before.get(), page.limit() + 1);
            boolean more = found.size() > page.limit();
            var shown = more ? found.subList(0, page.limit()) : found;
            return Outcome.done(new Page<>(
                    view(connection, shown, viewer),
                    more ? Optional.of(Long.toString(shown.getLast().id())) : Optional.empty()));
        });
    }

    /// What a number wrote is shown to who may see all conversations that it may belong to.
    private List<OptOutView> view(Connection connection, List<OptOutStore.OptOut> shown, Account viewer)
            throws SQLException {
        var history = optOuts.history(
                connection, shown.stream().map(OptOutStore.OptOut::id).toList());
        var texts = new HashSet<Long>();
        history.values()
                .forEach(changes -> changes.forEach(each -> each.messageId().ifPresent(texts::add)));
        var readable = new HashSet<Long>();
        for (var each : views.messages(connection, visibleMessages(connection, texts, viewer), viewer)) {
            if (each.text().isPresent()) {
                readable.add(Long.parseLong(each.id()));
            }
        }
        var views = new ArrayList<OptOutView>();
        for (var each : shown) {
            views.add(new OptOutView(
                    Long.toString(each.id()),
                    this.views.line(each.lineId()),
                    each.number(),
                    each.state().label(),
                    each.since(),
                    each.decideBy(),
                    history.getOrDefault(each.id(), List.of()).stream()
                            .map(change -> shown(change, readable))
                            .toList()));
        }
        return views;
    }

    private List<Message> visibleMessages(Connection connection, HashSet<Long> ids, Account viewer)
            throws SQLException {
        var access = Access.of(viewer);
        var visible = new ArrayList<Message>();
        for (var each : messages.byIds(connection, ids)) {
            if (each.isUnrouted()
                    || access.maySeeConversation(
                            connection, each.conversationId().orElseThrow())) {
                visible.add(each);
            }
        }
        return visible;
    }

    private static OptOutView.Change shown(OptOutStore.Change change, HashSet<Long> readable) {
        boolean isReadable = change.messageId().filter(readable::contains).isPresent();
        return new OptOutView.Change(
                change.at(),
                change.what(),
                change.accountName(),
                change.messageId().filter(_ -> isReadable).map(id -> Long.toString(id)),
                change.text().filter(_ -> isReadable));
    }

    public Outcome<OptOutView> confirm(Account actor, long id) {
        return store.transaction(tx -> confirm(tx, actor, id));
    }

    /// A suspected opt-out is one: what waits for the number is blocked.
    public Outcome<OptOutView> confirm(Tx tx, Account actor, long id) throws SQLException {
        return decide(tx, actor, id, true);
    }

    public Outcome<OptOutView> dismiss(Account actor, long id) {
        return store.transaction(tx -> dismiss(tx, actor, id));
    }

    /// A suspected opt-out is none: what waits for the number goes on.
    public Outcome<OptOutView> dismiss(Tx tx, Account actor, long id) throws SQLException {
        return decide(tx, actor, id, false);
    }

    private Outcome<OptOutView> decide(Tx tx, Account actor, long id, boolean optedOut) throws SQLException {
        var found = optOuts.byId(tx.connection(), id);
        if (found.isEmpty() || !isVisible(tx, actor, id)) {
            return Outcome.refused(Problem.notFound());
        }
        var person = lock(
                tx, conversations, replies, found.get().lineId(), found.get().number());
        var now = optOuts.byId(tx.connection(), id).orElseThrow();
        if (now.state() != OptOutStore.State.SUSPECTED) {
            return Outcome.refused(Problem.conflict(
                    "already-decided",
                    "There is nothing to decide here: " + now.number() + " is "
                            + now.state().label() + "."));
        }
        var cause = Consent.Cause.user(actor.id());
        if (optedOut) {
            consent.optOut(tx, person, "confirmed", cause);
        } else {
            consent.optIn(tx, person, "dismissed", cause);
        }
        return Outcome.done(view(
                        tx.connection(),
                        List.of(optOuts.byId(tx.connection(), id).orElseThrow()),
                        actor)
                .getFirst());
    }

    private boolean isVisible(Tx tx, Account viewer, long id) throws SQLException {
        return optOuts.page(tx.connection(), List.of(visibleTo(viewer)), id + 1, 1).stream()
                .anyMatch(each -> each.id() == id);
    }

    /// Locks a number on a line with all its open conversations.
    static Consent.Person lock(Tx tx, ConversationStore conversations, ReplyStore replies, long lineId, String number)
            throws SQLException {
        replies.lockSender(tx, lineId, number);
        return new Consent.Person(
                lineId,
                number,
                lockOpen(tx, conversations, lineId, number).stream()
                        .filter(each -> each.participant(number)
                                .filter(participant -> !participant.hasLeft())
                                .isPresent())
                        .toList());
    }

    /// Locks all open conversations of a number on a line, by id, those that it left too.
    static List<Conversation> lockOpen(Tx tx, ConversationStore conversations, long lineId, String number)
            throws SQLException {
        var locked = new ArrayList<Conversation>();
        for (var each : conversations.openOf(tx.connection(), lineId, number)) {
            conversations.lock(tx, each.id()).filter(Conversation::isOpen).ifPresent(locked::add);
        }
        return locked;
    }
}
