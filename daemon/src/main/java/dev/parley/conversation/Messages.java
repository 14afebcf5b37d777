package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.contact.Numbers;
import dev.parley.line.Line;
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

/// The messages. A change that is refused has written nothing.
public final class Messages {

    /// Parts of one text: 3GPP TS 23.040 §9.2.3.24.1.
    static final int PARTS_MAX = 255;

    /// How far ahead a text can be planned.
    static final Duration SEND_AT_MAX = Duration.ofDays(366);

    private final Store store;
    private final LineChoice choice;
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
            LineChoice choice,
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
        this.choice = choice;
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

    /// Says something in an open conversation: to every participant but those who are blocked.
    public Outcome<MessageView> post(Account author, long conversationId, NewMessage wanted) {
        return store.transaction(tx -> Outcome.found(visible(tx, author, conversationId))
                .then(conversation -> Outcome.unless(
                        fault(wanted).or(() -> shut(conversation)), () -> post(tx, author, conversation, wanted))));
    }

    /// Why nothing can be said in it any more.
    private Optional<Problem> shut(Conversation conversation) {
        return closed().when(!conversation.isOpen())
                .or(() -> Problem.conflict(
                                "line-gone",
                                "The line of this conversation is not configured any more; nothing can be sent.")
                        .when(choice.configured(conversation.lineId()).isEmpty()));
    }

    private Outcome<MessageView> post(Tx tx, Account author, Conversation conversation, NewMessage wanted) {
        var plans = sending.plan(tx, conversation, wanted.text(), _ -> true);
        var open = plans.stream().filter(plan -> plan.block().isEmpty()).toList();
        return Outcome.unless(
                open.stream()
                        .flatMap(plan -> tooLong(plan.split()).stream())
                        .findFirst()
                        .or(() -> open.isEmpty() ? Optional.of(allBlocked(conversation, plans)) : Optional.empty()),
                () -> Outcome.done(views.said(sending.say(tx, conversation, Author.of(author), wanted, plans))));
    }

    /// A conversation as `tx` sees it, if this user may see it.
    Optional<Conversation> visible(Tx tx, Account viewer, long id) {
        var access = Access.of(viewer);
        return conversations
                .current(tx, id)
                .filter(each -> access.maySeeLine(each.lineId()))
                .filter(_ -> access.seesWholeLines() || access.maySeeConversation(tx.connection(), id));
    }

    static Problem closed() {
        return Problem.conflict(
                "conversation-closed", "This conversation is closed and can only be read. Create a new one.");
    }

    private static Problem allBlocked(Conversation conversation, List<Sending.Plan> plans) {
        var reasons = plans.stream()
                .map(plan -> plan.block()
                        .orElseThrow()
                        .reason("participants[" + plan.to().place() + "]", conversation.nameOf(plan.to())))
                .toList();
        return new Problem(
                409,
                "all-blocked",
                "Nobody in this conversation can be sent texts: "
                        + names(
                                conversation,
                                plans.stream().map(Sending.Plan::to).toList()) + ". "
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
        var first = wanted.sendAt().filter(at -> at.isAfter(now)).orElse(now);
        return Problem.invalid("text", "text-blank", "The text is empty; write something.")
                .when(wanted.text().isBlank())
                .or(() -> Problem.invalid(
                                "text",
                                "text-broken",
                                "The text holds a character that is none: NUL, or half of a surrogate pair.")
                        .when(Texts.isBroken(wanted.text())))
                .or(() -> Problem.invalid(
                                "sendAt",
                                "send-too-late",
                                "A text can be planned at most " + SEND_AT_MAX.toDays() + " days ahead.")
                        .when(first.isAfter(now.plus(SEND_AT_MAX))))
                .or(() -> Problem.invalid(
                                "expiresAt",
                                "expires-too-early",
                                "The text would expire before it is sent; give a later time.")
                        .when(wanted.expiresAt()
                                .filter(at -> !at.isAfter(first))
                                .isPresent()));
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
            var reason = block.reason("to", person.called());
            return Optional.of(new Problem(409, "all-blocked", reason.detail(), Optional.empty(), List.of(reason)));
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
        var unseen = conversations
                .openDirect(tx, lineId, person.number())
                .filter(there -> visible(tx, actor, there.id()).isEmpty());
        return Outcome.unless(
                unseen.map(_ -> Conversations.unassigned(actor, false).orElseGet(Problem::notFound)), () -> {
                    var found = conversations.direct(tx, lineId, person, Optional.of(actor.id()), clock.instant());
                    if (found.isNew()) {
                        sending.opened(tx, found.conversation().id());
                    }
                    return Outcome.done(found);
                });
    }

    /// A plain one-to-one text: opens the direct conversation where there is none.
    public Outcome<MessageView> postDirect(Account author, DirectMessage wanted) {
        return store.transaction(tx -> {
            var usable = choice.usable(author, wanted.line());
            return Outcome.unless(
                            Conversations.unknownLine(usable, wanted.line()).or(() -> fault(wanted.message())),
                            () -> recipient(
                                    tx, author, wanted.to(), usable.getFirst().country()))
                    .then(person -> lineTo(tx, usable, person.number())
                            .map(line -> postDirect(tx, author, line, person, wanted.message()))
                            .orElseGet(() -> Outcome.refused(Problem.invalid(
                                    "line",
                                    "line-needed",
                                    "There are several lines and no direct conversation with " + person.number()
                                            + " yet; say which line to send from."))));
        });
    }

    private Outcome<MessageView> postDirect(
            Tx tx, Account author, Line line, ConversationStore.Draft person, NewMessage wanted) {
        return Outcome.unless(
                        settings.refusal(line, person.number(), "to")
                                .map(Messages::recipientFault)
                                .or(() -> refusal(tx, line.id(), person, wanted.text())),
                        () -> openDirect(tx, author, line.id(), person))
                .map(found -> views.said(say(tx, found.conversation(), author, wanted)));
    }

    private static Problem recipientFault(Problem.Reason reason) {
        return Problem.invalid("to", reason.code(), reason.detail());
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
            return Outcome.unless(unassigned(author, false), () -> Outcome.done(ConversationStore.Draft.bare(digits)));
        }
        var checked = roster.check(tx, author, List.of(new NewParticipant.OfNumber(to, Optional.empty())), country);
        return Outcome.unless(
                checked.reasons().stream()
                        .findFirst()
                        .map(Messages::recipientFault)
                        .or(() -> unassigned(author, checked.assigned())),
                () -> Outcome.done(checked.people().getFirst()));
    }

