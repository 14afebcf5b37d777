package dev.parley.webhook;

import dev.parley.world.Logged;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

@DisplayName("The log says of a webhook")
class WebhookNewsTest {

    private final Logged logged = new Logged();
    private final WebhookNews news = new WebhookNews(logged.logger());

    @Test
    @DisplayName("a run of failures once as a warning, and as information that it is over")
    void run() {
        for (int failures = 1; failures <= 9; failures++) {
            news.failed(7, failures, "HTTP status 500");
        }
        news.delivered(7, 9);
        news.delivered(7, 0);
        assertEquals(
                List.of(
                        "WARN webhook=7 failed 5 times in a row and is tried ever more seldom: HTTP status 500",
                        "INFO webhook=7 takes what is posted again after 9 failures"),
                logged.taken());
    }

    @Test
    @DisplayName("nothing of a single failure, and that it was given up")
    void single() {
        news.failed(7, 1, "HTTP status 500");
        news.delivered(7, 1);
        assertEquals(List.of(), logged.taken());
        news.givenUp(7, 12, "HTTP status 410");
        assertEquals(List.of("WARN webhook=7 is dead after 12 failures: HTTP status 410"), logged.taken());
    }
}
