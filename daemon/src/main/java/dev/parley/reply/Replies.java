package dev.parley.reply;

import dev.parley.conversation.Conversation;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
    private final ReplyStore replies;
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
            ConversationStore conversations,
            MessageStore messages,
            OptOutStore optOuts,
            ReplyStore replies,
            Roster roster,
            Sending sending,
            OptOuts consent,
            Keywords keywords,
            ConversationSettings settings,
            Clock clock) {
        this.store = store;
        this.lines = lines;
        this.conversations = conversations;
        this.messages = messages;
        this.optOuts = optOuts;
        this.replies = replies;
        this.roster = roster;
        this.sending = sending;
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
        var here = situation(
                tx,
                new InboundText(
                        text.lineId(),
                        sender,
                        text.text().replace("\0", ""),
                        text.scts(),
                        text.arrivedAt(),
                        text.link()));
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

    private static ReplyRouting.Reply reply(InboundText text) {
        return new ReplyRouting.Reply(text.text(), text.arrivedAt(), text.scts());
    }

    private ReplyRouting.Placement decide(Connection connection, Situation here, List<Conversation> candidates) {
        var reply = reply(here.text());
        var weighed = new ArrayList<ReplyRouting.Candidate>();
        for (var each : candidates) {
            weighed.add(new ReplyRouting.Candidate(
                    each.id(),
                    each.tag().orElse(Tags.DIRECT),
                    replies.handedOver(
                            connection,
                            here.sender(each).id(),
                            reply.arrivedAt(),
                            text -> text.heardBefore(reply, routing))));
        }
        return ReplyRouting.decide(
                reply, weighed, replies.latestAnswer(connection, here.text().lineId(), here.number()), routing);
    }

    /// Where a text was placed.
    ///
    /// @param here with the conversation, should it be new
    private record Placed(Situation here, Conversation conversation, Message message) {}

    /// An ordinary text.
    private void plain(Tx tx, Situation here) {
        placed(tx, here, MessageKind.NORMAL);
    }

    private void placed(Tx tx, Situation here, MessageKind kind) {
        var placement = decide(tx.connection(), here, here.candidates());
        switch (placement) {
            case ReplyRouting.Placement.To(long id, var how, var shown, var _) -> {
                var placed = put(tx, here, byId(here, id), kind, shown, evidence(here, placement, how.label()));
                relay(tx, placed.message(), placed.conversation(), here.sender(placed.conversation()));
            }
            case ReplyRouting.Placement.ToNewDirect(var how, var shown, var _) ->
                put(tx, here, opened(tx, here), kind, shown, evidence(here, placement, how.label()));
            case ReplyRouting.Placement.Unrouted _ -> {
                var waiting = sending.unrouted(
                        tx,
                        here.candidates(),
                        kind,
                        here.text(),
                        evidence(here, placement, ReplyRouting.How.UNROUTED.label()));
                if (kind == MessageKind.NORMAL) {
                    ask(tx, here, placement.candidates(), waiting);
                }
            }
        }
    }

    private static Conversation byId(Situation here, long id) {
        return here.open().stream().filter(each -> each.id() == id).findFirst().orElseThrow();
    }

    private Placed put(
            Tx tx, Situation here, Conversation conversation, MessageKind kind, String shown, Routing routing) {
        var sender = conversation.participant(here.number()).orElseThrow();
        return new Placed(
                here, conversation, sending.received(tx, conversation, sender, kind, here.text(), shown, routing));
    }

    /// The direct conversation with a sender, opened if there is none.
    private Conversation opened(Tx tx, Situation here) {
        var found = conversations.direct(
                tx, here.text().lineId(), roster.known(tx, here.number()), Optional.empty(), clock.instant());
        if (found.isNew()) {
            sending.opened(tx, found.conversation().id());
        }
        return found.conversation();
    }

    private Routing evidence(Situation here, ReplyRouting.Placement placement, String how) {
        var evidence = new LinkedHashMap<String, Object>();
        var reply = reply(here.text());
        evidence.put("arrivedAt", reply.arrivedAt().toString());
        reply.scts().ifPresent(scts -> evidence.put("scts", scts.toString()));
        evidence.put("sentAt", reply.sentAt(routing).toString());
        if (placement instanceof ReplyRouting.Placement.Unrouted(var why, var _)) {
            evidence.put("why", why.label());
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
        var direct = opened(tx, here);
        var placement = new ReplyRouting.Placement.ToNewDirect(
                ReplyRouting.How.NEW_DIRECT, here.text().text(), List.of());
        var placed =
                put(tx, here, direct, MessageKind.NORMAL, here.text().text(), evidence(here, placement, "own-line"));
        stopLoop(
                tx, placed.message(), direct, direct.participant(here.number()).orElseThrow(), LoopGuard.Loop.OWN_LINE);
    }

    // Keywords

    /// Shows a keyword message in the thread that it most likely answers. It is never relayed, so a
    /// wrong guess tells nobody anything; what it does does not depend on the thread.
    private Placed shown(Tx tx, Situation here) {
        var placement = decide(tx.connection(), here, here.current());
        return switch (placement) {
            case ReplyRouting.Placement.To(long id, var how, var shown, var _) ->
                put(tx, here, byId(here, id), MessageKind.KEYWORD, shown, evidence(here, placement, how.label()));
            case ReplyRouting.Placement.ToNewDirect(var how, var shown, var _) -> {
                var direct = opened(tx, here);
                yield put(
                        tx,
                        here.with(direct),
                        direct,
                        MessageKind.KEYWORD,
                        shown,
                        evidence(here, placement, how.label()));
            }
            case ReplyRouting.Placement.Unrouted(var _, var weighed) ->
                put(
                        tx,
                        here,
                        byId(here, likeliest(weighed)),
                        MessageKind.KEYWORD,
                        here.text().text(),
                        evidence(here, placement, "keyword"));
        };
    }

    /// The one heard last.
    private static long likeliest(List<ReplyRouting.Weighed> weighed) {
        return weighed.stream()
                .max(Comparator.comparing(each -> each.heardAt().orElse(Instant.MIN)))
                .orElseThrow()
                .conversation();
    }

    private void stop(Tx tx, Situation here) {
        var shown = shown(tx, here);
        withdrawQuestion(tx, here);
        if (consent.optOut(
                tx,
                here.text().lineId(),
                here.number(),
                shown.message().id(),
                here.text().text())) {
            automatic(tx, shown, MessageKind.OPTED_OUT, AutomaticTexts.OPTED_OUT);
        }
    }

    private void start(Tx tx, Situation here) {
        var shown = shown(tx, here);
        if (here.isOptedOut() || here.isSuspected()) {
            consent.optIn(
                    tx,
                    here.text().lineId(),
                    here.number(),
                    shown.message().id(),
                    here.text().text());
        }
        if (here.isOptedOut()) {
            automatic(tx, shown, MessageKind.OPTED_IN, AutomaticTexts.OPTED_IN);
        }
    }

    private void help(Tx tx, Situation here) {
        var shown = shown(tx, here);
        var line = lines.byId(here.text().lineId()).orElseThrow();
        var help = settings.help().get(line.number());
        automatic(tx, shown, MessageKind.HELP, help == null ? AutomaticTexts.help(line.name()) : help);
    }

    private void automatic(Tx tx, Placed to, MessageKind kind, String text) {
        sending.automatic(
                tx,
                to.conversation(),
                to.here().sender(to.conversation()),
                kind,
                text,
                Optional.of(to.message().id()));
    }

    private void freer(Tx tx, Situation here) {
        // A machine that advertises "unsubscribe" asks for nothing, and who is opted out already has what it asks for.
        if (here.isOptedOut() || !here.number().startsWith("+")) {
            plain(tx, here);
            return;
        }
        var placement = decide(tx.connection(), here, here.candidates());
        switch (placement) {
            case ReplyRouting.Placement.To _, ReplyRouting.Placement.ToNewDirect _ -> {
                var shown = shown(tx, here);
                suspect(tx, here, shown.message());
            }
            // It may say more than that, to whom we do not know: it waits like any other, and is relayed to nobody.
            case ReplyRouting.Placement.Unrouted _ -> {
                var waiting = sending.unrouted(
                        tx,
                        here.candidates(),
                        MessageKind.KEYWORD,
                        here.text(),
                        evidence(here, placement, ReplyRouting.How.UNROUTED.label()));
                suspect(tx, here, waiting);
            }
        }
    }

    private void suspect(Tx tx, Situation here, Message message) {
        consent.suspect(
                tx,
                here.text().lineId(),
                here.number(),
                message.id(),
                here.text().text());
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
            return;
        }
        if (named.size() == 1) {
            var group = named.getFirst();
            var placed = keywordIn(tx, here, group, tag.isPresent() ? "tag" : "only-candidate");
            left(tx, group, here.number(), Optional.of(placed.message().id()));
            return;
        }
        var shown = shown(tx, here);
        askWhichToLeave(tx, here, named, shown.message());
    }

    /// Shows a keyword message in the group that it names.
    private Placed keywordIn(Tx tx, Situation here, Conversation group, String how) {
        var reply = reply(here.text());
        return put(
                tx,
                here,
                group,
                MessageKind.KEYWORD,
                here.text().text(),
                new Routing(
                        how,
                        here.current().stream().map(Conversation::id).toList(),
                        Map.of(
                                "arrivedAt", reply.arrivedAt().toString(),
                                "sentAt", reply.sentAt(routing).toString())));
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
        var placed = keywordIn(tx, here, joined, "tag");
        var cause = Optional.of(placed.message().id());
        var participant = joined.participant(here.number()).orElseThrow();
        sending.system(tx, joined, joined.nameOf(participant) + " is back in the group.", cause);
        sending.updated(tx, joined.id());
        sending.automatic(
                tx, joined, participant, MessageKind.JOINED, AutomaticTexts.joined(tag, joined.shownTitle()), cause);
    }

    // Questions

    /// Asks where a text belongs, if asking is on, nothing is open, and the sender may be asked.
    private void ask(Tx tx, Situation here, List<ReplyRouting.Weighed> weighed, Message waiting) {
        if (!settings.ask()
                || here.isSuspected()
                || weighed.size() > CHOICES_MAX
                || openQuestion(tx, here, clock.instant()).isPresent()) {
            return;
        }
        var choices = here.candidates();
        var host = byId(here, likeliest(weighed));
        var asked = sending.automatic(
                tx,
                host,
                here.sender(host),
                MessageKind.QUESTION,
                AutomaticTexts.question(choices(choices)),
                "Asked which conversation a text belongs to.",
                Optional.of(waiting.id()));
        if (asked.isPresent()) {
            put(tx, here, ReplyStore.QuestionKind.PLACE, asked.map(Message::id), choices);
        }
    }

    /// Sending waits for the answer, be it that the question itself may not go now: the sender knows
    /// the tags.
    private void askWhichToLeave(Tx tx, Situation here, List<Conversation> groups, Message cause) {
        withdrawQuestion(tx, here);
        // First, or the question would wait for its own answer.
        sending.hold(tx, here.text().lineId(), here.number(), HoldReason.LEAVE);
        var host = byId(here, cause.conversationId().orElseThrow());
        var asked = sending.automatic(
                tx,
                host,
                here.sender(host),
                MessageKind.QUESTION,
                AutomaticTexts.leaveQuestion(choices(groups)),
                "Asked which group to leave.",
                Optional.of(cause.id()));
        put(tx, here, ReplyStore.QuestionKind.LEAVE, asked.map(Message::id), groups);
        for (var group : groups) {
            sending.system(
                    tx,
                    group,
                    group.nameOf(here.sender(group)) + " wants to leave a group and was asked which one."
                            + " Messages there wait for the answer.",
                    Optional.of(cause.id()));
        }
    }

    private static List<AutomaticTexts.Choice> choices(List<Conversation> conversations) {
        return conversations.stream()
                .map(each -> new AutomaticTexts.Choice(each.tag().orElse(Tags.DIRECT), each.shownTitle()))
                .sorted(Comparator.comparing(each -> each.tag() == Tags.DIRECT ? Integer.MAX_VALUE : each.tag()))
                .toList();
    }

    private void put(
            Tx tx, Situation here, ReplyStore.QuestionKind kind, Optional<Long> message, List<Conversation> choices) {
        var now = clock.instant();
        var byTag = new HashMap<Integer, Long>();
        choices.forEach(each -> byTag.put(each.tag().orElse(Tags.DIRECT), each.id()));
        replies.ask(tx, here.text().lineId(), here.number(), kind, message, now, now.plus(QUESTION_VALID), byTag);
    }

    /// The question that is open at `at`; one whose time is over is closed.
    private Optional<ReplyStore.Question> openQuestion(Tx tx, Situation here, Instant at) {
        var question = replies.openQuestion(tx.connection(), here.text().lineId(), here.number());
        if (question.isPresent() && !at.isBefore(question.get().expiresAt())) {
            expire(tx, question.get(), here.open());
            return Optional.empty();
        }
        return question;
    }

    private void withdrawQuestion(Tx tx, Situation here) {
        var question = replies.openQuestion(tx.connection(), here.text().lineId(), here.number());
        if (question.isPresent()) {
            replies.closed(tx, question.get().id(), false);
            if (question.get().kind() == ReplyStore.QuestionKind.LEAVE) {
                sending.release(tx, here.text().lineId(), here.number(), HoldReason.LEAVE);
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
                        .findFirst());
        if (named.isEmpty() || !wasHeard(tx.connection(), here, question.orElseThrow())) {
            plain(tx, here);
            return;
        }
        var conversation = named.get();
        var placed = keywordIn(tx, here, conversation, ReplyRouting.How.ANSWER.label());
        replies.answered(
                tx, question.orElseThrow().id(), conversation.id(), here.text().arrivedAt());
        switch (question.orElseThrow().kind()) {
            case LEAVE -> {
                left(
                        tx,
                        conversation,
                        here.number(),
                        Optional.of(placed.message().id()));
                sending.release(tx, here.text().lineId(), here.number(), HoldReason.LEAVE);
            }
            case PLACE -> placeWaiting(tx, here, question.orElseThrow(), conversation);
        }
    }

    /// Who has not been handed the question yet did not answer it. One that could not be sent is known
    /// from before.
    private boolean wasHeard(Connection connection, Situation here, ReplyStore.Question question) {
        return question.message().isEmpty()
                || replies.handOverOf(connection, question.message().get())
                        .filter(each -> each.heardBefore(reply(here.text()), routing))
                        .isPresent();
    }

    /// An answer places the texts that wait, as far as it was a choice among all that they may belong
    /// to.
    private void placeWaiting(Tx tx, Situation here, ReplyStore.Question question, Conversation conversation) {
        var sender = here.sender(conversation);
        for (var waiting : messages.unrouted(tx, here.text().lineId(), here.number())) {
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
                        waiting.kind(),
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
            boolean isIn = group.participant(question.number())
                    .filter(each -> !each.hasLeft())
                    .isPresent();
            if (isIn && group.isGroup() && question.choices().containsValue(group.id())) {
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
        if (!here.isOptedOut() && here.candidates().size() > 1) {
            ask(
                    tx,
                    here,
                    here.candidates().stream()
                            .map(each -> new ReplyRouting.Weighed(
                                    each.id(), each.tag().orElse(Tags.DIRECT), Optional.empty()))
                            .collect(Collectors.toList()),
                    latest);
        }
    }
}
