package dev.parley.inbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PartTimesTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, nullValues = "-", textBlock = """
            case                                  | there, minutes | part | fit
            the first                             | -              | 0    | JOINS
            without a time (SMPP)                 | 0              | -    | JOINS
            in the same second                    | 0              | 0    | JOINS
            minutes later                         | 0              | 20   | JOINS
            minutes earlier, by another SMSC      | 0              | -20  | JOINS
            one by one on a slow network          | 0 40           | 60   | JOINS
            hours later                           | 0              | 180  | LATER
            a little too late for the first       | 0 40           | 61   | LATER
            hours earlier                         | 0              | -180 | EARLIER
            """)
    void partsOfOneTextLieTogether(String name, String there, String part, PartTimes.Fit fit) {
        var times = there == null
                ? List.<Instant>of()
                : Arrays.stream(there.split(" ", -1)).map(PartTimesTest::at).toList();
        assertEquals(fit, PartTimes.fit(times, Optional.ofNullable(part).map(PartTimesTest::at)));
    }

    private static Instant at(String minutes) {
        return NOON.plus(Duration.ofMinutes(Long.parseLong(minutes)));
    }
}
