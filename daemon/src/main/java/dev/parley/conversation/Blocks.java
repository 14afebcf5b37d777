package dev.parley.conversation;

import dev.parley.contact.Contacts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Who gets no texts, and why. The only place that knows.
final class Blocks {
    private static final Pattern TEXTABLE = Pattern.compile("\\+[0-9]{4,15}|[0-9]{3,15}");

    private final Contacts contacts;
    private final OptOutStore optOuts;

    Blocks(Contacts contacts, OptOutStore optOuts) {
        this.contacts = contacts;
        this.optOuts = optOuts;
    }

    static boolean isTextable(String number) {
        return TEXTABLE.matcher(number).matches();
    }

    /// The blocked participants of a conversation by their ids.
    Map<Long, Block> of(Connection connection, Conversation conversation) throws SQLException {
        return of(connection, List.of(conversation));
    }

    /// The blocked participants of all these conversations by their ids.
    Map<Long, Block> of(Connection connection, Collection<Conversation> conversations) throws SQLException {
        var numbers = new HashSet<String>();
        var contactIds = new HashSet<Long>();
        for (var conversation : conversations) {
            for (var participant : conversation.participants()) {
                numbers.add(participant.number());
                participant.contactId().ifPresent(contactIds::add);
            }
        }
        var blocks = new HashMap<Long, Block>();
        var silentNumbers = contacts.onDoNotDisturb(connection, numbers);
        var silentContacts = silentContacts(connection, contactIds);
        var gone = optOuts.optedOut(connection, numbers);
        for (var conversation : conversations) {
            for (var participant : conversation.participants()) {
                boolean silent = silentNumbers.contains(participant.number())
                        || participant
                                .contactId()
                                .filter(silentContacts::contains)
                                .isPresent();
                boolean optedOut = gone.contains(new OptOutStore.OnLine(conversation.lineId(), participant.number()));
                block(participant, silent, optedOut).ifPresent(block -> blocks.put(participant.id(), block));
            }
        }
        return blocks;
    }

    private static Optional<Block> block(Participant participant, boolean silent, boolean optedOut) {
        if (silent) {
            return Optional.of(Block.DND);
        }
        if (optedOut) {
            return Optional.of(Block.OPTED_OUT);
        }
        if (participant.hasLeft()) {
            return Optional.of(Block.LEFT);
        }
        return isTextable(participant.number()) ? Optional.empty() : Optional.of(Block.NOT_TEXTABLE);
    }

    private static Set<Long> silentContacts(Connection connection, Collection<Long> ids) throws SQLException {
        return ids.isEmpty()
                ? new HashSet<>()
                : new HashSet<>(Sql.list(
                        connection,
                        "SELECT id FROM contact WHERE dnd AND id IN (" + Sql.marks(ids.size()) + ")",
                        row -> row.getLong("id"),
                        ids));
    }

    /// Which of these people, who are to be in a new conversation on a line, are blocked.
    Map<String, Block> ofNew(Connection connection, long lineId, List<ConversationStore.Draft> people)
            throws SQLException {
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        var silentNumbers = contacts.onDoNotDisturb(connection, numbers);
        var silentContacts = silentContacts(
                connection,
                people.stream().flatMap(each -> each.contactId().stream()).toList());
        var gone = optOuts.optedOut(connection, numbers);
        var blocks = new HashMap<String, Block>();
        for (var each : people) {
            if (silentNumbers.contains(each.number())
                    || each.contactId().filter(silentContacts::contains).isPresent()) {
                blocks.put(each.number(), Block.DND);
            } else if (gone.contains(new OptOutStore.OnLine(lineId, each.number()))) {
                blocks.put(each.number(), Block.OPTED_OUT);
            } else if (!isTextable(each.number())) {
                blocks.put(each.number(), Block.NOT_TEXTABLE);
            }
        }
        return blocks;
    }
}
