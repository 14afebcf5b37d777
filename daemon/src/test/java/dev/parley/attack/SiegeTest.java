package dev.parley.attack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A daemon with 128 MiB of heap under siege, and nothing else on the machine.
@Timeout(300)
@Isolated
class SiegeTest {
    /// What the whole process may have in memory: the heap, as much again of Netty's buffers, and what a
    /// JVM needs besides.
    private static final long RESIDENT_KIB_MAX = 420 * 1024;

    /// A busy machine may spoil one round.
    private static final int ROUNDS = 3;

    private static final long P99_MAX = 500;

    /// How long a post may take while somebody fills what there is.
    private static final long HOARDED_MAX = 5_000;

    @TempDir
    Path directory;

    @Test
    void whatOneGuestDoesTheOthersDoNotFeel() throws Exception {
        try (var daemon = new SmallDaemon(directory)) {
            Siege.Report report;
            int round = 0;
            do {
                report = new Siege(daemon.url, daemon.attacker, daemon.other).lay(Duration.ofSeconds(40));
                System.out.println("siege: " + report + ", resident " + daemon.resident() / 1024 + " MiB");
            } while (++round < ROUNDS && !isGood(report));
            daemon.requireAlive();
            assertEquals(0, report.failed(), report.toString());
            assertTrue(Siege.Report.p99(report.posts()) < P99_MAX, report.toString());
            assertTrue(Siege.Report.p99(report.events()) < P99_MAX, report.toString());
            assertTrue(daemon.resident() < RESIDENT_KIB_MAX, () -> daemon.resident() + " KiB resident");
            assertTrue(
                    report.outcomes().getOrDefault("upload of a stranger: 401", 0) > 0,
                    "nobody's body is asked for: " + report);
            assertEquals(200, daemon.status("/healthz"));
            assertEquals(200, daemon.status("/metrics"));
        }
    }

    /// What nobody reads is not kept until there is room for nothing else.
    @Test
    void whoTakesNothingOfWhatTheyAskForFillsNoMemory() throws Exception {
        try (var daemon = new SmallDaemon(directory)) {
            var report = new Hoard(daemon.url, daemon.attacker, daemon.other).lay();
            System.out.println("hoard: " + report + ", resident " + daemon.resident() / 1024 + " MiB");
            daemon.requireAlive();
            assertEquals(List.of(), report.failures(), report.toString());
            assertTrue(report.longest() < HOARDED_MAX, report.toString());
            assertTrue(daemon.resident() < RESIDENT_KIB_MAX, () -> daemon.resident() + " KiB resident");
            assertEquals(200, daemon.status("/healthz"));
        }
    }

    private static boolean isGood(Siege.Report report) {
        return report.failed() == 0
                && Siege.Report.p99(report.posts()) < P99_MAX
                && Siege.Report.p99(report.events()) < P99_MAX;
    }
}
