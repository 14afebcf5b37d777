package dev.parley.conversation;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Segment;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// What is common to everything that is said: stores a message, makes its deliveries, hands them to the
/// outbox, appends the events. Users' messages, relays and automatic texts all go this way.
///
/// The conversations given are as the transaction sees them ([ConversationStore#current]).
public final class Sending {

    /// An automatic text of one kind goes to a number at most once in this time.
    public static final Duration AUTOMATIC_PAUSE = Duration.ofHours(1);

    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final ReadStore reads;
    private final Blocks blocks;
    private final Views views;
    private final Lines lines;
    private final Outbox outbox;
    private final EventLog events;
    private final Deliveries progress;
    private final News news;
    private final ConversationSettings settings;
    private final Clock clock;

    /// References of concatenated texts (3GPP TS 23.040 §9.2.3.24.1): one after the other, so that two
    /// texts to the same phone have the same only after 255 others. They begin anywhere, as a restart
    /// is no reason to repeat the last.
    private final AtomicInteger references;

    Sending(
            ConversationStore conversations,
            MessageStore messages,
            OptOutStore optOuts,
            ReadStore reads,
            Blocks blocks,
            Views views,
            Lines lines,
            Outbox outbox,
            EventLog events,
            Deliveries progress,
            News news,
            ConversationSettings settings,
            Clock clock) {
        this.conversations = conversations;
        this.messages = messages;
        this.optOuts = optOuts;
        this.reads = reads;
        this.blocks = blocks;
        this.views = views;
        this.lines = lines;
        this.outbox = outbox;
        this.events = events;
        this.progress = progress;
        this.news = news;
        this.settings = settings;
        this.clock = clock;
        this.references = new AtomicInteger((int) clock.millis());
    }

    /// How a text is to reach one participant.
    ///
    /// @param block empty if it is to be sent
    record Plan(Participant to, Optional<Block> block, boolean held, Split split) {
        boolean isTooLong() {
            return split instanceof Split.TooLong;
        }
    }

    /// What decides how a text reaches the participants of a conversation.
    ///
    /// @param blocked by the id of the participant
    /// @param held the numbers that nothing goes to for now
    /// @param open in how many open conversations each number is on the line
    private record Standing(Map<Long, Block> blocked, Set<String> held, Map<String, Integer> open) {}

    /// How `text` would reach the participants of a conversation that `to` holds of: with the prefix
    /// for who needs it.
    List<Plan> plan(Tx tx, Conversation conversation, String text, Predicate<Participant> to) {
        var people = conversation.participants().stream().filter(to).toList();
        var numbers = people.stream().map(Participant::number).toList();
        return plan(
                conversation,
                people,
                text,
                new Standing(
                        blocks.of(tx, conversation),
                        optOuts.held(tx, conversation.lineId(), numbers),
                        conversation.isGroup()
                                ? conversations.openCounts(tx, conversation.lineId(), numbers)
                                : Map.of()));
    }

    /// The same for who only asks.
    List<Plan> plan(Connection connection, Conversation conversation, String text) {
        var people = conversation.participants();
        var numbers = people.stream().map(Participant::number).toList();
        return plan(
                conversation,
                people,
                text,
                new Standing(
                        blocks.of(connection, List.of(conversation)),
                        OptOutStore.held(connection, conversation.lineId(), numbers),
                        conversation.isGroup()
                                ? conversations.openCounts(connection, conversation.lineId(), numbers)
                                : Map.of()));
    }

    private List<Plan> plan(Conversation conversation, List<Participant> people, String text, Standing standing) {
        var prefix = Texts.prefix(conversation);
        return people.stream()
                .map(each -> new Plan(
                        each,
                        Optional.ofNullable(standing.blocked.get(each.id())),
                        standing.held.contains(each.number()),
                        split(
                                standing.open.getOrDefault(each.number(), 0) > 1 ? prefix + text : text,
                                conversation.lineId())))
                .toList();
    }

    Split split(String text, long lineId) {
        var number = number(lineId);
        return Segmenter.split(
                text,
                new SplitOptions(
                        references.getAndIncrement() & 0xFF,
                        8,
                        settings.smartReplacement().contains(number),
                        settings.wholeTexts().contains(number)
                                ? Set.of()
                                : settings.languages().getOrDefault(number, Set.of())));
    }

