package dev.parley.reply;

import dev.parley.conversation.Conversation;
import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.ConversationSettings;
import dev.parley.conversation.ConversationStore;
import dev.parley.conversation.HoldReason;
import dev.parley.conversation.InboundText;
import dev.parley.conversation.Message;
import dev.parley.conversation.MessageKind;
import dev.parley.conversation.MessageStore;
import dev.parley.conversation.OptOutStore;
import dev.parley.conversation.Participant;
import dev.parley.conversation.Relay;
import dev.parley.conversation.Roster;
import dev.parley.conversation.Routing;
import dev.parley.conversation.Sending;
import dev.parley.conversation.Tags;
import dev.parley.conversation.Texts;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What becomes of the texts that people send to our lines: each is stored once, obeyed if it is a
/// keyword, placed by [ReplyRouting] with its evidence, and relayed where that is right.
///
/// All that concerns one number on one line happens one after the other, for all writes of a node do.
public final class Replies implements TextReceiver {

    /// How long a question can be answered, and a text that waits is asked about.
    static final Duration QUESTION_VALID = Duration.ofHours(24);

    /// How often a thread is told that a participant's texts loop.
    private static final Duration LOOP_SILENCE = Duration.ofHours(1);

    /// What one sweep does of each kind; the next one does more.
    private static final int SWEEP_MAX = 100;

    /// More conversations than this fit no question.
    private static final int CHOICES_MAX = 20;

    /// As long as the column; no address is longer (3GPP TS 23.040 §9.1.2.5).
    private static final int SENDER_MAX = 20;

    private final Store store;
    private final Lines lines;
    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final ReplyStore replies = new ReplyStore();
    private final Roster roster;
    private final Sending sending;
    private final OptOuts consent;
    private final Keywords keywords;
    private final ConversationSettings settings;
    private final Clock clock;
    private final ReplyRouting.Settings routing;

    Replies(
            Store store,
            Lines lines,
            ConversationServices shared,
            OptOuts consent,
            Keywords keywords,
            ConversationSettings settings,
            Clock clock) {
        this.store = store;
        this.lines = lines;
        this.conversations = shared.conversationStore();
        this.messages = shared.messageStore();
        this.optOuts = shared.optOutStore();
        this.roster = shared.roster();
        this.sending = shared.sending();
        this.consent = consent;
        this.keywords = keywords;
        this.settings = settings;
        this.clock = clock;
        this.routing = new ReplyRouting.Settings(settings.replyWindow(), settings.evidenceMargin());
    }

    @Override
    public void received(Tx tx, InboundText text) {
        var sender = text.sender().isBlank() ? "unknown" : Texts.cut(text.sender(), SENDER_MAX);
        sending.writeProgress(tx); // what was handed over before this text came is evidence
        var here = situation(tx, text.with(sender, text.text().replace("\0", "")));
        if (lines.byNumber(sender).isPresent()) {
            fromOwnLine(tx, here);
            return;
        }
        switch (keywords.read(here.text().text())) {
            case Keyword.Stop() -> stop(tx, here);
            case Keyword.Start() -> start(tx, here);
            case Keyword.Yes() -> {
                if (here.isOptedOut()) {
                    start(tx, here);
                } else {
                    plain(tx, here);
                }
            }
            case Keyword.Help() -> help(tx, here);
            case Keyword.Leave(var tag) -> leave(tx, here, tag);
            case Keyword.Join(int tag) -> join(tx, here, tag);
            case Keyword.Answer(int tag) -> answer(tx, here, tag);
            case Keyword.FreerOptOut() -> freer(tx, here);
            case Keyword.None() -> plain(tx, here);
        }
    }

    private Situation situation(Tx tx, InboundText text) {
        return new Situation(
                text,
                conversations.openOf(tx, text.lineId(), text.sender()),
                optOuts.find(tx, text.lineId(), text.sender()));
    }

    // Placing

