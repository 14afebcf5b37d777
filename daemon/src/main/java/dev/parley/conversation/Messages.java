package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.sms.Split;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The messages. Those with a `tx` join the caller's transaction; refused, they have written nothing.
public final class Messages {

    /// Parts of one text: 3GPP TS 23.040 §9.2.3.24.1.
    static final int PARTS_MAX = 255;

    /// How far ahead a text can be planned.
    static final Duration SEND_AT_MAX = Duration.ofDays(366);

    private final Store store;
    private final Lines lines;
    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final Roster roster;
    private final Blocks blocks;
    private final Views views;
    private final Sending sending;
    private final Outbox outbox;
    private final ConversationSettings settings;
    private final Clock clock;

    Messages(
            Store store,
            Lines lines,
            ConversationStore conversations,
            MessageStore messages,
            OptOutStore optOuts,
            Roster roster,
            Blocks blocks,
            Views views,
            Sending sending,
            Outbox outbox,
            ConversationSettings settings,
            Clock clock) {
        this.store = store;
        this.lines = lines;
        this.conversations = conversations;
        this.messages = messages;
        this.optOuts = optOuts;
        this.roster = roster;
        this.blocks = blocks;
        this.views = views;
        this.sending = sending;
        this.outbox = outbox;
        this.settings = settings;
        this.clock = clock;
    }

    public Outcome<MessageView> post(Account author, long conversationId, NewMessage wanted) {
        return store.transaction(tx -> post(tx, author, conversationId, wanted));
    }