    private String number(long lineId) {
        return lines.byId(lineId).map(Line::number).orElse("");
    }

    /// A text as the line's links take it: in parts, or whole where its SMSC makes the parts.
    private List<Segment> segments(Split.Parts parts, long lineId) {
        return settings.wholeTexts().contains(number(lineId)) ? List.of(parts.whole()) : parts.segments();
    }

    /// A message, and the deliveries made of it.
    record Said(Message message, List<Delivery> deliveries) {}

    /// Stores a user's message with these deliveries, with `message.created`.
    Said say(
            Tx tx,
            Conversation conversation,
            Author author,
            String text,
            Optional<Instant> sendAt,
            Optional<Instant> expiresAt,
            List<Plan> plans) {
        var message = messages.insert(
                tx, outbound(conversation, MessageKind.NORMAL, author, text, sendAt, expiresAt, Optional.empty()));
        var deliveries = enqueue(tx, message, conversation, plans, false);
        told(tx, conversation, message, EventType.MESSAGE_CREATED);
        return new Said(message, deliveries);
    }

    private Message outbound(
            Conversation conversation,
            MessageKind kind,
            Author author,
            String text,
            Optional<Instant> sendAt,
            Optional<Instant> expiresAt,
            Optional<Long> cause) {
        return new Message(
                messages.nextId(),
                Optional.of(conversation.id()),
                conversation.lineId(),
                Direction.OUTBOUND,
                kind,
                author,
                text,
                clock.instant(),
                sendAt,
                expiresAt,
                Optional.empty(),
                Optional.empty(),
                cause);
    }

    /// @param aside whether it goes beside the lane of the conversation: what waits there does not stop
    /// it
    private List<Delivery> enqueue(Tx tx, Message message, Conversation conversation, List<Plan> plans, boolean aside) {
        var now = clock.instant();
        var drafts = new ArrayList<Delivery>();
        for (var plan : plans) {
            drafts.add(draft(message, conversation, plan, now, aside));
        }
        var deliveries = drafts.stream().map(messages::identified).toList();
        progress.made(tx, conversation, deliveries);
        fresh(tx).computeIfAbsent(message.id(), _ -> new ArrayList<>()).addAll(deliveries);
        var outgoing = new ArrayList<OutgoingDelivery>();
        for (int i = 0; i < plans.size(); i++) {
            var plan = plans.get(i);
            var delivery = deliveries.get(i);
            if (delivery.status() == DeliveryStatus.QUEUED && plan.split() instanceof Split.Parts parts) {
                outgoing.add(new OutgoingDelivery(
                        delivery.id(),
                        conversation.lineId(),
                        aside ? -plan.to().id() : plan.to().id(),
                        plan.to().number(),
                        segments(parts, conversation.lineId()),
                        message.sendAt(),
                        message.expiresAt(),
                        delivery.held()));
            }
        }
        if (!outgoing.isEmpty()) {
            outbox.enqueue(tx, outgoing);
        }
        return deliveries;
    }

    /// The deliveries that a transaction has made, by the message.
    private Map<Long, List<Delivery>> fresh(Tx tx) {
        return tx.kept(this, HashMap::new);
    }

    /// Somebody tries again what failed of a message, and so has seen it.
    void triedAgain(Tx tx, long conversationId, long messageId) {
        if (reads.seeFailures(tx, conversationId, messageId)) {
            updated(tx, conversationId);
        }
    }

    private static Delivery draft(Message message, Conversation conversation, Plan plan, Instant now, boolean aside) {
        var error = plan.block().map(block -> error(block, conversation.nameOf(plan.to())));
        var status = error.isPresent() ? DeliveryStatus.BLOCKED : DeliveryStatus.QUEUED;
        if (error.isEmpty() && plan.isTooLong()) {
            status = DeliveryStatus.FAILED;
            error = Optional.of(new DeliveryError(
                    "text-too-long", Optional.empty(), "With prefix and name this text needs more than 255 SMS."));
        }
        var encoding = Alphabet.UCS2;
        var text = "";
        if (plan.split() instanceof Split.Parts parts) {
            encoding = parts.alphabet();
            text = String.join("", parts.segments().stream().map(Segment::text).toList());
        }
        return new Delivery(
                0,
                message.id(),
                conversation.id(),
                plan.to().id(),
                plan.to().number(),
                status,
                status == DeliveryStatus.QUEUED && plan.held() && !aside,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                status == DeliveryStatus.FAILED ? Optional.of(now) : Optional.empty(),
                Optional.empty(),
                0,
                plan.split().parts(),
                encoding.label(),
                error,
                text);
    }

