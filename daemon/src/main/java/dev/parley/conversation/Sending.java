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
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
    record Plan(Participant to, Optional<Block> block, boolean held, Split split) {}

    /// How `text` would reach the participants of a conversation that `to` holds of: with the prefix
    /// for who needs it.
    List<Plan> plan(Tx tx, Conversation conversation, String text, Predicate<Participant> to) {
        var people = conversation.participants().stream().filter(to).toList();
        var numbers = people.stream().map(Participant::number).toList();
        long line = conversation.lineId();
        return plan(
                conversation,
                people,
                text,
                blocks.of(tx, conversation),
                optOuts.held(tx, line, numbers),
                conversation.isGroup() ? conversations.openCounts(tx, line, numbers) : Map.of());
    }

    /// The same for who only asks.
    List<Plan> plan(Connection connection, Conversation conversation, String text) {
        var people = conversation.participants();
        var numbers = people.stream().map(Participant::number).toList();
        long line = conversation.lineId();
        return plan(
                conversation,
                people,
                text,
                blocks.of(connection, List.of(conversation)),
                OptOutStore.held(connection, line, numbers),
                conversation.isGroup() ? conversations.openCounts(connection, line, numbers) : Map.of());
    }

    /// @param blocked by the id of the participant
    /// @param held the numbers that nothing goes to for now
    /// @param open in how many open conversations each number is on the line
    private List<Plan> plan(
            Conversation conversation,
            List<Participant> people,
            String text,
            Map<Long, Block> blocked,
            Set<String> held,
            Map<String, Integer> open) {
        var prefix = Texts.prefix(conversation);
        return people.stream()
                .map(each -> new Plan(
                        each,
                        Optional.ofNullable(blocked.get(each.id())),
                        held.contains(each.number()),
                        split(open.getOrDefault(each.number(), 0) > 1 ? prefix + text : text, conversation.lineId())))
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
    Said say(Tx tx, Conversation conversation, Author author, NewMessage wanted, List<Plan> plans) {
        return say(tx, conversation, MessageKind.NORMAL, author, wanted, Optional.empty(), plans);
    }

    private Said say(
            Tx tx,
            Conversation conversation,
            MessageKind kind,
            Author author,
            NewMessage wanted,
            Optional<Long> cause,
            List<Plan> plans) {
        var message = new Message(
                messages.nextId(),
                Optional.of(conversation.id()),
                conversation.lineId(),
                Direction.OUTBOUND,
                kind,
                author,
                wanted.text(),
                clock.instant(),
                wanted.sendAt(),
                wanted.expiresAt(),
                Optional.empty(),
                Optional.empty(),
                cause);
        messages.insert(tx, message);
        var deliveries = enqueue(tx, message, conversation, plans);
        told(tx, conversation, message, EventType.MESSAGE_CREATED);
        return new Said(message, deliveries);
    }

    private List<Delivery> enqueue(Tx tx, Message message, Conversation conversation, List<Plan> plans) {
        boolean aside = message.kind().isAside();
        var now = clock.instant();
        var deliveries = new ArrayList<Delivery>();
        var outgoing = new ArrayList<OutgoingDelivery>();
        for (var plan : plans) {
            var delivery = delivery(message, conversation, plan, now);
            deliveries.add(delivery);
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
        progress.made(tx, conversation, deliveries);
        fresh(tx, message).addAll(deliveries);
        if (!outgoing.isEmpty()) {
            outbox.enqueue(tx, outgoing);
        }
        return deliveries;
    }

    /// The deliveries of a message that a transaction has made.
    private List<Delivery> fresh(Tx tx, Message message) {
        return tx.kept(this, HashMap<Long, List<Delivery>>::new).computeIfAbsent(message.id(), _ -> new ArrayList<>());
    }

    /// Somebody tries again what failed of a message, and so has seen it.
    void triedAgain(Tx tx, long conversationId, long messageId) {
        if (reads.seeFailures(tx, conversationId, messageId)) {
            updated(tx, conversationId);
        }
    }

    private Delivery delivery(Message message, Conversation conversation, Plan plan, Instant now) {
        var error = plan.block().map(block -> error(block, conversation.nameOf(plan.to())));
        var status = error.isPresent() ? DeliveryStatus.BLOCKED : DeliveryStatus.QUEUED;
        var encoding = Alphabet.UCS2;
        var text = "";
        switch (plan.split()) {
            case Split.Parts parts -> {
                encoding = parts.alphabet();
                text = parts.segments().stream().map(Segment::text).collect(Collectors.joining());
            }
            case Split.TooLong _ -> {
                if (error.isEmpty()) {
                    status = DeliveryStatus.FAILED;
                    error = Optional.of(new DeliveryError(
                            "text-too-long",
                            Optional.empty(),
                            "With prefix and name this text needs more than 255 SMS."));
                }
            }
        }
        return new Delivery(
                messages.nextDeliveryId(),
                message.id(),
                conversation.id(),
                plan.to().id(),
                plan.to().number(),
                status,
                status == DeliveryStatus.QUEUED
                        && plan.held()
                        && !message.kind().isAside(),
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
        var deliveries = fresh(tx, message);
        news.began(tx, conversation.id(), message, last -> progress.shown(last, deliveries));
        tell(tx, conversation, type, last -> views.forEverybody(message, progress.shown(last, deliveries)));
    }

    /// Appends the event of a message as it is at the end of the transaction.
    private void tell(Tx tx, Conversation conversation, EventType type, Function<Tx, MessageView> shown) {
        var scope = Scope.ofConversation(conversation.lineId(), conversation.id());
        news.said(tx, last -> events.append(last, type, scope, shown.apply(last)));
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
        var author = Author.of(sender, conversation.nameOf(sender));
        var message =
                inbound(tx, Optional.of(conversation.id()), kind, author, text.with(text.sender(), shown), routing);
        told(tx, conversation, message, EventType.MESSAGE_RECEIVED);
        return message;
    }

    private Message inbound(
            Tx tx, Optional<Long> conversationId, MessageKind kind, Author author, InboundText text, Routing routing) {
        var message = new Message(
                messages.nextId(),
                conversationId,
                text.lineId(),
                Direction.INBOUND,
                kind,
                author,
                text.text(),
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(routing),
                Optional.of(Arrival.of(text)),
                Optional.empty());
        messages.insert(tx, message);
        return message;
    }

    /// Stores an inbound text that is not placed, with one `message.received` for each candidate's
    /// readers, which does not say what it says. The caller has locked the candidates.
    public Message unrouted(Tx tx, List<Conversation> candidates, MessageKind kind, InboundText text, Routing routing) {
        var message = inbound(tx, Optional.empty(), kind, Author.ofSender(text.sender()), text, routing);
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
            Tx tx, Message message, Conversation conversation, Participant sender, String shown, Routing routing) {
        var placed = new Message(
                message.id(),
                Optional.of(conversation.id()),
                message.lineId(),
                message.direction(),
                message.kind(),
                Author.of(sender, conversation.nameOf(sender)),
                shown,
                message.createdAt(),
                message.sendAt(),
                message.expiresAt(),
                Optional.of(routing),
                message.arrival(),
                message.cause());
        messages.place(tx, placed);
        for (long before : message.places()) {
            if (before != conversation.id()) {
                conversations.lookForLast(tx, before);
            }
            updated(tx, before);
        }
        conversations.lookForLast(tx, conversation.id());
        conversations.touch(tx, conversation, clock.instant());
        tell(
                tx,
                conversation,
                EventType.MESSAGE_RECEIVED,
                last -> views.forEverybody(placed, current(last, placed.id())));
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
        enqueue(tx, message, conversation, plans);
    }

    /// Sends an automatic text to one participant, unless one of this kind went to its number on this
    /// line within the last hour, it is no E.164 number, or it is blocked ([MessageKind#OPTED_OUT] goes
    /// to who has opted out, and who has left a group still gets answers).
    ///
    /// @return the message, if it is sent
    public Optional<Message> automatic(
            Tx tx, Conversation conversation, Participant to, MessageKind kind, String text, Optional<Long> cause) {
        return automatic(tx, conversation, List.of(to), kind, text, text, cause);
    }

    /// The same to several participants: one message, a delivery for each of whom the above holds.
    ///
    /// @param shown what the thread shows
    public Optional<Message> automatic(
            Tx tx,
            Conversation conversation,
            Collection<Participant> to,
            MessageKind kind,
            String text,
            String shown,
            Optional<Long> cause) {
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
                var bare = kind.isAside() ? split(text, conversation.lineId()) : plan.split();
                plans.add(new Plan(plan.to(), Optional.empty(), plan.held(), bare));
            }
        }
        return plans.isEmpty()
                ? Optional.empty()
                : Optional.of(say(tx, conversation, kind, Author.SYSTEM, NewMessage.now(shown), cause, plans)
                        .message());
    }

    /// Adds a line to the thread that is no SMS.
    public void system(Tx tx, Conversation conversation, String text, Optional<Long> cause) {
        say(tx, conversation, MessageKind.SYSTEM, Author.SYSTEM, NewMessage.now(text), cause, List.of());
    }

    /// Nothing goes to a number on a line until [#release] with the same reason; what is made meanwhile
    /// waits.
    public void hold(Tx tx, long lineId, String number, HoldReason reason) {
        optOuts.hold(tx, lineId, number, reason, clock.instant());
        setHeld(tx, waiting(tx, conversations.withNumber(tx, lineId, number)), true);
    }

    /// Ends what [#hold] began, if no other reason is left.
    public void release(Tx tx, long lineId, String number, HoldReason reason) {
        if (optOuts.release(tx, lineId, number, reason)) {
            setHeld(tx, waiting(tx, conversations.withNumber(tx, lineId, number)), false);
        }
    }

    void setHeld(Tx tx, List<Long> deliveryIds, boolean held) {
        if (deliveryIds.isEmpty()) {
            return;
        }
        messages.setHeld(tx, deliveryIds, held);
        if (held) {
            outbox.hold(tx, deliveryIds);
        } else {
            outbox.release(tx, deliveryIds);
        }
    }

    List<Long> waiting(Tx tx, List<Participant> participants) {
        progress.write(tx);
        var ids = participants.stream().map(Participant::id).toList();
        return messages.waiting(tx.connection(), ids).stream().map(Delivery::id).toList();
    }

    /// To be called when participants may have become blocked, in the transaction of the fact: the deliveries to
    /// those who are, of which nothing was handed over, become `blocked`.
    public void recheck(Tx tx, Collection<Participant> participants) {
        var ids = participants.stream().map(Participant::id).collect(Collectors.toSet());
        var concerned = participants.stream().map(Participant::conversationId).toList();
        for (var conversation : conversations.current(tx, concerned)) {
            var blocked = blocks.of(tx, conversation);
            for (var participant : conversation.participants()) {
                var block = blocked.get(participant.id());
                if (block != null && ids.contains(participant.id())) {
                    var error = error(block, conversation.nameOf(participant));
                    withdraw(tx, waiting(tx, List.of(participant)), DeliveryStatus.BLOCKED, Optional.of(error));
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