    private ReplyRouting.Placement decide(Connection connection, Situation here, List<Conversation> candidates) {
        var reply = here.text();
        var weighed = candidates.stream()
                .map(each -> new ReplyRouting.Candidate(
                        each.id(),
                        each.tag().orElse(Tags.DIRECT),
                        replies.handedOver(
                                connection,
                                here.sender(each).id(),
                                reply.arrivedAt(),
                                text -> text.heardBefore(reply, routing))))
                .toList();
        return ReplyRouting.decide(
                reply, weighed, replies.latestAnswer(connection, here.lineId(), here.number()), routing);
    }

    /// Where a text was placed.
    private record Placed(Conversation conversation, Message message) {}

    /// An ordinary text.
    private void plain(Tx tx, Situation here) {
        var placement = decide(tx.connection(), here, here.candidates());
        if (placement instanceof ReplyRouting.Placement.Unrouted) {
            var waiting = unrouted(tx, here, MessageKind.NORMAL, placement);
            ask(tx, here, conversation(tx, here, placement), waiting);
        } else {
            var placed =
                    put(tx, here, MessageKind.NORMAL, placement, placement.how().label());
            relay(tx, placed.message(), placed.conversation(), here.sender(placed.conversation()));
        }
    }

    private Message unrouted(Tx tx, Situation here, MessageKind kind, ReplyRouting.Placement placement) {
        var evidence = evidence(here, placement, placement.how().label());
        return sending.unrouted(tx, here.candidates(), kind, here.text(), evidence);
    }

    /// Where a text belongs; in doubt the conversation that was heard last.
    private Conversation conversation(Tx tx, Situation here, ReplyRouting.Placement placement) {
        return switch (placement) {
            case ReplyRouting.Placement.To to -> here.conversation(to.conversation());
            case ReplyRouting.Placement.ToNewDirect _ -> opened(tx, here);
            case ReplyRouting.Placement.Unrouted unrouted ->
                here.conversation(unrouted.candidates().stream()
                        .max(Comparator.comparing(each -> each.heardAt().orElse(Instant.MIN)))
                        .orElseThrow()
                        .conversation());
        };
    }

    private Placed put(Tx tx, Situation here, MessageKind kind, ReplyRouting.Placement placement, String how) {
        var conversation = conversation(tx, here, placement);
        return put(tx, here, conversation, kind, placement.text(), evidence(here, placement, how));
    }

    private Placed put(
            Tx tx, Situation here, Conversation conversation, MessageKind kind, String shown, Routing routing) {
        var sender = here.sender(conversation);
        return new Placed(conversation, sending.received(tx, conversation, sender, kind, here.text(), shown, routing));
    }

    /// The direct conversation with a sender, opened if there is none.
    private Conversation opened(Tx tx, Situation here) {
        var found = conversations.direct(
                tx, here.lineId(), roster.known(tx, here.number()), Optional.empty(), clock.instant());
        if (found.isNew()) {
            sending.opened(tx, found.conversation().id());
        }
        return found.conversation();
    }

    private Routing evidence(Situation here, ReplyRouting.Placement placement, String how) {
        var evidence = new LinkedHashMap<String, Object>();
        var reply = here.text();
        evidence.put("arrivedAt", reply.arrivedAt().toString());
        reply.scts().ifPresent(scts -> evidence.put("scts", scts.toString()));
        evidence.put("sentAt", ReplyRouting.sentAt(reply, routing).toString());
        if (placement instanceof ReplyRouting.Placement.Unrouted unrouted) {
            evidence.put("why", unrouted.why().label());
        }
        evidence.put(
                "candidates",
                placement.candidates().stream()
                        .map(each -> {
                            var shown = new LinkedHashMap<String, Object>();
                            shown.put("conversation", Long.toString(each.conversation()));
                            shown.put("tag", "#" + each.tag());
                            each.heardAt().ifPresent(at -> shown.put("heardAt", at.toString()));
                            return shown;
                        })
                        .toList());
        return new Routing(
                how,
                placement.candidates().stream()
                        .map(ReplyRouting.Weighed::conversation)
                        .toList(),
                evidence);
    }

    // Relay