    static DeliveryError error(Block block, String name) {
        return new DeliveryError(block.label(), Optional.empty(), block.sentence(name));
    }

    /// Notes that a new message was said, and appends its event, with the deliveries that it has by the end of the
    /// transaction.
    private void told(Tx tx, Conversation conversation, Message message, EventType type) {
        if (message.direction() == Direction.INBOUND) {
            conversations.heard(tx, conversation, message.id(), clock.instant());
            if (conversation.doneAt().isPresent()) {
                updated(tx, conversation.id());
            }
        } else {
            conversations.spoken(tx, conversation, message.id(), clock.instant());
        }
        var deliveries = fresh(tx).computeIfAbsent(message.id(), _ -> new ArrayList<>());
        news.began(tx, conversation.id(), message, last -> progress.shown(last, deliveries));
        news.said(
                tx,
                last -> events.append(
                        last,
                        type,
                        Scope.ofConversation(conversation.lineId(), conversation.id()),
                        views.forEverybody(message, progress.shown(last, deliveries))));
    }

    /// Appends `conversation.created`.
    public void opened(Tx tx, long conversationId) {
        news.opened(tx, conversationId);
    }

    /// Appends `conversation.updated`; see [News#updated].
    public void updated(Tx tx, long conversationId) {
        news.updated(tx, conversationId);
    }

    /// Stores an inbound text in a conversation, with `message.received`.
    ///
    /// @param shown the text without a tag
    public Message received(
            Tx tx,
            Conversation conversation,
            Participant sender,
            MessageKind kind,
            InboundText text,
            String shown,
            Routing routing) {
        var message = messages.insert(
                tx,
                inbound(
                        Optional.of(conversation.id()),
                        kind,
                        Author.of(sender, conversation.nameOf(sender)),
                        text,
                        shown,
                        routing));
        told(tx, conversation, message, EventType.MESSAGE_RECEIVED);
        return message;
    }

    private Message inbound(
            Optional<Long> conversationId,
            MessageKind kind,
            Author author,
            InboundText text,
            String shown,
            Routing routing) {
        return new Message(
                messages.nextId(),
                conversationId,
                text.lineId(),
                Direction.INBOUND,
                kind,
                author,
                shown,
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(routing),
                Optional.of(Arrival.of(text)),
                Optional.empty());
    }

    /// Stores an inbound text that is not placed, with one `message.received` for each candidate's
    /// readers, which does not say what it says. The caller has locked the candidates.
    public Message unrouted(Tx tx, List<Conversation> candidates, MessageKind kind, InboundText text, Routing routing) {
        var message = messages.insert(
                tx, inbound(Optional.empty(), kind, Author.ofSender(text.sender()), text, text.text(), routing));
        messages.insertCandidates(
                tx, message.id(), candidates.stream().map(Conversation::id).toList());
        for (var candidate : candidates) {
            conversations.mayBeHere(tx, candidate, message.id(), clock.instant());
            updated(tx, candidate.id());
            events.append(
                    tx,
                    EventType.MESSAGE_RECEIVED,
                    Scope.ofConversation(candidate.lineId(), candidate.id()),
                    views.forReadersOf(message, candidate.id()));
        }
        return message;
    }

