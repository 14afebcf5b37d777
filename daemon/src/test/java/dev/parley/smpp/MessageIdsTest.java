package dev.parley.smpp;

import dev.parley.link.ReferenceSpelling;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MessageIdsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                      | response             | receipt              | way
            octet for octet                           | abc-1                | abc-1                | EXACT
            letters in the other case                 | 1101C1-C9D03D        | 1101c1-c9d03d        | OTHER_CASE
            padding left out                          | 00B8BE19             | B8BE19               | LEADING_ZEROS
            padding put in, in the other case         | b8be19               | 00B8BE19             | LEADING_ZEROS
            hexadecimal in the response               | 39f99dd5             | 0972660181           | HEX_IN_RESPONSE
            hexadecimal in the receipt                | 0972660181           | 39F99DD5             | HEX_IN_RECEIPT
            beyond 2^63                               | 812FC7470000001B     | 9308878062554710043  | HEX_IN_RESPONSE
            beyond 2^64                               | 10000000000000000    | 18446744073709551616 | HEX_IN_RESPONSE
            zeros, one or many                        | 0                    | 0000                 | LEADING_ZEROS
            no hexadecimal digits, other padding      | 00x1                 | x1                   |
            a UUID that lost its hyphens              | 0e999f21-81ef-4974-a414-3de98174e3c7 | 0E999F2181EF4974A4143DE98174E3C7 | UUID_WITHOUT_HYPHENS
            a UUID that got them                      | 0e999f2181ef4974a4143de98174e3c7 | 0e999f21-81ef-4974-a414-3de98174e3c7 | UUID_WITHOUT_HYPHENS
            hyphens in another id                     | 12-34                | 1234                 |
            two different numbers                     | 1234                 | 1235                 |
            """)
    void tellsHowTwoIdsAreTheSame(String name, String response, String receipt, MessageIds.Way way) {
        assertEquals(way, surest(response, receipt), name);
    }

    /// Null if they are not the same in any way.
    static MessageIds.@Nullable Way surest(String response, String receipt) {
        return Stream.of(MessageIds.Way.values())
                .filter(way -> MessageIds.same(response, receipt, way))
                .findFirst()
                .orElse(null);
    }

    @Test
    void prefersTheExactIdOverOneThatIsTheSameInTheOtherBase() {
        assertEquals(one("1234"), among(List.of("4D2", "1234"), "1234", MessageIds.Form.HEX_IN_RESPONSE));
    }

    @Test
    void triesTheConfiguredWayBeforeTheOthers() {
        assertEquals(one("100"), among(List.of("100", "256"), "0000000256", MessageIds.Form.HEX_IN_RESPONSE));
        assertEquals(one("256"), among(List.of("100", "256"), "0000000256", MessageIds.Form.AS_WRITTEN));
    }

    @Test
    void neverExcludesAWayThatIsNotTheConfiguredOne() {
        assertEquals(one("39f99dd5"), among(List.of("39f99dd5"), "972660181", MessageIds.Form.HEX_IN_RECEIPT));
    }

    @Test
    void triesTheWayOfTheLatestReceiptBeforeTheOthers() {
        var ids = MessageIds.Form.AS_WRITTEN.get();
        assertTrue(ids.isExact());
        assertEquals(one("39f99dd5"), ids.among(List.of("39f99dd5"), Optional::of, "972660181"));
        assertFalse(ids.isExact());
        assertEquals(one("100"), ids.among(List.of("100", "256"), Optional::of, "0000000256"));
    }

    @Test
    void settlesNoneWhereSeveralFit() {
        assertEquals(
                new ReferenceSpelling.Found.Several<>(),
                among(List.of("0B8BE19", "00B8BE19"), "B8BE19", MessageIds.Form.AS_WRITTEN));
    }

    @Test
    void matchesNothingWithoutAnId() {
        assertEquals(new ReferenceSpelling.Found.None<>(), among(List.of("", ""), "", MessageIds.Form.AS_WRITTEN));
    }

    private static ReferenceSpelling.Found<String> one(String part) {
        return new ReferenceSpelling.Found.One<>(part);
    }

    private static ReferenceSpelling.Found<String> among(List<String> parts, String receipt, MessageIds.Form form) {
        return form.get().among(parts, Optional::of, receipt);
    }
}
