package dev.parley.queue;

import dev.parley.link.FailureCode;
import dev.parley.link.SubmitOutcome;
import dev.parley.world.Logged;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

@DisplayName("A run of refusals")
class FailureRunTest {
    private static final SubmitOutcome ACCEPTED = new SubmitOutcome.Accepted(Optional.of("1"));
    private static final SubmitOutcome REFUSED =
            new SubmitOutcome.Refused(FailureCode.NO_CREDIT, Optional.of(0x45), "No credit is left.");
    private static final SubmitOutcome UNKNOWN = new SubmitOutcome.Uncertain("no answer");

    private final Logged logged = new Logged();
    private final FailureRun run = new FailureRun(logged.logger(), "aggregator");

    private void end(SubmitOutcome outcome, int times) {
        for (int i = 0; i < times; i++) {
            run.ended(outcome);
        }
    }

    @Test
    @DisplayName("is told at the fifth, at each ten times as many, and when it is over")
    void told() {
        end(REFUSED, 4);
        assertEquals(List.of(), logged.taken());
        end(REFUSED, 1_000);
        end(ACCEPTED, 10);
        assertEquals(
                List.of(
                        "WARN link=aggregator refusals=5 in a row, the latest: no-credit, No credit is left.",
                        "WARN link=aggregator refusals=50 in a row, the latest: no-credit, No credit is left.",
                        "WARN link=aggregator refusals=500 in a row, the latest: no-credit, No credit is left.",
                        "INFO link=aggregator takes texts again after refusals=1004"),
                logged.taken());
    }

    @Test
    @DisplayName("is none where texts get through between, and goes on over one of which nothing is known")
    void none() {
        for (int i = 0; i < 10; i++) {
            end(REFUSED, 4);
            end(ACCEPTED, 1);
        }
        assertEquals(List.of(), logged.taken());
        end(REFUSED, 4);
        end(UNKNOWN, 3);
        end(REFUSED, 1);
        assertEquals(1, logged.taken().size());
    }
}