    /// Relays a text of one participant of a group to the others, unless it loops.
    private void relay(Tx tx, Message message, Conversation conversation, Participant sender) {
        if (!conversation.isGroup()
                || conversation.relay() != Relay.ALL
                || message.kind() != MessageKind.NORMAL
                || message.text().isBlank()) {
            return;
        }
        var now = clock.instant();
        var loop = LoopGuard.looksLike(
                sender.number(),
                message.text(),
                now,
                lines.all().stream().map(Line::number).toList(),
                replies.sentTo(tx.connection(), sender.id(), now.minus(LoopGuard.ECHO_WINDOW)),
                replies.relayed(tx.connection(), sender, now.minus(LoopGuard.WINDOW), LoopGuard.RELAYED_MAX + 1));
        if (loop.isPresent()) {
            stopLoop(tx, message, conversation, sender, loop.get());
        } else {
            sending.relay(tx, message, conversation, sender);
        }
    }

    private void stopLoop(Tx tx, Message message, Conversation conversation, Participant sender, LoopGuard.Loop loop) {
        var now = clock.instant();
        if (replies.loopStopped(tx, sender.id(), now, now.minus(LOOP_SILENCE))) {
            sending.system(
                    tx,
                    conversation,
                    "A text of " + conversation.nameOf(sender) + " was not relayed, because " + loop.reason()
                            + ": this looks like a loop.",
                    Optional.of(message.id()));
            sending.updated(tx, conversation.id());
        }
    }

    /// One of our lines texts another: shown, and nothing else, for whatever we answer comes back.
    private void fromOwnLine(Tx tx, Situation here) {
        var placement = new ReplyRouting.Placement.ToNewDirect(
                ReplyRouting.How.NEW_DIRECT, here.text().text(), List.of());
        var placed = put(tx, here, MessageKind.NORMAL, placement, "own-line");
        var direct = placed.conversation();
        stopLoop(tx, placed.message(), direct, here.sender(direct), LoopGuard.Loop.OWN_LINE);
    }

    // Keywords

    /// Shows a keyword message in the thread that it most likely answers. It is never relayed, so a
    /// wrong guess tells nobody anything; what it does does not depend on the thread.
    private Placed shown(Tx tx, Situation here) {
        var placement = decide(tx.connection(), here, here.current());
        var how = placement instanceof ReplyRouting.Placement.Unrouted
                ? "keyword"
                : placement.how().label();
        return put(tx, here, MessageKind.KEYWORD, placement, how);
    }

    private void stop(Tx tx, Situation here) {
        var shown = shown(tx, here);
        withdrawQuestion(tx, here);
        long message = shown.message().id();
        if (consent.optOut(
                tx, here.lineId(), here.number(), message, here.text().text())) {
            automatic(tx, here, shown, MessageKind.OPTED_OUT, AutomaticTexts.OPTED_OUT);
        }
    }

    private void start(Tx tx, Situation here) {
        var shown = shown(tx, here);
        if (here.isOptedOut() || here.isSuspected()) {
            long message = shown.message().id();
            consent.optIn(tx, here.lineId(), here.number(), message, here.text().text());
        }
        if (here.isOptedOut()) {
            automatic(tx, here, shown, MessageKind.OPTED_IN, AutomaticTexts.OPTED_IN);
        }
    }

    private void help(Tx tx, Situation here) {
        var line = lines.byId(here.lineId()).orElseThrow();
        var help = settings.help().getOrDefault(line.number(), AutomaticTexts.help(line.name()));
        automatic(tx, here, shown(tx, here), MessageKind.HELP, help);
    }

    private void automatic(Tx tx, Situation here, Placed to, MessageKind kind, String text) {
        var cause = Optional.of(to.message().id());
        sending.automatic(tx, to.conversation(), here.sender(to.conversation()), kind, text, cause);
    }

