package dev.parley.conversation;

import dev.parley.contact.Contacts;
import dev.parley.store.Memory;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Who gets no texts, and why. The only place that knows.
final class Blocks {
    private static final Pattern TEXTABLE = Pattern.compile("\\+[0-9]{4,15}|[0-9]{3,15}");

    /// Contacts in memory.
    private static final int CONTACTS_MAX = 10_000;

    private final Contacts contacts;
    private final OptOutStore optOuts;
    private final Memory<String, Boolean> silentNumbers;
    private final Memory<Long, Boolean> silentContacts;

    Blocks(Store store, Contacts contacts, OptOutStore optOuts) {
        this.contacts = contacts;
        this.optOuts = optOuts;
        this.silentNumbers = new Memory<>(
                store,
                ConversationStore.NUMBERS_MAX,
                (tx, numbers) -> each(numbers, contacts.onDoNotDisturb(tx.connection(), Sql.padded(numbers))));
        this.silentContacts = new Memory<>(
                store, CONTACTS_MAX, (tx, ids) -> each(ids, silentContacts(tx.connection(), Sql.padded(ids))));
    }

    /// A contact is being changed, which had and has these numbers.
    void changed(Tx tx, long contactId, Collection<String> numbers) {
        silentContacts.forget(tx, contactId);
        numbers.forEach(number -> silentNumbers.forget(tx, number));
    }

    static boolean isTextable(String number) {
        return TEXTABLE.matcher(number).matches();
    }

    /// The blocked participants of a conversation by their ids, for who is about to write to them.
    Map<Long, Block> of(Tx tx, Conversation conversation) {
        var people = conversation.participants();
        var numbers = people.stream().map(Participant::number).toList();
        var silent = silentNumbers(tx, numbers);
        var silentPeople = silentContacts(
                tx, people.stream().flatMap(each -> each.contactId().stream()).toList());
        var gone = optOuts.optedOut(tx, conversation.lineId(), numbers);
        var blocks = new HashMap<Long, Block>();
        for (var each : people) {
            boolean isSilent = silent.contains(each.number())
                    || each.contactId().filter(silentPeople::contains).isPresent();
            block(each, isSilent, gone.contains(each.number())).ifPresent(block -> blocks.put(each.id(), block));
        }
        return blocks;
    }

    private static <K> Map<K, Boolean> each(List<K> keys, Set<K> silent) {
        return keys.stream().collect(Collectors.toMap(Function.identity(), silent::contains));
    }

    private Set<String> silentNumbers(Tx tx, Collection<String> numbers) {
        return which(silentNumbers.get(tx, numbers));
    }

    private Set<Long> silentContacts(Tx tx, Collection<Long> ids) {
        return which(silentContacts.get(tx, ids));
    }

    private static <T> Set<T> which(Map<T, Boolean> known) {
        return known.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// The blocked participants of all these conversations by their ids.
    Map<Long, Block> of(Connection connection, Collection<Conversation> conversations) {
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

    private static Set<Long> silentContacts(Connection connection, Collection<Long> ids) {
        return ids.isEmpty()
                ? new HashSet<>()
                : new HashSet<>(Sql.list(
                        connection,
                        "SELECT id FROM contact WHERE dnd AND id IN (" + Sql.marks(ids.size()) + ")",
                        row -> row.getLong("id"),
                        ids));
    }

    /// Which of these people, who are to be in a new conversation on a line, are blocked.
    Map<String, Block> ofNew(Tx tx, long lineId, List<ConversationStore.Draft> people) {
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        return ofNew(
                people,
                silentNumbers(tx, numbers),
                silentContacts(tx, contactIds(people)),
                optOuts.optedOut(tx, lineId, numbers));
    }

    /// The same for who only asks.
    Map<String, Block> ofNew(Connection connection, long lineId, List<ConversationStore.Draft> people) {
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        return ofNew(
                people,
                contacts.onDoNotDisturb(connection, numbers),
                silentContacts(connection, contactIds(people)),
                optOuts.optedOut(connection, numbers).stream()
                        .filter(each -> each.lineId() == lineId)
                        .map(OptOutStore.OnLine::number)
                        .collect(Collectors.toSet()));
    }

    private static List<Long> contactIds(List<ConversationStore.Draft> people) {
        return people.stream().flatMap(each -> each.contactId().stream()).toList();
    }

    private static Map<String, Block> ofNew(
            List<ConversationStore.Draft> people,
            Set<String> silentNumbers,
            Set<Long> silentContacts,
            Set<String> optedOut) {
        var blocks = new HashMap<String, Block>();
        for (var each : people) {
            if (silentNumbers.contains(each.number())
                    || each.contactId().filter(silentContacts::contains).isPresent()) {
                blocks.put(each.number(), Block.DND);
            } else if (optedOut.contains(each.number())) {
                blocks.put(each.number(), Block.OPTED_OUT);
            } else if (!isTextable(each.number())) {
                blocks.put(each.number(), Block.NOT_TEXTABLE);
            }
        }
        return blocks;
    }
}