    /// Places a text that was unrouted, or moves one that was placed, with `message.received` for its
    /// new conversation and `conversation.updated` for those that it showed in before. Nothing is
    /// relayed. The caller has locked the message and both conversations.
    ///
    /// @param shown its text without a tag
    public Message place(
            Tx tx,
            Message message,
            Conversation conversation,
            Participant sender,
            MessageKind kind,
            String shown,
            Routing routing) {
        var placed = new Message(
                message.id(),
                Optional.of(conversation.id()),
                message.lineId(),
                message.direction(),
                kind,
                Author.of(sender, conversation.nameOf(sender)),
                shown,
                message.createdAt(),
                message.sendAt(),
                message.expiresAt(),
                Optional.of(routing),
                message.arrival(),
                message.cause());
        messages.place(tx, placed);
        if (message.isUnrouted()) {
            for (long candidate : message.candidates()) {
                if (candidate != conversation.id()) {
                    conversations.lookForLast(tx, candidate);
                }
                updated(tx, candidate);
            }
        } else {
            long before = message.conversationId().orElseThrow();
            conversations.lookForLast(tx, before);
            updated(tx, before);
        }
        conversations.lookForLast(tx, conversation.id());
        conversations.touch(tx, conversation, clock.instant());
        news.said(
                tx,
                last -> events.append(
                        last,
                        EventType.MESSAGE_RECEIVED,
                        Scope.ofConversation(conversation.lineId(), conversation.id()),
                        views.forEverybody(placed, current(last, placed.id()))));
        return placed;
    }

    /// Writes the deliveries that were made and what the queue told so far, so that what follows in `tx` reads it.
    public void writeProgress(Tx tx) {
        progress.write(tx);
    }

    /// The deliveries of a message as `tx` sees them.
    public List<Delivery> current(Tx tx, long messageId) {
        progress.write(tx);
        return messages.deliveriesOf(tx.connection(), messageId);
    }

    /// Relays an inbound text to the others as `Name: text`: one delivery for each, `blocked` where it
    /// is. Whose number has a delivery of this message already, in whatever conversation, gets no
    /// second one.
    public void relay(Tx tx, Message message, Conversation conversation, Participant sender) {
        var reached = current(tx, message.id()).stream()
                .filter(each -> each.status() != DeliveryStatus.BLOCKED && each.status() != DeliveryStatus.CANCELLED)
                .map(Delivery::number)
                .toList();
        var plans = plan(
                tx,
                conversation,
                Texts.relayed(conversation.nameOf(sender), message.text()),
                each -> !each.number().equals(sender.number()) && !reached.contains(each.number()));
        enqueue(tx, message, conversation, plans, false);
    }

    /// Sends an automatic text to one participant, unless one of this kind went to its number on this
    /// line within the last hour, it is no E.164 number, or it is blocked ([MessageKind#OPTED_OUT] goes
    /// to who has opted out, and who has left a group still gets answers).
    ///
    /// @return the message, if it is sent
    public Optional<Message> automatic(
            Tx tx, Conversation conversation, Participant to, MessageKind kind, String text, Optional<Long> cause) {
        return automatic(tx, conversation, List.of(to), kind, text, cause);
    }

    /// The same, where the thread is not to show the text itself.
    ///
    /// @param shown what the thread shows
    public Optional<Message> automatic(
            Tx tx,
            Conversation conversation,
            Participant to,
            MessageKind kind,
            String text,
            String shown,
            Optional<Long> cause) {
        return automatic(tx, conversation, List.of(to), kind, text, shown, cause);
    }

    /// The same to several participants: one message, a delivery for each of whom the above holds.
    public Optional<Message> automatic(
            Tx tx,
            Conversation conversation,
            Collection<Participant> to,
            MessageKind kind,
            String text,
            Optional<Long> cause) {
        return automatic(tx, conversation, to, kind, text, text, cause);
    }

    private Optional<Message> automatic(
            Tx tx,
            Conversation conversation,
            Collection<Participant> to,
            MessageKind kind,
            String text,
            String shown,
            Optional<Long> cause) {
        if (!kind.isAutomatic()) {
            throw new IllegalArgumentException(kind + " is no automatic text");
        }
        // A question or confirmation must not wait behind what waits for its answer; an introduction comes first
        // anyway.
        boolean aside = kind != MessageKind.INTRODUCTION;
        var now = clock.instant();
        var plans = new ArrayList<Plan>();
        for (var plan : plan(tx, conversation, text, to::contains)) {
            boolean blocked = plan.block()
                    .filter(block -> !(block == Block.OPTED_OUT && kind == MessageKind.OPTED_OUT))
                    .filter(block -> !(block == Block.LEFT && kind != MessageKind.INTRODUCTION))
                    .isPresent();
            if (!blocked
                    && plan.to().number().startsWith("+")
                    && messages.claimAutomatic(
                            tx, conversation.lineId(), plan.to().number(), kind, now, now.minus(AUTOMATIC_PAUSE))) {
                var bare = aside ? split(text, conversation.lineId()) : plan.split();
                plans.add(new Plan(plan.to(), Optional.empty(), plan.held(), bare));
            }
        }
        if (plans.isEmpty()) {
            return Optional.empty();
        }
        var message = messages.insert(
                tx, outbound(conversation, kind, Author.SYSTEM, shown, Optional.empty(), Optional.empty(), cause));
        enqueue(tx, message, conversation, plans, aside);
        told(tx, conversation, message, EventType.MESSAGE_CREATED);
        return Optional.of(message);
    }

