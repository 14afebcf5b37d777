package dev.parley;

import dev.parley.world.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The watch over virtual threads")
class StallWatchTest {

    @TempDir
    private Path directory;

    @Test
    @DisplayName("a task that does not come back is noticed, with the stacks of all threads, and so is that it does")
    void noticesAStall() {
        var stands = new CountDownLatch(1);
        try (var watch = new StallWatch(
                task -> Thread.ofVirtual().start(() -> {
                    try {
                        stands.await();
                        task.run();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }),
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                directory)) {
            Await.until("the stall", watch::isStalled);
            Await.until("the stacks", () -> Files.exists(directory.resolve("stalled-threads.txt")));
            stands.countDown();
            Await.until("its end", () -> !watch.isStalled());
        }
    }
}
