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
import java.util.function.Predicate;
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

    private static boolean isTextable(String number) {
        return TEXTABLE.matcher(number).matches();
    }

    private static <K> Map<K, Boolean> each(List<K> keys, Set<K> silent) {
        return keys.stream().collect(Collectors.toMap(Function.identity(), silent::contains));
    }

    /// Somebody who may be blocked.
    interface Person {
        String number();

        Optional<Long> contactId();

        default boolean hasLeft() {
            return false;
        }
    }

    /// What is known of people.
    ///
    /// @param numbers on Do Not Disturb
    /// @param contacts on Do Not Disturb
    private record Silence(
            Predicate<String> numbers, Predicate<Long> contacts, Predicate<OptOutStore.OnLine> optedOut) {

        Optional<Block> of(long lineId, Person person) {
            if (numbers.test(person.number())
                    || person.contactId().filter(contacts).isPresent()) {
                return Optional.of(Block.DND);
            }
            if (optedOut.test(new OptOutStore.OnLine(lineId, person.number()))) {
                return Optional.of(Block.OPTED_OUT);
            }
            if (person.hasLeft()) {
                return Optional.of(Block.LEFT);
            }
            return isTextable(person.number()) ? Optional.empty() : Optional.of(Block.NOT_TEXTABLE);
        }

        <P extends Person, K> Map<K, Block> of(long lineId, Collection<P> people, Function<P, K> key) {
            var blocks = new HashMap<K, Block>();
            for (var each : people) {
                of(lineId, each).ifPresent(block -> blocks.put(key.apply(each), block));
            }
            return blocks;
        }
    }

    private Silence silence(Tx tx, long lineId, Collection<? extends Person> people) {
        var numbers = numbers(people);
        var silent = silentNumbers.get(tx, numbers);
        var silentPeople = silentContacts.get(tx, contactIds(people));
        return new Silence(
                number -> silent.getOrDefault(number, false),
                id -> silentPeople.getOrDefault(id, false),
                optOuts.optedOut(tx, lineId, numbers)::contains);
    }

    /// The same for who only asks.
    private Silence silence(Connection connection, Collection<? extends Person> people) {
        var numbers = numbers(people);
        return new Silence(
                contacts.onDoNotDisturb(connection, numbers)::contains,
                silentContacts(connection, contactIds(people))::contains,
                optOuts.optedOut(connection, numbers)::contains);
    }

    private static List<String> numbers(Collection<? extends Person> people) {
        return people.stream().map(Person::number).distinct().toList();
    }

    private static List<Long> contactIds(Collection<? extends Person> people) {
        return people.stream()
                .flatMap(each -> each.contactId().stream())
                .distinct()
                .toList();
    }

    private static Set<Long> silentContacts(Connection connection, Collection<Long> ids) {
        return ids.isEmpty()
                ? Set.of()
                : new HashSet<>(Sql.list(
                        connection,
                        "SELECT id FROM contact WHERE dnd AND id IN (" + Sql.marks(ids.size()) + ")",
                        row -> row.getLong("id"),
                        ids));
    }

    /// The blocked participants of a conversation by their ids, for who is about to write to them.
    Map<Long, Block> of(Tx tx, Conversation conversation) {
        var people = conversation.participants();
        return silence(tx, conversation.lineId(), people).of(conversation.lineId(), people, Participant::id);
    }

    /// The blocked participants of all these conversations by their ids.
    Map<Long, Block> of(Connection connection, Collection<Conversation> conversations) {
        var silence = silence(
                connection,
                conversations.stream()
                        .flatMap(each -> each.participants().stream())
                        .toList());
        var blocks = new HashMap<Long, Block>();
        conversations.forEach(each -> blocks.putAll(silence.of(each.lineId(), each.participants(), Participant::id)));
        return blocks;
    }

    /// Which of these people, who are to be in a new conversation on a line, are blocked.
    Map<String, Block> ofNew(Tx tx, long lineId, List<ConversationStore.Draft> people) {
        return silence(tx, lineId, people).of(lineId, people, ConversationStore.Draft::number);
    }

    /// The same for who only asks.
    Map<String, Block> ofNew(Connection connection, long lineId, List<ConversationStore.Draft> people) {
        return silence(connection, people).of(lineId, people, ConversationStore.Draft::number);
    }
}
