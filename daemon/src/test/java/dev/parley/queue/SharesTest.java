package dev.parley.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The rows were worked out by hand. Links are a, b, c; `able` says who could take each part, a dot for who could not,
/// and a `!` behind it that a took the part though it was another's turn.
class SharesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                            | weights | able                            | turns
            one link takes all                              | 5       | a a a                           | a a a
            equal links alternate                           | 1 1     | ab ab ab ab                     | a b a b
            three to one, spread                            | 3 1     | ab ab ab ab ab ab ab ab         | a a b a a a b a
            five to one to one                              | 5 1 1   | abc abc abc abc abc abc abc     | a a b a c a a
            who is away leaves its share to the other       | 3 1     | ab .b .b .b                     | a b b b
            who comes back has nothing to catch up          | 1 1     | ab .b .b .b .b ab ab ab ab      | a b b b b b a b a
            the others keep their shares among them         | 2 1 9   | ab. ab. ab. ab. ab. ab.         | a b a a b a
            nobody can                                      | 3 1     | ..                              | -
            one without a share gets no turn                | 0 1     | ab ab a.                        | b b -
            who took another's turn pays for it             | 1 1     | ab! ab! ab ab ab ab             | a a b b a b
            """)
    void turns(String name, String weights, String able, String turns) {
        var shares = new Shares(
                Arrays.stream(weights.split(" ", -1)).map(Integer::valueOf).toList());
        var taken = new ArrayList<String>();
        for (var step : able.split(" ", -1)) {
            var places = places(step);
            var next = step.endsWith("!") ? OptionalInt.of(0) : shares.next(places);
            next.ifPresent(place -> shares.taken(place, places));
            taken.add(next.isPresent() ? String.valueOf((char) ('a' + next.getAsInt())) : "-");
        }
        assertEquals(turns, String.join(" ", taken));
    }

    private static BitSet places(String able) {
        var places = new BitSet();
        able.chars().filter(c -> c >= 'a' && c <= 'c').forEach(c -> places.set(c - 'a'));
        return places;
    }

    /// Rounds of random weights, some of the links away in each: those that are there have exactly their shares.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @DisplayName("over a round each link that is there has exactly its share, and never strays far from it")
    void shares(long seed) {
        var random = new Random(seed);
        var weights = IntStream.range(0, 1 + random.nextInt(8))
                .mapToObj(_ -> 1 + random.nextInt(20))
                .toList();
        for (int trial = 0; trial < 50; trial++) {
            var shares = new Shares(weights);
            var able = someOf(random, weights.size());
            int total = able.stream().map(weights::get).sum();
            var taken = new int[weights.size()];
            for (int part = 1; part <= 3 * total; part++) {
                int place = shares.next(able).orElseThrow();
                shares.taken(place, able);
                taken[place]++;
                for (int each : able.stream().toArray()) {
                    double due = (double) part * weights.get(each) / total;
                    assertTrue(Math.abs(taken[each] - due) <= weights.size(), () -> weights + " " + able);
                }
            }
            for (int each = 0; each < weights.size(); each++) {
                assertEquals(able.get(each) ? 3 * weights.get(each) : 0, taken[each], weights + " " + able);
            }
        }
    }

    /// Whatever happened before: links away, turns taken out of turn.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("after any past, no link takes a burst of more than some rounds, and none is left without")
    void aPastIsSoonForgotten(long seed) {
        var random = new Random(seed);
        var weights = List.of(7, 3, 1);
        var all = places("abc");
        var shares = new Shares(weights);
        for (int part = 0; part < 2_000; part++) {
            var able = someOf(random, 3);
            boolean outOfTurn = random.nextInt(3) == 0;
            shares.taken(outOfTurn ? 0 : shares.next(able).orElseThrow(), able);
        }
        int rounds = 40;
        var taken = new int[3];
        for (int part = 0; part < rounds * 11; part++) {
            int place = shares.next(all).orElseThrow();
            shares.taken(place, all);
            taken[place]++;
        }
        for (int each = 0; each < 3; each++) {
            int due = rounds * weights.get(each);
            assertTrue(
                    Math.abs(taken[each] - due) <= 16 * 11,
                    () -> IntStream.of(taken).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
        assertTrue(taken[2] > 0);
    }

    private static BitSet someOf(Random random, int places) {
        var some = new BitSet(places);
        IntStream.range(0, places).filter(_ -> random.nextInt(3) > 0).forEach(some::set);
        some.set(random.nextInt(places));
        return some;
    }
}