    private static Optional<Problem> unassigned(Account author, boolean assigned) {
        return Conversations.unassigned(author, assigned)
                .map(problem -> Problem.invalid("to", problem.code(), problem.detail()));
    }

    public Outcome<MessageView> get(Account viewer, long id) {
        return store.read(connection ->
                Outcome.found(visible(connection, viewer, id)).map(found -> views.message(connection, found, viewer)));
    }

    /// A message that a user may see: in a conversation that it may see, or unrouted with such a
    /// candidate.
    public Optional<Message> visible(Connection connection, Account viewer, long id) {
        var access = Access.of(viewer).conversations("c");
        return messages.byId(connection, id)
                .filter(message ->
                        !messages.meeting(connection, message.places(), access).isEmpty());
    }

    /// Takes back every delivery of which nothing was handed over. Refused with `too-late` where there
    /// is none.
    public Outcome<MessageView> cancel(Account actor, long id) {
        return store.transaction(tx -> Outcome.found(visible(tx.connection(), actor, id))
                .then(message -> {
                    var before = sending.current(tx, id);
                    var waiting = before.stream()
                            .filter(Delivery::isWaiting)
                            .map(Delivery::id)
                            .toList();
                    int cancelled = sending.withdraw(tx, waiting, DeliveryStatus.CANCELLED, Optional.empty());
                    boolean isLate = cancelled == 0
                            && before.stream().noneMatch(each -> each.status() == DeliveryStatus.CANCELLED);
                    return isLate
                            ? Outcome.refused(Problem.conflict(
                                    "too-late",
                                    "Nothing of this message waits any more; what was handed over cannot be called"
                                            + " back."))
                            : Outcome.done(views.message(tx.connection(), message, actor));
                }));
    }

    /// Sends the failed deliveries once more, but to who is blocked by now. Refused with
    /// `nothing-failed` where there is none.
    public Outcome<MessageView> retry(Account actor, long id) {
        return store.transaction(tx -> Outcome.found(visible(tx.connection(), actor, id))
                .then(message -> Outcome.found(message.conversationId())
                        .then(there -> retry(
                                tx,
                                actor,
                                message,
                                conversations.current(tx, there).orElseThrow()))));
    }

    private Outcome<MessageView> retry(Tx tx, Account actor, Message message, Conversation conversation) {
        if (message.expiresAt().filter(at -> !at.isAfter(clock.instant())).isPresent()) {
            return Outcome.refused(Problem.conflict(
                    "expired", "This message has expired; write it again if it is still worth sending."));
        }
        if (!conversation.isOpen()) {
            return Outcome.refused(closed());
        }
        var blocked = blocks.of(tx, conversation);
        var failed = sending.current(tx, message.id()).stream()
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
        sending.triedAgain(tx, conversation.id(), message.id());
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