    private void freer(Tx tx, Situation here) {
        // A machine that advertises "unsubscribe" asks for nothing, and who is opted out already has what it asks for.
        if (here.isOptedOut() || !here.number().startsWith("+")) {
            plain(tx, here);
            return;
        }
        var placement = decide(tx.connection(), here, here.candidates());
        // In doubt it may say more than that, to whom we do not know: it waits like any other, and is relayed to
        // nobody.
        var message = placement instanceof ReplyRouting.Placement.Unrouted
                ? unrouted(tx, here, MessageKind.KEYWORD, placement)
                : shown(tx, here).message();
        consent.suspect(
                tx, here.lineId(), here.number(), message.id(), here.text().text());
    }

    private void leave(Tx tx, Situation here, Optional<Integer> tag) {
        var named = here.groups().stream()
                .filter(each -> tag.isEmpty() || each.tag().equals(tag))
                .toList();
        if (named.isEmpty()) {
            var leftBefore = tag.flatMap(each -> groupOf(here, each));
            if (leftBefore.isPresent()) {
                keywordIn(tx, here, leftBefore.get(), "tag");
            } else {
                plain(tx, here);
            }
        } else if (named.size() == 1) {
            var group = named.getFirst();
            long cause = keywordIn(tx, here, group, tag.isPresent() ? "tag" : "only-candidate");
            left(tx, group, here.number(), Optional.of(cause));
        } else {
            askWhichToLeave(tx, here, named, shown(tx, here));
        }
    }

    /// Shows a keyword message in the group that it names.
    ///
    /// @return the id of the message
    private long keywordIn(Tx tx, Situation here, Conversation group, String how) {
        var reply = here.text();
        var evidence = Map.<String, Object>of(
                "arrivedAt", reply.arrivedAt().toString(),
                "sentAt", ReplyRouting.sentAt(reply, routing).toString());
        var candidates = here.current().stream().map(Conversation::id).toList();
        var routing = new Routing(how, candidates, evidence);
        return put(tx, here, group, MessageKind.KEYWORD, reply.text(), routing)
                .message()
                .id();
    }

    /// The open group of the sender with this tag, be it that it left.
    private static Optional<Conversation> groupOf(Situation here, int tag) {
        return here.open().stream()
                .filter(each -> each.tag().equals(Optional.of(tag)))
                .findFirst();
    }

    private void left(Tx tx, Conversation group, String number, Optional<Long> cause) {
        var participant = group.participant(number).orElseThrow();
        conversations.setLeft(tx, participant, Optional.of(clock.instant()));
        sending.recheck(tx, List.of(participant));
        sending.system(tx, group, group.nameOf(participant) + " left the group.", cause);
        sending.updated(tx, group.id());
        sending.automatic(
                tx,
                group,
                participant,
                MessageKind.LEFT,
                AutomaticTexts.left(group.tag().orElseThrow(), group.shownTitle()),
                cause);
    }

    private void join(Tx tx, Situation here, int tag) {
        var group = groupOf(here, tag);
        if (group.isEmpty()) {
            plain(tx, here);
            return;
        }
        if (!here.sender(group.get()).hasLeft()) {
            keywordIn(tx, here, group.get(), "tag");
            return;
        }
        conversations.setLeft(tx, here.sender(group.get()), Optional.empty());
        var joined = conversations.current(tx, group.get().id()).orElseThrow();
        var cause = Optional.of(keywordIn(tx, here, joined, "tag"));
        var participant = here.sender(joined);
        sending.system(tx, joined, joined.nameOf(participant) + " is back in the group.", cause);
        sending.updated(tx, joined.id());
        sending.automatic(
                tx, joined, participant, MessageKind.JOINED, AutomaticTexts.joined(tag, joined.shownTitle()), cause);
    }

    // Questions

    /// Asks where a text belongs, if asking is on, nothing is open, and the sender may be asked.
    ///
    /// @param host shows that it was asked
    private void ask(Tx tx, Situation here, Conversation host, Message waiting) {
        var choices = here.candidates();
        if (!settings.ask()
                || here.isSuspected()
                || choices.size() > CHOICES_MAX
                || openQuestion(tx, here, clock.instant()).isPresent()) {
            return;
        }
        var asked = question(
                tx,
                here,
                host,
                AutomaticTexts.question(choices(choices)),
                "Asked which conversation a text belongs to.",
                waiting);
        if (asked.isPresent()) {
            opens(tx, here, ReplyStore.QuestionKind.PLACE, asked, choices);
        }
    }

