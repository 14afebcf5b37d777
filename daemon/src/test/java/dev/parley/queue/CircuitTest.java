package dev.parley.queue;

import dev.parley.link.FailureCode;
import dev.parley.link.SubmitOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Each step is an outcome (`a`ccepted, `r`efused, `u`nable, `s`ilent, `t`rouble), a wait (`10s`), or `!` for a link
/// that is ready again; behind each stands whether the circuit lets a part through: `+` closed, `?` as a probe, `-`
/// not.
class CircuitTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                        | steps                     | lets
            one that is unable opens it                 | u 199ms 200ms             | - - ?
            a probe that fails doubles the wait         | u 200ms u 399ms 400ms     | - ? - - ?
            a probe that gets through closes it         | u 200ms a                 | - ? +
            so does one that the network refuses        | u 200ms r                 | - ? +
            what is ready again is taken at its word    | u !                       | - +
            trouble opens it the fifth time             | t t t t t                 | + + + + -
            trouble in between acceptance does not      | t t t t a t               | + + + + + +
            silence opens it the third time             | s s s                     | + + -
            silence is probed seldom                    | s s s 9999ms 10s          | + + - - ?
            and more seldom still                       | s s s 10s s 19s 20s       | + + - ? - - ?
            a silent one that is ready again is probed  | s s s ! s 19s             | + + - ? - -
            and an answer closes it                     | s s s ! a                 | + + - ? +
            """)
    void opensAndCloses(String name, String steps, String lets) {
        var circuit = new Circuit();
        var now = Instant.EPOCH;
        var since = now;
        var seen = new ArrayList<String>();
        for (var step : steps.split(" ", -1)) {
            if (step.equals("!")) {
                circuit.readyAgain(now);
            } else if (step.endsWith("s") && step.length() > 1) {
                now = since.plus(wait(step));
            } else {
                circuit.handingOver();
                circuit.ended(outcome(step), now);
                since = now;
            }
            seen.add(circuit.isClosed() ? "+" : circuit.lets(now) ? "?" : "-");
        }
        assertEquals(lets, String.join(" ", seen));
    }

    private static Duration wait(String step) {
        return step.endsWith("ms")
                ? Duration.ofMillis(Long.parseLong(step.substring(0, step.length() - 2)))
                : Duration.ofSeconds(Long.parseLong(step.substring(0, step.length() - 1)));
    }

    private static SubmitOutcome outcome(String step) {
        return switch (step) {
            case "a" -> new SubmitOutcome.Accepted(Optional.empty());
            case "r" -> new SubmitOutcome.Refused(FailureCode.UNKNOWN_NUMBER, Optional.empty(), "no such number");
            case "u" -> new SubmitOutcome.NotHandedOver("no session is bound");
            case "s" -> new SubmitOutcome.Uncertain("no answer");
            case "t" -> new SubmitOutcome.Postponed(FailureCode.NETWORK_TROUBLE, Optional.empty(), "congestion");
            default -> throw new IllegalArgumentException(step);
        };
    }
}
