package dev.parley.reply;

import dev.parley.account.Access;
import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.ConversationStore;
import dev.parley.conversation.Cursors;
import dev.parley.conversation.HoldReason;
import dev.parley.conversation.MessageStore;
import dev.parley.conversation.OptOutStore;
import dev.parley.conversation.Page;
import dev.parley.conversation.PageRequest;
import dev.parley.conversation.Sending;
import dev.parley.conversation.Views;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Who does not want texts of a line. Each change blocks or releases what waits for the number, in its
/// transaction.
public final class OptOuts {

    /// A wording that nobody has decided about counts as an opt-out then.
    public static final Duration DECISION = Duration.ofDays(1);

    private final Store store;
    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final Views views;
    private final Sending sending;
    private final Clock clock;

    OptOuts(Store store, ConversationServices shared, Clock clock) {
        this.store = store;
        this.conversations = shared.conversationStore();
        this.messages = shared.messageStore();
        this.optOuts = shared.optOutStore();
        this.views = shared.views();
        this.sending = shared.sending();
        this.clock = clock;
    }

    /// The numbers that ever said something about it, newest first: on lines that `viewer` may see, and
    /// for who sees only assigned contacts those of conversations that it may see.
    public Outcome<Page<OptOutView>> list(Account viewer, PageRequest page) {
        var before = page.cursor().flatMap(Cursors::id);
        if (page.cursor().isPresent() && before.isEmpty()) {
            return Outcome.refused(Cursors.bad());
        }
        return store.read(connection -> {
            var found =
                    optOuts.page(connection, List.of(visible(viewer)), before.orElse(Long.MAX_VALUE), page.limit() + 1);
            boolean more = found.size() > page.limit();
            var shown = more ? found.subList(0, page.limit()) : found;
            return Outcome.done(new Page<>(
                    views(connection, shown, viewer),
                    more ? Optional.of(Long.toString(shown.getLast().id())) : Optional.empty()));
        });
    }

    private static Condition visible(Account viewer) {
        var access = Access.of(viewer).conversations("c");
        if (viewer.isAdmin()
                || (viewer.scope() == AccessScope.ALL && viewer.lines().isEmpty())) {
            return new Condition("(TRUE)", List.of());
        }
        return new Condition(
                "(EXISTS (SELECT 1 FROM participant p JOIN conversation c ON c.id = p.conversation_id"
                        + " WHERE p.number = o.number AND p.line_id = o.line_id AND " + access.sql() + "))",
                access.parameters());
    }

    /// What a number wrote is shown to who may see all conversations that it may belong to.
    private List<OptOutView> views(Connection connection, List<OptOutStore.OptOut> shown, Account viewer) {
        var history = optOuts.history(
                connection, shown.stream().map(OptOutStore.OptOut::id).toList());
        var texts = new HashSet<Long>();
        history.values()
                .forEach(changes -> changes.forEach(each -> each.messageId().ifPresent(texts::add)));
        var access = Access.of(viewer);
        var visible = messages.byIds(connection, texts).stream()
                .filter(each -> each.isUnrouted()
                        || access.maySeeConversation(
                                connection, each.conversationId().orElseThrow()))
                .toList();
        var readable = views.messages(connection, visible, viewer).stream()
                .filter(each -> each.text().isPresent())
                .map(each -> Long.valueOf(each.id()))
                .collect(Collectors.toSet());
        return shown.stream()
                .map(each -> new OptOutView(
                        Long.toString(each.id()),
                        views.line(each.lineId()),
                        each.number(),
                        views.display(each.number(), each.lineId()),
                        each.state().label(),
                        each.since(),
                        each.decideBy(),
                        history.getOrDefault(each.id(), List.of()).stream()
                                .map(change -> shown(change, readable))
                                .toList()))
                .toList();
    }

    private static OptOutView.Change shown(OptOutStore.Change change, Set<Long> readable) {
        boolean isReadable = change.messageId().filter(readable::contains).isPresent();
        return new OptOutView.Change(
                change.at(),
                change.what(),
                change.accountName(),
                change.messageId().filter(_ -> isReadable).map(id -> Long.toString(id)),
                change.text().filter(_ -> isReadable));
    }

    /// A suspected opt-out is one: what waits for the number is blocked.
    public Outcome<OptOutView> confirm(Account actor, long id) {
        return store.transaction(tx -> decide(tx, actor, id, OptOutStore.State.OPTED_OUT, "confirmed"));
    }

    /// A suspected opt-out is none: what waits for the number goes on.
    public Outcome<OptOutView> dismiss(Account actor, long id) {
        return store.transaction(tx -> decide(tx, actor, id, OptOutStore.State.OPTED_IN, "dismissed"));
    }