    /// Sending waits for the answer, be it that the question itself may not go now: the sender knows
    /// the tags.
    private void askWhichToLeave(Tx tx, Situation here, List<Conversation> groups, Placed placed) {
        withdrawQuestion(tx, here);
        // First, or the question would wait for its own answer.
        sending.hold(tx, here.lineId(), here.number(), HoldReason.LEAVE);
        var asked = question(
                tx,
                here,
                placed.conversation(),
                AutomaticTexts.leaveQuestion(choices(groups)),
                "Asked which group to leave.",
                placed.message());
        opens(tx, here, ReplyStore.QuestionKind.LEAVE, asked, groups);
        for (var group : groups) {
            sending.system(
                    tx,
                    group,
                    group.nameOf(here.sender(group)) + " wants to leave a group and was asked which one."
                            + " Messages there wait for the answer.",
                    Optional.of(placed.message().id()));
        }
    }

    private Optional<Long> question(
            Tx tx, Situation here, Conversation host, String question, String shown, Message cause) {
        var to = List.of(here.sender(host));
        return sending.automatic(tx, host, to, MessageKind.QUESTION, question, shown, Optional.of(cause.id()))
                .map(Message::id);
    }

    private static List<AutomaticTexts.Choice> choices(List<Conversation> conversations) {
        return conversations.stream()
                .map(each -> new AutomaticTexts.Choice(each.tag().orElse(Tags.DIRECT), each.shownTitle()))
                .sorted(Comparator.comparing(each -> each.tag() == Tags.DIRECT ? Integer.MAX_VALUE : each.tag()))
                .toList();
    }

    private void opens(
            Tx tx, Situation here, ReplyStore.QuestionKind kind, Optional<Long> message, List<Conversation> named) {
        var now = clock.instant();
        var choices = new HashMap<Integer, Long>();
        named.forEach(each -> choices.put(each.tag().orElse(Tags.DIRECT), each.id()));
        var expiresAt = now.plus(QUESTION_VALID);
        replies.ask(
                tx, new ReplyStore.Question(0, here.lineId(), here.number(), kind, message, expiresAt, choices), now);
    }

    /// The question that is open at `at`; one whose time is over is closed.
    private Optional<ReplyStore.Question> openQuestion(Tx tx, Situation here, Instant at) {
        var question = replies.openQuestion(tx.connection(), here.lineId(), here.number());
        if (question.isPresent() && !at.isBefore(question.get().expiresAt())) {
            expire(tx, question.get(), here.open());
            return Optional.empty();
        }
        return question;
    }

    private void withdrawQuestion(Tx tx, Situation here) {
        var question = replies.openQuestion(tx.connection(), here.lineId(), here.number());
        if (question.isPresent()) {
            replies.closed(tx, question.get().id(), false);
            if (question.get().kind() == ReplyStore.QuestionKind.LEAVE) {
                sending.release(tx, here.lineId(), here.number(), HoldReason.LEAVE);
            }
        }
    }

    /// A bare number or tag: the answer to the open question if it names one of its choices, else an
    /// ordinary text.
    private void answer(Tx tx, Situation here, int tag) {
        var question = openQuestion(tx, here, here.text().arrivedAt());
        var named = question.flatMap(each -> Optional.ofNullable(each.choices().get(tag)))
                .flatMap(id -> here.candidates().stream()
                        .filter(each -> each.id() == id)
                        .findFirst())
                .filter(_ -> wasHeard(tx.connection(), here, question.orElseThrow()));
        if (named.isEmpty()) {
            plain(tx, here);
            return;
        }
        var conversation = named.get();
        var answered = question.orElseThrow();
        long cause = keywordIn(tx, here, conversation, ReplyRouting.How.ANSWER.label());
        replies.answered(tx, answered.id(), conversation.id(), here.text().arrivedAt());
        switch (answered.kind()) {
            case LEAVE -> {
                left(tx, conversation, here.number(), Optional.of(cause));
                sending.release(tx, here.lineId(), here.number(), HoldReason.LEAVE);
            }
            case PLACE -> placeWaiting(tx, here, answered, conversation);
        }
    }

