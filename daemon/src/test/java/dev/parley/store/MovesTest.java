package dev.parley.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

@DisplayName("Rows in the journal")
class MovesTest {
    private static final Rows NEW = Rows.inserted(1, "a", "id, b, c");
    private static final Rows CHANGED = Rows.updatedTo(2, "a", "id", "b = 'x', c = NULL", "d");

    private static TreeMap<Rows, List<@Nullable Object[]>> of(Rows kind, @Nullable Object... row) {
        var rows = new TreeMap<Rows, List<@Nullable Object[]>>();
        rows.put(kind, new ArrayList<>(List.<@Nullable Object[]>of(row)));
        return rows;
    }

    @Test
    void aStatementForOneRowTakesTheValuesInTheirOrder() {
        assertEquals("INSERT INTO a (id, b, c) VALUES (?, ?, ?)", NEW.single());
        assertEquals("UPDATE a SET b = 'x', c = NULL, d = ? WHERE id IN (?)", CHANGED.single());
        var read = Moves.decoded(Moves.encoded(of(CHANGED, 7L, 5)));
        assertEquals(List.of(List.of(5, 7L)), read.getFirst().rows());
        assertEquals(NEW.number(), Rows.inserted(9, "a", "id, b, c").number());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyValueComesBack(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            var values = new @Nullable Object[] {random.nextLong(), value(random), value(random)};
            var read = Moves.decoded(Moves.encoded(of(NEW, values)));
            assertEquals(1, read.size());
            assertEquals(NEW.number(), read.getFirst().kind());
            var row = read.getFirst().rows().getFirst();
            for (int at = 0; at < values.length; at++) {
                var wanted = values[at] instanceof Optional<?> maybe ? maybe.orElse(null) : values[at];
                if (wanted instanceof byte[] octets) {
                    assertArrayEquals(octets, (byte[]) row.get(at));
                } else {
                    assertEquals(wanted, row.get(at));
                }
            }
        }
    }

    private static @Nullable Object value(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1 -> Optional.empty();
            case 2 -> Optional.of(random.nextInt());
            case 3 -> random.nextBoolean();
            case 4 -> Instant.ofEpochSecond(random.nextLong(1L << 40), random.nextInt(1_000_000_000));
            case 5 -> new byte[] {1, (byte) random.nextInt(), -1};
            case 6 -> random.nextLong();
            default ->
                random.ints(random.nextInt(70_000), 0, 0x3000)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
        };
    }

    @Test
    void whatIsCutOffOrDamagedIsNeverTakenForRows() {
        var whole = Moves.encoded(of(NEW, 7L, "text", Instant.EPOCH));
        for (int length = 1; length < whole.length; length++) {
            var cut = Arrays.copyOf(whole, length);
            assertThrows(IllegalArgumentException.class, () -> Moves.decoded(cut), "the first " + length);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Moves.decoded("nonsense, long enough".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aValueThatTheJournalDoesNotKnowIsAMistakeAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> Moves.encoded(of(NEW, 1L, 2.5, null)));
    }

    @Test
    void whatARowGetsIsPlain() {
        assertThrows(IllegalArgumentException.class, () -> Rows.updatedTo(1, "a", "id", "n = n + 1", "b"));
    }
}