    /// Says something in an open conversation: to every participant but those who are blocked.
    public Outcome<MessageView> post(Tx tx, Account author, long conversationId, NewMessage wanted) {
        var found = visible(tx, author, conversationId);
        if (found.isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        var fault = fault(wanted);
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        var conversation = found.get();
        if (!conversation.isOpen()) {
            return Outcome.refused(closed());
        }
        if (lines.all().stream().noneMatch(line -> line.id() == conversation.lineId())) {
            return Outcome.refused(Problem.conflict(
                    "line-gone", "The line of this conversation is not configured any more; nothing can be sent."));
        }
        var plans = sending.plan(tx, conversation, wanted.text(), _ -> true);
        var refusal = plans.stream()
                .filter(plan -> plan.block().isEmpty())
                .flatMap(plan -> tooLong(plan.split()).stream())
                .findFirst();
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        if (plans.stream().allMatch(plan -> plan.block().isPresent())) {
            return Outcome.refused(allBlocked(
                    conversation, plans.stream().map(Sending.Plan::to).toList(), plans));
        }
        return Outcome.done(views.said(sending.say(tx, conversation, Author.of(author), wanted, plans)));
    }

    /// A conversation as `tx` sees it, if this user may see it.
    private Optional<Conversation> visible(Tx tx, Account viewer, long id) {
        var access = Access.of(viewer);
        var found = conversations.current(tx, id).filter(each -> access.maySeeLine(each.lineId()));
        return found.isEmpty() || access.seesWholeLines() || access.maySeeConversation(tx.connection(), id)
                ? found
                : Optional.empty();
    }

    static Problem closed() {
        return Problem.conflict(
                "conversation-closed", "This conversation is closed and can only be read. Create a new one.");
    }

    private static Problem allBlocked(Conversation conversation, List<Participant> people, List<Sending.Plan> plans) {
        var reasons = plans.stream()
                .map(plan -> {
                    var block = plan.block().orElseThrow();
                    return new Problem.Reason(
                            "participants[" + plan.to().place() + "]",
                            block.label(),
                            conversation.nameOf(plan.to()) + " " + block.phrase() + ".");
                })
                .toList();
        return new Problem(
                409,
                "all-blocked",
                "Nobody in this conversation can be sent texts: " + names(conversation, people) + ". "
                        + reasons.stream().map(Problem.Reason::detail).collect(Collectors.joining(" ")),
                Optional.empty(),
                reasons);
    }

    static String names(Conversation conversation, Collection<Participant> people) {
        return people.stream().map(conversation::nameOf).collect(Collectors.joining(", "));
    }

    /// What is wrong with a text whoever it goes to.
    Optional<Problem> fault(NewMessage wanted) {
        var now = clock.instant();
        if (wanted.text().isBlank()) {
            return Optional.of(Problem.invalid("text", "text-blank", "The text is empty; write something."));
        }
        if (Texts.isBroken(wanted.text())) {
            return Optional.of(Problem.invalid(
                    "text",
                    "text-broken",
                    "The text holds a character that is none: NUL, or half of a surrogate pair."));
        }
        if (wanted.sendAt().filter(at -> at.isAfter(now.plus(SEND_AT_MAX))).isPresent()) {
            return Optional.of(Problem.invalid(
                    "sendAt",
                    "send-too-late",
                    "A text can be planned at most " + SEND_AT_MAX.toDays() + " days ahead."));
        }
        var first = wanted.sendAt().filter(at -> at.isAfter(now)).orElse(now);
        if (wanted.expiresAt().filter(at -> !at.isAfter(first)).isPresent()) {
            return Optional.of(Problem.invalid(
                    "expiresAt", "expires-too-early", "The text would expire before it is sent; give a later time."));
        }
        return Optional.empty();
    }

    Optional<Problem> tooLong(Split split) {
        return switch (split) {
            case Split.Parts _ -> Optional.empty();
            case Split.TooLong(int parts) ->
                Optional.of(Problem.invalid(
                        "text",
                        "text-too-long",
                        "This text needs " + parts + " SMS; at most " + PARTS_MAX + " are possible. Shorten it."));
        };
    }

    /// Why a text cannot go to one person on a line.
    Optional<Problem> refusal(Tx tx, long lineId, ConversationStore.Draft person, String text) {
        var block = blocks.ofNew(tx, lineId, List.of(person)).get(person.number());
        if (block != null) {
            var name = person.name().isEmpty() ? person.number() : person.name();
            var detail = name + " " + block.phrase() + ".";
            return Optional.of(new Problem(
                    409,
                    "all-blocked",
                    detail,
                    Optional.empty(),
                    List.of(new Problem.Reason("to", block.label(), detail))));
        }
        return tooLong(sending.split(text, lineId));
    }

    /// Says what was checked before.
    Sending.Said say(Tx tx, Conversation conversation, Account author, NewMessage wanted) {
        return sending.say(
                tx, conversation, Author.of(author), wanted, sending.plan(tx, conversation, wanted.text(), _ -> true));
    }

    /// The open direct conversation with somebody, made where there is none; refused with `not-assigned` where
    /// there is one that the actor may not see.
    Outcome<ConversationStore.Found> openDirect(Tx tx, Account actor, long lineId, ConversationStore.Draft person) {
        var there = conversations.openDirect(tx, lineId, person.number());
        if (there.isPresent() && visible(tx, actor, there.get().id()).isEmpty()) {
            return Outcome.refused(Conversations.unassigned(actor, false).orElseGet(Problem::notFound));
        }
        var found = conversations.direct(tx, lineId, person, Optional.of(actor.id()), clock.instant());
        if (found.isNew()) {
            sending.opened(tx, found.conversation().id());
        }
        return Outcome.done(found);
    }

    public Outcome<MessageView> postDirect(Account author, DirectMessage wanted) {
        return store.transaction(tx -> postDirect(tx, author, wanted));
    }

    /// A plain one-to-one text: opens the direct conversation where there is none.
    public Outcome<MessageView> postDirect(Tx tx, Account author, DirectMessage wanted) {
        var access = Access.of(author);
        var usable = lines.all().stream()
                .filter(line -> access.maySeeLine(line.id()))
                .filter(line -> wanted.line().isEmpty() || wanted.line().get() == line.id())
                .toList();
        if (usable.isEmpty()) {
            return Outcome.refused(Conversations.unknownLine(wanted.line()));
        }
        var fault = fault(wanted.message());
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        return switch (recipient(tx, author, wanted.to(), usable.getFirst().country())) {
            case Outcome.Refused<ConversationStore.Draft>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<ConversationStore.Draft>(var person) -> {
                var line = lineTo(tx, usable, person.number());
                yield line.isPresent()
                        ? postDirect(tx, author, line.get(), person, wanted.message())
                        : Outcome.refused(Problem.invalid(
                                "line",
                                "line-needed",
                                "There are several lines and no direct conversation with " + person.number()
                                        + " yet; say which line to send from."));
            }
        };
    }

    private Outcome<MessageView> postDirect(
            Tx tx, Account author, Line line, ConversationStore.Draft person, NewMessage wanted) {
        var barred = settings.refusal(line, person.number(), "to");
        if (barred.isPresent()) {
            return Outcome.refused(
                    Problem.invalid("to", barred.get().code(), barred.get().detail()));
        }
        var refusal = refusal(tx, line.id(), person, wanted.text());
        if (refusal.isPresent()) {
            return Outcome.refused(refusal.get());
        }
        return switch (openDirect(tx, author, line.id(), person)) {
            case Outcome.Refused<ConversationStore.Found>(var problem) -> Outcome.refused(problem);
            case Outcome.Done<ConversationStore.Found>(var found) ->
                Outcome.done(views.said(say(tx, found.conversation(), author, wanted)));
        };
    }

    /// The only line, or the one last used with this number.
    private Optional<Line> lineTo(Tx tx, List<Line> usable, String number) {
        if (usable.size() == 1) {
            return Optional.of(usable.getFirst());
        }
        return conversations.linesOfDirect(tx, number).stream()
                .flatMap(id -> usable.stream().filter(line -> line.id() == id))
                .findFirst();
    }

    private Outcome<ConversationStore.Draft> recipient(Tx tx, Account author, String to, String country) {
        if (Numbers.parse(to, country) instanceof Numbers.Parsed.ShortCode(var digits)) {
            var refusal = unassigned(author, false);
            return refusal.isPresent()
                    ? Outcome.refused(refusal.get())
                    : Outcome.done(ConversationStore.Draft.bare(digits));
        }
        var checked = roster.check(tx, author, List.of(new NewParticipant.OfNumber(to, Optional.empty())), country);
        if (!checked.reasons().isEmpty()) {
            var reason = checked.reasons().getFirst();
            return Outcome.refused(Problem.invalid("to", reason.code(), reason.detail()));
        }
        var refusal = unassigned(author, checked.assigned());
        return refusal.isPresent()
                ? Outcome.refused(refusal.get())
                : Outcome.done(checked.people().getFirst());
    }

    private static Optional<Problem> unassigned(Account author, boolean assigned) {
        return Conversations.unassigned(author, assigned)
                .map(problem -> Problem.invalid("to", problem.code(), problem.detail()));
    }

    public Outcome<MessageView> get(Account viewer, long id) {
        return store.read(connection -> {
            var found = visible(connection, viewer, id);
            return found.isPresent()
                    ? Outcome.done(views.message(connection, found.get(), viewer))
                    : Outcome.<MessageView>refused(Problem.notFound());
        });
    }

    /// A message that a user may see: in a conversation that it may see, or unrouted with such a
    /// candidate.
    public Optional<Message> visible(Connection connection, Account viewer, long id) {
        var found = messages.byId(connection, id);
        if (found.isEmpty()) {
            return found;
        }
        return messages.meeting(
                                connection,
                                found.get().places(),
                                Access.of(viewer).conversations("c"))
                        .isEmpty()
                ? Optional.empty()
                : found;
    }

    public Outcome<MessageView> cancel(Account actor, long id) {
        return store.transaction(tx -> cancel(tx, actor, id));
    }

    /// Takes back every delivery of which nothing was handed over. Refused with `too-late` where there
    /// is none.
    public Outcome<MessageView> cancel(Tx tx, Account actor, long id) {
        var found = visible(tx.connection(), actor, id);
        if (found.isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        var before = sending.current(tx, id);
        var waiting =
                before.stream().filter(Delivery::isWaiting).map(Delivery::id).toList();
        int cancelled = sending.withdraw(tx, waiting, DeliveryStatus.CANCELLED, Optional.empty());
        if (cancelled == 0 && before.stream().noneMatch(each -> each.status() == DeliveryStatus.CANCELLED)) {
            return Outcome.refused(Problem.conflict(
                    "too-late", "Nothing of this message waits any more; what was handed over cannot be called back."));
        }
        return Outcome.done(views.message(tx.connection(), found.get(), actor));
    }

    public Outcome<MessageView> retry(Account actor, long id) {
        return store.transaction(tx -> retry(tx, actor, id));
    }

    /// Sends the failed deliveries once more, but to who is blocked by now. Refused with
    /// `nothing-failed` where there is none.
    public Outcome<MessageView> retry(Tx tx, Account actor, long id) {
        var found = visible(tx.connection(), actor, id);
        if (found.isEmpty() || found.get().conversationId().isEmpty()) {
            return Outcome.refused(Problem.notFound());
        }
        var message = found.get();
        if (message.expiresAt().filter(at -> !at.isAfter(clock.instant())).isPresent()) {
            return Outcome.refused(Problem.conflict(
                    "expired", "This message has expired; write it again if it is still worth sending."));
        }
        var conversation = conversations
                .current(tx, message.conversationId().orElseThrow())
                .orElseThrow();
        if (!conversation.isOpen()) {
            return Outcome.refused(closed());
        }
        var blocked = blocks.of(tx, conversation);
        var failed = sending.current(tx, id).stream()
                .filter(each -> each.status() == DeliveryStatus.FAILED)
                .filter(each -> conversation.participant(each.participantId()).isPresent())
                .filter(each -> !blocked.containsKey(each.participantId()))
                .toList();
        var retried = new ArrayList<Long>();
        for (var each : failed) {
            if (outbox.retry(tx, each.id()) && messages.retried(tx, each.id(), clock.instant())) {
                retried.add(each.id());
            }
        }
        if (retried.isEmpty()) {
            return Outcome.refused(Problem.conflict(
                    "nothing-failed", "No delivery of this message has failed that could be tried again."));
        }
        holdAgain(tx, conversation, failed, retried);
        sending.changed(tx, retried);
        sending.triedAgain(tx, conversation.id(), id);
        return Outcome.done(views.message(tx.connection(), message, actor));
    }

    /// What goes to a number that nothing goes to for now waits, a second try too.
    private void holdAgain(Tx tx, Conversation conversation, List<Delivery> failed, List<Long> retried) {
        var held = optOuts.held(
                tx, conversation.lineId(), failed.stream().map(Delivery::number).toList());
        var waiting = failed.stream()
                .filter(each -> held.contains(each.number()))
                .map(Delivery::id)
                .filter(retried::contains)
                .toList();
        sending.setHeld(tx, waiting, true);
    }

    /// Deletes some messages that are older than `before` and have nothing on its way, with their
    /// deliveries.
    ///
    /// @return how many; 0 when there are no more
    public int deleteBite(Instant before, int limit) {
        return store.transaction(tx -> messages.deleteOld(tx, before, limit));
    }
}