    /// Who has not been handed the question yet did not answer it. One that could not be sent is known
    /// from before.
    private boolean wasHeard(Connection connection, Situation here, ReplyStore.Question question) {
        return question.message().isEmpty()
                || replies.handOverOf(connection, question.message().get())
                        .filter(each -> each.heardBefore(here.text(), routing))
                        .isPresent();
    }

    /// An answer places the texts that wait, as far as it was a choice among all that they may belong
    /// to.
    private void placeWaiting(Tx tx, Situation here, ReplyStore.Question question, Conversation conversation) {
        var sender = here.sender(conversation);
        for (var waiting : messages.unrouted(tx, here.lineId(), here.number())) {
            var candidates = waiting.candidates();
            if (candidates.contains(conversation.id())
                    && question.choices().values().containsAll(candidates)) {
                var evidence = new LinkedHashMap<String, Object>(
                        waiting.routing().map(Routing::evidence).orElse(Map.of()));
                evidence.put("answeredAt", here.text().arrivedAt().toString());
                var placed = sending.place(
                        tx,
                        waiting,
                        conversation,
                        sender,
                        waiting.text(),
                        new Routing(ReplyRouting.How.ANSWER.label(), candidates, evidence));
                relay(tx, placed, conversation, sender);
            }
        }
    }

    /// Nobody answered. Texts go on waiting for a user. Who wanted to leave and did not say which group
    /// has left all that were named: it asked for fewer texts, and `JOIN` undoes it.
    private void expire(Tx tx, ReplyStore.Question question, List<Conversation> open) {
        if (!replies.closed(tx, question.id(), true) || question.kind() != ReplyStore.QuestionKind.LEAVE) {
            return;
        }
        for (var group : open) {
            if (group.isGroup()
                    && group.includes(question.number())
                    && question.choices().containsValue(group.id())) {
                left(tx, group, question.number(), Optional.empty());
            }
        }
        sending.release(tx, question.lineId(), question.number(), HoldReason.LEAVE);
    }

    // Time

    /// What is due by time: freer wording that nobody decided on counts as an opt-out, questions that
    /// nobody answered are closed, and who could not be asked an hour ago is asked now. To be called
    /// every minute or so.
    public void sweep(Instant now) {
        consent.expire(SWEEP_MAX);
        for (var question : store.read(connection -> replies.expired(connection, now, SWEEP_MAX))) {
            store.transaction(tx -> {
                expire(tx, question, conversations.openOf(tx, question.lineId(), question.number()));
                return true;
            });
        }
        if (settings.ask()) {
            for (var number : store.read(connection -> replies.unasked(
                    connection, now.minus(QUESTION_VALID), now.minus(Sending.AUTOMATIC_PAUSE), SWEEP_MAX))) {
                store.transaction(tx -> {
                    askAgain(tx, number);
                    return true;
                });
            }
        }
    }

    private void askAgain(Tx tx, OptOutStore.OnLine number) {
        var waiting = messages.unrouted(tx, number.lineId(), number.number()).stream()
                .filter(each -> each.kind() == MessageKind.NORMAL)
                .toList();
        if (waiting.isEmpty()) {
            return;
        }
        var latest = waiting.getLast();
        var arrival = latest.arrival().orElseThrow();
        var here = situation(
                tx,
                new InboundText(
                        latest.lineId(),
                        arrival.sender(),
                        latest.text(),
                        arrival.scts(),
                        arrival.arrivedAt(),
                        arrival.link()));
        // With one candidate left there is nothing to ask: a user decides, for the text may have been meant for
        // another.
        var candidates = here.candidates();
        if (!here.isOptedOut() && candidates.size() > 1) {
            ask(tx, here, candidates.getFirst(), latest);
        }
    }
}
