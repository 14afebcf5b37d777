package dev.parley.modem;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Each row is what happens in turn: `1a` part 1 to a is refused, `1a!` with 304, `ok` something is
/// accepted, `h` an hour and more goes by; and whose fault each refusal is: p the part's, m the modem's.
class RefusalsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                           | what happens                  | fault
            one wrong number                               | ok 1a ok 2b ok                | p p
            several texts to one wrong number              | 1a 2a 3a 4a                   | p p p p
            two wrong numbers in a row                     | 1a 2b ok                      | p p
            everybody                                      | 1a 2b 3c 4d 5e                | p p m m m
            everybody, and then nobody                     | 1a 2b 3c 4d ok 5e            | p p m m p
            three wrong numbers before a right one         | 1a 2b 3c ok 3c                | p p m p
            four of them                                   | 1a 2b 3c 4d ok 3c 4d          | p p m m p p
            the same one as the probe again                | 1a 2b 3c 3c 3c                | p p m m m
            an invalid PDU, says the modem                 | 1a! 2b! 3c!                   | m m m
            one that this modem does not take              | 1a! ok 1a! 2b                 | m p p
            wrong numbers hours apart                      | 1a h 2b h 3c h 4d             | p p p p
            """)
    void aThirdRecipientInARowIsTheModemsFault(String name, String happens, String faults) {
        var refusals = new Refusals();
        var now = Instant.parse("2026-01-05T12:00:00Z");
        var told = new ArrayList<String>();
        for (var event : happens.split(" ", -1)) {
            if (event.endsWith("ok")) {
                refusals.accepted();
            } else if (event.equals("h")) {
                now = now.plus(Refusals.COUNTS_FOR).plus(Duration.ofSeconds(1));
            } else {
                var fault = refusals.refused(event.charAt(0) - '0', event.substring(1, 2), event.endsWith("!"), now);
                told.add(fault == Refusals.Fault.PART ? "p" : "m");
            }
        }
        assertEquals(List.of(faults.split(" ", -1)), told);
    }
}