    private Outcome<OptOutView> decide(Tx tx, Account actor, long id, OptOutStore.State state, String what) {
        var conditions = List.of(visible(actor), new Condition("(o.id = ?)", List.of(id)));
        var found = optOuts.page(tx.connection(), conditions, Long.MAX_VALUE, 1);
        if (found.isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        var now = found.getFirst();
        var access = Access.of(actor);
        for (var each : conversations.openOf(tx, now.lineId(), now.number())) {
            if (!access.maySeeConversation(tx.connection(), each.id())) {
                return Outcome.refused(Problem.forbidden(now.number()
                        + " is in conversations that you may not see, where this decision would hold too. Ask an"
                        + " admin to decide."));
            }
        }
        if (!now.isSuspected()) {
            return Outcome.refused(Problem.conflict(
                    "already-decided",
                    now.number() + " is " + now.state().label() + " by now; there is nothing to decide."));
        }
        settle(tx, now, state, what, Optional.of(actor.id()));
        var decided = optOuts.find(tx, now.lineId(), now.number()).orElseThrow();
        return Outcome.done(views(tx.connection(), List.of(decided), actor).getFirst());
    }

    private void settle(
            Tx tx, OptOutStore.OptOut suspected, OptOutStore.State state, String what, Optional<Long> accountId) {
        long lineId = suspected.lineId();
        var number = suspected.number();
        optOuts.put(
                tx,
                lineId,
                number,
                state,
                Optional.empty(),
                new OptOutStore.Change(
                        clock.instant(), what, accountId, Optional.empty(), suspected.messageId(), Optional.empty()));
        sending.recheck(tx, conversations.withNumber(tx, lineId, number));
        tell(tx, lineId, number, state == OptOutStore.State.OPTED_OUT ? OPTED_OUT : DISMISSED);
        sending.release(tx, lineId, number, HoldReason.WORDING);
    }

    private static final String OPTED_OUT = "opted out and gets no more messages of this line.";
    private static final String OPTED_IN = "opted in again and gets the messages of this line.";
    private static final String DISMISSED = "did not opt out, somebody decided: what waited is sent now.";
    private static final String SUSPECTED = "wrote what reads like an opt-out: nothing is sent there until somebody"
            + " confirms or dismisses it; after 24 hours it counts as opted out.";

    /// Adds a line to each thread that the number takes part in.
    private void tell(Tx tx, long lineId, String number, String what) {
        for (var conversation : conversations.openOf(tx, lineId, number)) {
            var participant = conversation.participant(number).filter(each -> !each.hasLeft());
            if (participant.isPresent()) {
                sending.system(tx, conversation, conversation.nameOf(participant.get()) + " " + what, Optional.empty());
            }
            sending.updated(tx, conversation.id());
        }
    }

    /// A number opts out by a keyword.
    ///
    /// @return whether it had not since it last opted in: then it gets the confirmation
    public boolean optOut(Tx tx, long lineId, String number, long messageId, String text) {
        boolean again = saidStop(tx, lineId, number);
        change(tx, lineId, number, OptOutStore.State.OPTED_OUT, messageId, text);
        return !again;
    }

    /// Whether it said so itself since it last opted in, if it ever did.
    private boolean saidStop(Tx tx, long lineId, String number) {
        return optOuts.find(tx, lineId, number)
                .map(OptOutStore.OptOut::id)
                .flatMap(id ->
                        optOuts.history(tx.connection(), List.of(id)).getOrDefault(id, List.of()).reversed().stream()
                                .map(OptOutStore.Change::what)
                                .filter(Set.of("opted-out", "opted-in", "dismissed")::contains)
                                .findFirst())
                .equals(Optional.of("opted-out"));
    }

    /// A number opts in again by a keyword.
    ///
    /// @return whether it had opted out, or was suspected to
    public boolean optIn(Tx tx, long lineId, String number, long messageId, String text) {
        return optOuts.find(tx, lineId, number)
                        .filter(before -> before.state() != OptOutStore.State.OPTED_IN)
                        .isPresent()
                && change(tx, lineId, number, OptOutStore.State.OPTED_IN, messageId, text);
    }

    private boolean change(Tx tx, long lineId, String number, OptOutStore.State state, long messageId, String text) {
        var before = optOuts.find(tx, lineId, number);
        optOuts.put(tx, lineId, number, state, Optional.empty(), said(state, messageId, text));
        if (before.filter(each -> each.state() == state).isPresent()) {
            return false;
        }
        // First what waits becomes blocked, then the hold ends: nothing slips out in between.
        sending.recheck(tx, conversations.withNumber(tx, lineId, number));
        sending.release(tx, lineId, number, HoldReason.WORDING);
        tell(tx, lineId, number, state == OptOutStore.State.OPTED_OUT ? OPTED_OUT : OPTED_IN);
        return true;
    }

    private OptOutStore.Change said(OptOutStore.State state, long messageId, String text) {
        return new OptOutStore.Change(
                clock.instant(),
                state.label(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(messageId),
                Optional.of(text));
    }

    /// A number wrote what reads like an opt-out: nothing goes to it until a user decides, or
    /// [#DECISION] is over. Means nothing for a number that has opted out.
    public void suspect(Tx tx, long lineId, String number, long messageId, String text) {
        var before = optOuts.find(tx, lineId, number);
        if (before.filter(OptOutStore.OptOut::isOptedOut).isPresent()) {
            return;
        }
        var suspected = before.filter(OptOutStore.OptOut::isSuspected);
        var state = OptOutStore.State.SUSPECTED;
        var decideBy = suspected.isPresent()
                ? suspected.get().decideBy()
                : Optional.of(clock.instant().plus(DECISION));
        optOuts.put(tx, lineId, number, state, decideBy, said(state, messageId, text));
        sending.hold(tx, lineId, number, HoldReason.WORDING);
        if (suspected.isEmpty()) {
            tell(tx, lineId, number, SUSPECTED);
        }
    }

    /// Counts suspected opt-outs that nobody decided in time as such. To be called now and then.
    ///
    /// @return how many
    public int expire(int limit) {
        var due = store.read(connection -> optOuts.due(connection, clock.instant(), limit));
        for (var each : due) {
            store.transaction(tx -> {
                optOuts.find(tx, each.lineId(), each.number())
                        .filter(OptOutStore.OptOut::isSuspected)
                        .ifPresent(now -> settle(tx, now, OptOutStore.State.OPTED_OUT, "expired", Optional.empty()));
                return Boolean.TRUE;
            });
        }
        return due.size();
    }
}