    /// Adds a line to the thread that is no SMS.
    public Message system(Tx tx, Conversation conversation, String text, Optional<Long> cause) {
        var message = messages.insert(
                tx,
                outbound(
                        conversation,
                        MessageKind.SYSTEM,
                        Author.SYSTEM,
                        text,
                        Optional.empty(),
                        Optional.empty(),
                        cause));
        told(tx, conversation, message, EventType.MESSAGE_CREATED);
        return message;
    }

    /// Nothing goes to a number on a line until [#release] with the same reason; what is made meanwhile
    /// waits.
    public void hold(Tx tx, long lineId, String number, HoldReason reason) {
        var participants = conversations.withNumber(tx, lineId, number);
        optOuts.hold(tx, lineId, number, reason, clock.instant());
        var waiting = waiting(tx, participants);
        if (!waiting.isEmpty()) {
            messages.setHeld(tx, waiting, true);
            outbox.hold(tx, waiting);
        }
    }

    /// Ends what [#hold] began, if no other reason is left.
    public void release(Tx tx, long lineId, String number, HoldReason reason) {
        var participants = conversations.withNumber(tx, lineId, number);
        if (optOuts.release(tx, lineId, number, reason)) {
            var waiting = waiting(tx, participants);
            if (!waiting.isEmpty()) {
                messages.setHeld(tx, waiting, false);
                outbox.release(tx, waiting);
            }
        }
    }

    List<Long> waiting(Tx tx, List<Participant> participants) {
        progress.write(tx);
        return messages
                .waiting(
                        tx.connection(),
                        participants.stream().map(Participant::id).toList())
                .stream()
                .map(Delivery::id)
                .toList();
    }

    /// To be called when participants may have become blocked, in the transaction of the fact: the deliveries to
    /// those who are, of which nothing was handed over, become `blocked`.
    public void recheck(Tx tx, Collection<Participant> participants) {
        var concerned = conversations.current(
                tx,
                participants.stream()
                        .map(Participant::conversationId)
                        .distinct()
                        .toList());
        for (var conversation : concerned) {
            var blocked = blocks.of(tx, conversation);
            for (var participant : conversation.participants()) {
                var block = blocked.get(participant.id());
                if (block != null && participants.stream().anyMatch(each -> each.id() == participant.id())) {
                    withdraw(
                            tx,
                            waiting(tx, List.of(participant)),
                            DeliveryStatus.BLOCKED,
                            Optional.of(error(block, conversation.nameOf(participant))));
                }
            }
        }
    }

    /// Forgets deliveries whose rows were changed by `tx`, and tells nobody.
    void forget(Tx tx, Collection<Long> deliveryIds) {
        progress.forget(tx, deliveryIds);
    }

    /// Appends `delivery.updated` for deliveries whose rows were changed by `tx`.
    void changed(Tx tx, Collection<Long> deliveryIds) {
        progress.changed(tx, deliveryIds);
    }

    /// Takes back what can be taken back of these deliveries.
    ///
    /// @return how many were
    public int withdraw(Tx tx, Collection<Long> deliveryIds, DeliveryStatus status, Optional<DeliveryError> error) {
        if (deliveryIds.isEmpty()) {
            return 0;
        }
        var withdrawn = outbox.withdraw(tx, deliveryIds);
        for (long id : withdrawn) {
            messages.withdrawn(tx, id, status, error);
        }
        changed(tx, withdrawn);
        return withdrawn.size();
    }
}
