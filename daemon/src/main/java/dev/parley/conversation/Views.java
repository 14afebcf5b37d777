package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Shows conversations and messages, many at a time.
public final class Views {
    private final Lines lines;
    private final MessageStore messages;
    private final ReadStore reads;
    private final Blocks blocks;

    Views(Lines lines, MessageStore messages, ReadStore reads, Blocks blocks) {
        this.lines = lines;
        this.messages = messages;
        this.reads = reads;
        this.blocks = blocks;
    }

    public ConversationView.LineRef line(long lineId) {
        var line = lines.byId(lineId).orElseThrow(() -> new IllegalStateException("no line " + lineId));
        return new ConversationView.LineRef(
                Long.toString(line.id()), line.number(), display(line.number(), lineId), line.name());
    }

    /// A number as people write it in the country of a line.
    public String display(String number, long lineId) {
        return Numbers.display(number, lines.byId(lineId).map(Line::country).orElse("US"));
    }

    /// A number as it is stored, where it is one.
    String read(String typed) {
        var country = lines.all().isEmpty() ? "US" : lines.all().getFirst().country();
        return switch (Numbers.parse(typed, country)) {
            case Numbers.Parsed.E164(var number) -> number;
            case Numbers.Parsed.ShortCode(var digits) -> digits;
            case Numbers.Parsed.Alphanumeric(var name) -> name;
            case Numbers.Parsed.Bad _ -> typed.strip();
        };
    }

    /// How a participant is called: by name, and by number who has none.
    String name(Participant participant, long lineId) {
        return participant.name().isEmpty() ? display(participant.number(), lineId) : participant.name();
    }

    /// The title, or else who takes part.
    String title(Conversation conversation) {
        return conversation
                .title()
                .orElseGet(() -> conversation.participants().stream()
                        .map(each -> name(each, conversation.lineId()))
                        .collect(Collectors.joining(", ")));
    }

    private static List<Long> lastMessages(List<Conversation> shown) {
        return shown.stream().flatMap(each -> each.lastMessage().stream()).toList();
    }

    /// How long the texts are that were said last, by the ids of their messages.
    Map<Long, Integer> lastCharacters(Connection connection, List<Conversation> shown) {
        return messages.sketches(connection, lastMessages(shown)).stream()
                .collect(Collectors.toMap(MessageStore.Sketch::id, MessageStore.Sketch::characters));
    }

    /// What a view tells of conversations besides what is their own.
    ///
    /// @param blocked by the id of the participant
    /// @param contacts by their ids
    /// @param messages the last ones, by their ids
    /// @param deliveries of these, by the id of the message
    /// @param needs by the id of the conversation
    /// @param unread by the id of the conversation; empty for events
    /// @param shared only of a new group
    private record Circumstances(
            Map<Long, Block> blocked,
            Map<Long, Known> contacts,
            Map<Long, Message> messages,
            Map<Long, List<Delivery>> deliveries,
            Map<Long, Set<Need>> needs,
            Map<OptOutStore.OnLine, ParticipantView.Decision> deciding,
            Optional<Map<Long, Integer>> unread,
            Optional<ConversationView.SharedWith> shared) {}

    /// @param viewer whose unread messages are counted; empty for events
    List<ConversationView> conversations(Connection connection, List<Conversation> shown, Optional<Account> viewer) {
        return conversations(connection, shown, viewer, Optional.empty());
    }

    private List<ConversationView> conversations(
            Connection connection,
            List<Conversation> shown,
            Optional<Account> viewer,
            Optional<ConversationView.SharedWith> shared) {
        var lastMessages = messages.byIds(connection, lastMessages(shown)).stream()
                .collect(Collectors.toMap(Message::id, Function.identity()));
        var needs = reads.needs(connection, shown.stream().map(Conversation::id).toList());
        var undecided = shown.stream()
                .filter(each -> needs.getOrDefault(each.id(), Set.of()).contains(Need.DECIDE))
                .toList();
        var circumstances = new Circumstances(
                blocks.of(connection, shown),
                contacts(connection, shown),
                lastMessages,
                messages.deliveriesOf(connection, lastMessages.keySet()),
                needs,
                deciding(connection, undecided),
                viewer.map(its -> reads.unread(connection, its.id(), shown)),
                shared);
        return shown.stream().map(each -> view(each, circumstances)).toList();
    }

