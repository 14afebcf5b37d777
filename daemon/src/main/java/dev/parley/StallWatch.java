package dev.parley;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices when virtual threads stand still. Links, the queue and the inbox run on them, and a runtime that
/// loses a wake-up (JDK-8369227 until 25.0.3, JDK-8373120 until 25.0.4) leaves a daemon that is alive and does
/// nothing: no session is bound, no time runs out.
///
/// A platform thread sends a task through the scheduler of virtual threads every few seconds. The task itself
/// wakes a scheduler that has missed a signal; where it does not come back, that is logged once, and the stacks
/// of all threads are written to a file for whoever is to find out why.
final class StallWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);

    private static final Duration EVERY = Duration.ofSeconds(5);

    /// A machine may be busy for long; nothing of ours is for so long.
    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private final Executor virtual;
    private final Duration every;
    private final Duration atMost;
    private final Path dump;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean stalled;

    /// @param directory where the stacks are written
    static StallWatch start(Path directory) {
        return new StallWatch(
                task -> Thread.ofVirtual().name("stall-watch-probe").start(task), EVERY, AT_MOST, directory);
    }

    StallWatch(Executor virtual, Duration every, Duration atMost, Path directory) {
        this.virtual = virtual;
        this.every = every;
        this.atMost = atMost;
        this.dump = directory.resolve("stalled-threads.txt").toAbsolutePath();
        this.thread = Thread.ofPlatform().daemon().name("stall-watch").start(this::watch);
    }

    /// Whether virtual threads stand still now.
    boolean isStalled() {
        return stalled;
    }

    private void watch() {
        try {
            while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                var back = new CountDownLatch(1);
                virtual.execute(back::countDown);
                if (!back.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                    stalled = true;
                    LOG.error("virtual threads have stood still for {} s; {}", atMost.toSeconds(), dumped());
                    back.await();
                    stalled = false;
                    LOG.info("virtual threads go on again");
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return what became of the stacks
    private String dumped() {
        try {
            Files.deleteIfExists(dump);
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            return "the stacks of all threads are in " + dump;
        } catch (IOException | RuntimeException e) {
            return "the stacks could not be written: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
