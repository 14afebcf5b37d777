package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Role;
import dev.parley.contact.ContactPeople;
import dev.parley.person.People;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Searches over messages in batches of words, behind them, and without.
class SearchesTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private List<String> found(Account viewer, String query, Optional<Long> conversation) {
        return found(viewer, Optional.of(query), conversation);
    }

    /// All pages of seven.
    private List<String> found(Account viewer, Optional<String> query, Optional<Long> conversation) {
        var texts = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = done(world.services
                    .searches()
                    .search(
                            viewer,
                            new MessageSearch(
                                    query,
                                    conversation,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()),
                            new PageRequest(7, cursor)));
            page.items().forEach(each -> texts.add(each.text().orElse("")));
            cursor = page.next();
        } while (cursor.isPresent());
        return texts;
    }

    /// Many messages of one conversation, a second apart, without deliveries.
    private void said(long conversation, int from, int to) {
        world.store.read(connection -> {
            try (var insert = connection.prepareStatement(
                    "INSERT INTO message (id, conversation_id, line_id, direction, kind, author_kind, author_name, text,"
                            + " created_at) VALUES (?, ?, ?, 'outbound', 'normal', 'system', 'Parley', ?, ?)")) {
                for (int i = from; i < to; i++) {
                    insert.setLong(1, 1_000_000 + i);
                    insert.setLong(2, conversation);
                    insert.setLong(3, world.desk.id());
                    insert.setString(4, "The van number " + i + (i % 1_000 == 7 ? " is a Zebra" : " is blue"));
                    insert.setObject(5, Times.bind(world.clock.instant().plusSeconds(i)));
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            return 0;
        });
    }

    @Test
    void whatIsFoundIsTheSameInBatchesAndBehindThem() {
        long id = World.id(world.create(world.on(world.desk, World.number(ANN))));
        said(id, 0, 5_000);
        var zebras = IntStream.range(0, 5)
                .mapToObj(i -> "The van number " + (4_007 - 1_000 * i) + " is a Zebra")
                .toList();
        for (int batches = 0; batches < 3; batches++) {
            assertEquals(zebras, found(world.admin, "zeb", Optional.empty()), batches + " batches");
            assertEquals(zebras, found(world.admin, "ZEBRA the", Optional.empty()), batches + " batches");
            assertEquals(zebras, found(world.admin, "zebra", Optional.of(id)), batches + " batches");
            assertEquals(
                    List.of("The van number 2007 is a Zebra"),
                    found(world.admin, "van 2007", Optional.empty()),
                    batches + " batches");
            assertEquals(List.of(), found(world.admin, "giraffe", Optional.empty()), batches + " batches");
            assertEquals(List.of(), found(world.admin, "zebra blue", Optional.empty()), batches + " batches");
            world.clock.advance(Duration.ofSeconds(batches == 0 ? 5_100 : 0));
            assertEquals(batches < 2, world.services.words().takeBatch());
        }
        assertEquals(5_000, found(world.admin, "number", Optional.empty()).size());
        var max = world.user("max", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        assertEquals(List.of(), found(max, "zebra", Optional.empty()));
    }

    /// Each once, whatever ends a page.
    @Test
    void withoutWordsAllIsFoundPageByPage() {
        long id = World.id(world.create(world.on(world.desk, World.number(ANN))));
        said(id, 0, 2_500);
        var all = IntStream.range(0, 2_500)
                .mapToObj(
                        i -> "The van number " + (2_499 - i) + ((2_499 - i) % 1_000 == 7 ? " is a Zebra" : " is blue"))
                .toList();
        assertEquals(
                all,
                found(world.admin, Optional.empty(), Optional.of(id)).stream()
                        .filter(each -> each.startsWith("The van"))
                        .toList());
        assertEquals(
                all,
                found(world.admin, Optional.empty(), Optional.empty()).stream()
                        .filter(each -> each.startsWith("The van"))
                        .toList());
    }

    @Test
    void wordsOfMessagesThatAreGoneAreForgotten() {
        long id = World.id(world.create(world.on(world.desk, World.number(ANN))));
        said(id, 0, WordIndex.BATCH);
        world.clock.advance(Duration.ofDays(1));
        assertTrue(world.services.words().takeBatch());
        assertFalse(world.services.words().takeBatch());
        int bites = 0;
        while (world.services.words().deleteBite(world.clock.instant(), 1_000) > 0) {
            bites++;
        }
        assertTrue(bites >= 3, bites + " bites");
        assertEquals(
                7, found(world.admin, "van", Optional.empty()).subList(0, 7).size());
    }

    /// The index would tell what an erased text said.
    @Test
    void wordsOfErasedTextsAreForgotten() throws Exception {
        long group = World.id(world.create(world.on(world.desk, World.contact(world.ann), World.number(BOB))));
        said(group, 0, WordIndex.BATCH - 1);
        var now = world.clock.instant();
        world.store.transaction(tx -> {
            world.replies
                    .replies()
                    .received(
                            tx,
                            new InboundText(
                                    world.desk.id(),
                                    ANN,
                                    "a Zebra crossed my Zugzwang",
                                    Optional.of(now),
                                    now,
                                    "modem-1"));
            return 0;
        });
        world.clock.advance(Duration.ofDays(1));
        assertTrue(world.services.words().takeBatch());
        assertEquals(List.of("zugzwang"), indexed("zug%"));
        var people = new People(
                world.store,
                world.clock,
                world.json,
                List.of(new ContactPeople(world.contacts), world.services.people()));
        assertTrue(people.erase(ANN, Optional.empty()).doneAt().isPresent());
        assertEquals(List.of(), indexed("zug%"));
        assertEquals(List.of(), indexed("crossed"));
        assertEquals(List.of("zebra"), indexed("zebra"));
        assertEquals(3, found(world.admin, "zebra", Optional.empty()).size());
    }

    private List<String> indexed(String like) {
        return world.store.read(connection -> Sql.list(
                connection, "SELECT word FROM message_word WHERE word LIKE ?", row -> row.getString("word"), like));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            case and accents do not count    | ZOË naïve       | zoe NAIVE said so    | true
            a beginning is enough            | ka              | Kayak                | true
            an end is not                    | yak             | Kayak                | false
            all words must be there          | kayak red       | a blue kayak         | false
            an apostrophe stays              | o'clock         | at 5 o'clock         | true
            and parts nothing                | o'clock         | o no clock           | false
            a number as it was typed         | 555-0111        | call 555-0111        | true
            a script without spaces          | 明天             | 我们明天见            | true
            in its order                     | 天明             | 我们明天见            | false
            a smiley                         | 😀              | fine 😀               | true
            """)
    void aTextHasWhatIsLookedFor(String name, String query, String text, boolean has) {
        assertEquals(has, Words.Query.of(query).matches(text));
        if (has) {
            var words = Words.of(text);
            assertTrue(
                    Words.Query.of(query).words().stream()
                            .allMatch(each -> words.stream().anyMatch(word -> word.startsWith(each))),
                    "the index finds what the text has");
        }
    }
}