    /// A conversation in which nothing was said but `last`, with participants that are nobody's contact, that get it,
    /// and of whom nothing is to be decided: all that can be told of it is known. For events.
    ConversationView begun(Conversation conversation, Message last, List<Delivery> deliveries) {
        return view(
                conversation,
                new Circumstances(
                        Map.of(),
                        Map.of(),
                        Map.of(last.id(), last),
                        Map.of(last.id(), deliveries),
                        Map.of(),
                        Map.of(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private ConversationView view(Conversation conversation, Circumstances circumstances) {
        return new ConversationView(
                Long.toString(conversation.id()),
                conversation.kind().label(),
                line(conversation.lineId()),
                title(conversation),
                conversation.tag().map(tag -> "#" + tag),
                conversation.relay().label(),
                conversation.participants().stream()
                        .map(each -> participant(conversation, each, circumstances))
                        .toList(),
                conversation
                        .lastMessage()
                        .flatMap(id -> Optional.ofNullable(circumstances.messages.get(id)))
                        .map(message -> lastMessage(message, circumstances.deliveries)),
                circumstances.unread.map(unread -> unread.getOrDefault(conversation.id(), 0)),
                conversation.isOpen()
                        ? circumstances.needs.getOrDefault(conversation.id(), Set.of()).stream()
                                .map(Need::label)
                                .toList()
                        : List.of(),
                conversation.doneAt().isPresent(),
                conversation.createdAt(),
                !conversation.isOpen(),
                conversation.closedAt(),
                conversation.predecessor().map(id -> Long.toString(id)),
                conversation.successor().map(id -> Long.toString(id)),
                circumstances.shared);
    }

    /// @param shared of a new group
    ConversationView conversation(
            Connection connection, Conversation shown, Account viewer, Optional<ConversationView.SharedWith> shared) {
        return conversations(connection, List.of(shown), Optional.of(viewer), shared)
                .getFirst();
    }

    private ParticipantView participant(
            Conversation conversation, Participant participant, Circumstances circumstances) {
        var block = Optional.ofNullable(circumstances.blocked.get(participant.id()));
        return new ParticipantView(
                Long.toString(participant.id()),
                participant.contactId().map(id -> Long.toString(id)),
                participant.name().isEmpty() ? Optional.empty() : Optional.of(participant.name()),
                participant.number(),
                display(participant.number(), conversation.lineId()),
                participant.contact().map(contact -> contact.primaryNumber().equals(participant.number())),
                participant
                        .contactId()
                        .flatMap(id -> Optional.ofNullable(circumstances.contacts.get(id)))
                        .map(contact -> labels(participant, contact))
                        .orElse(List.of()),
                block.isEmpty(),
                block.map(Block::label),
                Optional.ofNullable(circumstances.deciding.get(
                        new OptOutStore.OnLine(conversation.lineId(), participant.number()))));
    }

    private static final String SUSPECTED = """
            SELECT id, line_id, number, decide_by, message_id FROM opt_out
             WHERE state = 'suspected' AND number IN (??)
            """;

    /// What is to be decided about participants of these conversations.
    private static Map<OptOutStore.OnLine, ParticipantView.Decision> deciding(
            Connection connection, Collection<Conversation> shown) {
        return Sql.map(
                connection,
                shown.stream()
                        .flatMap(each -> each.participants().stream())
                        .map(Participant::number)
                        .distinct()
                        .toList(),
                SUSPECTED,
                row -> new OptOutStore.OnLine(row.getLong("line_id"), row.getString("number")),
                row -> new ParticipantView.Decision(
                        Long.toString(row.getLong("id")),
                        Times.maybe(row, "decide_by"),
                        Sql.maybeLong(row, "message_id").map(id -> Long.toString(id))));
    }

    private record Known(Participant.Snapshot now, boolean deleted) {}

    /// What became of its contact since the conversation was created.
    private static List<String> labels(Participant participant, Known contact) {
        var labels = new ArrayList<String>();
        if (participant.contact().filter(contact.now()::equals).isEmpty()) {
            labels.add("updated");
        }
        if (contact.deleted()) {
            labels.add("deleted");
        }
        return labels;
    }

    private static final String CONTACTS = """
            SELECT id, name, primary_number, secondary_number, deleted_at IS NOT NULL AS deleted FROM contact
             WHERE id IN (??)
            """;

    private static Map<Long, Known> contacts(Connection connection, Collection<Conversation> shown) {
        return Sql.map(
                connection,
                shown.stream()
                        .flatMap(each -> each.participants().stream())
                        .flatMap(each -> each.contactId().stream())
                        .distinct()
                        .toList(),
                CONTACTS,
                row -> row.getLong("id"),
                row -> new Known(
                        new Participant.Snapshot(
                                row.getString("name"),
                                row.getString("primary_number"),
                                Sql.maybeText(row, "secondary_number")),
                        row.getBoolean("deleted")));
    }

    private ConversationView.LastMessage lastMessage(Message message, Map<Long, List<Delivery>> deliveries) {
        return new ConversationView.LastMessage(
                Long.toString(message.id()),
                message.direction().label(),
                message.kind().label(),
                author(message),
                message.text(),
                message.createdAt(),
                message.sendAt(),
                summary(deliveries.getOrDefault(message.id(), List.of()).stream()
                        .filter(each -> isIn(message, each))
                        .toList()));
    }

    /// What stands for the name of somebody unknown in texts (the number or the end of it) is no name.
    private MessageView.AuthorView author(Message message) {
        var author = message.author();
        var sender = message.arrival().map(Arrival::sender);
        boolean unknown = sender.filter(number -> author.name().equals(number)
                        || (author.name().startsWith("...")
                                && number.endsWith(author.name().substring(3))))
                .isPresent();
        return new MessageView.AuthorView(
                author.kind().label(),
                author.id().map(id -> Long.toString(id)),
                unknown ? Optional.empty() : Optional.of(author.name()),
                sender,
                sender.map(number -> display(number, message.lineId())));
    }

    /// What `viewer` may see of messages that it may see.
    public List<MessageView> messages(Connection connection, List<Message> shown, Account viewer) {
        var deliveries = messages.deliveriesOf(
                connection, shown.stream().map(Message::id).toList());
        var asked = new HashSet<Long>();
        for (var each : shown) {
            asked.addAll(each.candidates());
            deliveries.getOrDefault(each.id(), List.of()).stream()
                    .filter(delivery -> !isIn(each, delivery))
                    .map(Delivery::conversationId)
                    .forEach(asked::add);
        }
        var visible = messages.meeting(connection, asked, Access.of(viewer).conversations("c"));
        return shown.stream()
                .map(each -> view(each, deliveries.getOrDefault(each.id(), List.of()), visible))
                .toList();
    }

    public MessageView message(Connection connection, Message shown, Account viewer) {
        return messages(connection, List.of(shown), viewer).getFirst();
    }

    /// What its author sees of a message just said.
    MessageView said(Sending.Said said) {
        return forEverybody(said.message(), said.deliveries());
    }

    private MessageView view(Message message, List<Delivery> deliveries, Set<Long> visible) {
        boolean seesEveryCandidate = visible.containsAll(message.candidates());
        return view(
                message,
                deliveries.stream()
                        .filter(each -> isIn(message, each) || visible.contains(each.conversationId()))
                        .toList(),
                !message.isUnrouted() || seesEveryCandidate,
                message.routing()
                        .map(routing -> new MessageView.RoutingView(
                                routing.how(),
                                routing.candidates().stream()
                                        .filter(visible::contains)
                                        .map(id -> Long.toString(id))
                                        .toList(),
                                seesEveryCandidate ? routing.evidence() : Map.of())));
    }

    /// Whether it goes to somebody in the conversation of its message.
    private static boolean isIn(Message message, Delivery delivery) {
        return message.conversationId().equals(Optional.of(delivery.conversationId()));
    }

    /// What everybody may see of a message who may see its conversation: what events carry.
    MessageView forEverybody(Message message, List<Delivery> deliveries) {
        return view(
                message,
                deliveries.stream().filter(each -> isIn(message, each)).toList(),
                !message.isUnrouted(),
                message.routing().map(routing -> new MessageView.RoutingView(routing.how(), List.of(), Map.of())));
    }

    /// What everybody may see of an unrouted text who may see this candidate.
    MessageView forReadersOf(Message unrouted, long candidate) {
        return view(
                unrouted,
                List.of(),
                false,
                unrouted.routing()
                        .map(routing -> new MessageView.RoutingView(
                                routing.how(), List.of(Long.toString(candidate)), Map.of())));
    }

    private MessageView view(
            Message message, List<Delivery> deliveries, boolean showsText, Optional<MessageView.RoutingView> routing) {
        return new MessageView(
                Long.toString(message.id()),
                message.conversationId().map(id -> Long.toString(id)),
                message.direction().label(),
                message.kind().label(),
                author(message),
                showsText ? Optional.of(message.text()) : Optional.empty(),
                message.createdAt(),
                message.sendAt(),
                message.expiresAt(),
                routing,
                deliveries.stream()
                        .map(each -> DeliveryView.of(each, display(each.number(), message.lineId())))
                        .toList(),
                summary(deliveries));
    }

    private static Map<String, Integer> summary(List<Delivery> deliveries) {
        var summary = new LinkedHashMap<String, Integer>();
        deliveries.stream()
                .map(Delivery::status)
                .sorted()
                .forEach(status -> summary.merge(status.label(), 1, Integer::sum));
        return summary;
    }
}
