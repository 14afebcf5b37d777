package dev.parley.link;

import dev.parley.world.Logged;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.parley.link.LinkState.CLOSED;
import static dev.parley.link.LinkState.CONNECTING;
import static dev.parley.link.LinkState.DISCONNECTED;
import static dev.parley.link.LinkState.FAULT;
import static dev.parley.link.LinkState.LOCKED;
import static dev.parley.link.LinkState.READY;
import static dev.parley.link.LinkState.SEARCHING;
import static org.junit.jupiter.api.Assertions.assertEquals;

@DisplayName("The log says of a link")
class LinkNewsTest {

    private final Logged logged = new Logged();
    private final LinkNews news = new LinkNews(logged.logger(), "aggregator");
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private LinkState state = DISCONNECTED;

    private void becomes(LinkState next, String sentence) {
        news.tell(state, LinkStatus.of(next, sentence, now));
        state = next;
    }

    private void says(String... lines) {
        assertEquals(List.of(lines), logged.taken());
    }

    @Test
    @DisplayName("that it was lost and why as a warning, and that it is back as information")
    void lost() {
        becomes(CONNECTING, "");
        becomes(READY, "");
        says("INFO link=aggregator is connecting", "INFO link=aggregator is ready");
        becomes(DISCONNECTED, "the SMSC closed the connection");
        says("WARN link=aggregator was lost and is disconnected: the SMSC closed the connection");
        now = now.plusSeconds(42);
        becomes(CONNECTING, "");
        becomes(READY, "");
        says("INFO link=aggregator is ready again after 42 s");
    }

    @Test
    @DisplayName("a refused bind as a warning, once for each reason however often it is tried")
    void refused() {
        for (int tries = 0; tries < 20; tries++) {
            becomes(CONNECTING, "");
            becomes(FAULT, "the SMSC refused the bind: ESME_RINVPASWD");
        }
        becomes(CONNECTING, "");
        becomes(DISCONNECTED, "nothing listens at 192.0.2.1:2775");
        says(
                "INFO link=aggregator is connecting",
                "WARN link=aggregator is fault: the SMSC refused the bind: ESME_RINVPASWD",
                "WARN link=aggregator is disconnected: nothing listens at 192.0.2.1:2775");
        becomes(READY, "");
        becomes(FAULT, "the SMSC refused the bind: ESME_RINVPASWD");
        says(
                "INFO link=aggregator is ready again after 0 s",
                "WARN link=aggregator was lost and is fault: the SMSC refused the bind: ESME_RINVPASWD");
    }

    @Test
    @DisplayName("a bounded number of lines for one trouble, whatever its sentences hold")
    void bounded() {
        for (int port = 0; port < 1_000; port++) {
            becomes(DISCONNECTED, "cannot open port " + port);
        }
        assertEquals(10, logged.taken().size());
    }

    @Test
    @DisplayName("that it serves with less than it should, and that it does so no more")
    void less() {
        becomes(READY, "");
        becomes(READY, "1 of 2 sessions is bound");
        becomes(READY, "1 of 2 sessions is bound");
        becomes(READY, "");
        becomes(READY, "");
        says(
                "INFO link=aggregator is ready",
                "WARN link=aggregator is ready, but: 1 of 2 sessions is bound",
                "INFO link=aggregator is ready without trouble again");
    }

    @Test
    @DisplayName("that a modem lost its network, and that it wants its PIN, and nothing bad of a start or a stop")
    void modem() {
        becomes(CONNECTING, "");
        becomes(SEARCHING, "");
        becomes(READY, "");
        becomes(SEARCHING, "no network");
        becomes(LOCKED, "the SIM wants its PIN");
        becomes(CLOSED, "");
        says(
                "INFO link=aggregator is connecting",
                "INFO link=aggregator is searching",
                "INFO link=aggregator is ready",
                "WARN link=aggregator was lost and is searching: no network",
                "WARN link=aggregator is locked: the SIM wants its PIN",
                "INFO link=aggregator is closed");
    }
}
