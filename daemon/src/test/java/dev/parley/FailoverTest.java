package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.CutWire;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A line with two links, through the whole daemon: the front desk with a modem and an SMPP account behind it, sales
/// with two SMPP accounts, the first of them over a wire that can be cut.
@DisplayName("Failover among the links of a line")
class FailoverTest {

    private static final String DESK = "+12025550100";
    private static final String SALES = "+12025550101";
    private static final String ANN = "+12025550111";
    private static final String BOB = "+12025550112";

    @TempDir
    private Path directory;

    private DemoWorld world;
    private Json api;
    private CutWire wire;

    @BeforeEach
    void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
        api = world.api();
        var smsc = world.state().path("smsc").asString("");
        int port = Integer.parseInt(smsc.substring(smsc.lastIndexOf(':') + 1));
        wire = new CutWire(port);
        world.restartOn(config -> config.replace("[modem-1]", "[modem-1, spare]")
                .replace("[aggregator]", "[aggregator, second]")
                .replace("port: " + port, "port: " + wire.port())
                .replace("webhooks:", account("spare", port) + account("second", port) + "webhooks:"));
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
        List.of("modem-1", "spare", "aggregator", "second").forEach(this::ready);
    }

    private static String account(String name, int port) {
        return "  %s: {kind: smpp, host: \"127.0.0.1\", port: %d, systemId: %s, password: demo}%n"
                .formatted(name, port, name);
    }

    @AfterEach
    void end() throws Exception {
        if (world != null) {
            world.close();
        }
        if (wire != null) {
            wire.close();
        }
    }

    private void ready(String link) {
        Await.until(link + " is ready", () -> state(link).equals("ready"), () -> state(link) + world.logs());
    }

    private String state(String link) {
        return api.get("/api/v1/links")
                .ok()
                .path("items")
                .valueStream()
                .filter(each -> each.path("name").asString("").equals(link))
                .findFirst()
                .orElseThrow()
                .path("state")
                .asString("");
    }

    /// @return the id of the message
    private String send(String line, String to, String text) {
        return api.post("/api/v1/messages", Map.of("line", MainJobTest.lineId(api, line), "to", to, "text", text))
                .ok()
                .path("id")
                .asString("");
    }

    private JsonNode delivery(String message) {
        return api.get("/api/v1/messages/" + message).ok().path("deliveries").path(0);
    }

    private void deliveredBy(String link, String message) {
        Await.until(
                "delivered by " + link,
                () -> delivery(message).path("status").asString("").equals("delivered"),
                () -> delivery(message) + world.logs());
        assertEquals(
                link,
                delivery(message).path("link").asString(""),
                delivery(message).toString());
    }

    @Test
    @DisplayName("goes from the modem to SMPP, and back once the modem is")
    void modemToSmpp() {
        deliveredBy("modem-1", send(DESK, ANN, "one"));
        world.simulator().put("/modems/modem-1", Map.of("fault", "unplugged")).ok();
        Await.until("the modem is not ready", () -> !state("modem-1").equals("ready"));
        deliveredBy("spare", send(DESK, ANN, "two"));
        world.simulator().put("/modems/modem-1", Map.of("fault", "none")).ok();
        ready("modem-1");
        deliveredBy("modem-1", send(DESK, ANN, "three"));
        assertEquals(List.of("one", "two", "three"), world.inbox(ANN));
    }

    @Test
    @DisplayName("goes from SMPP to SMPP, but never with a part of which nobody knows whether it was taken")
    void smppToSmpp() {
        deliveredBy("aggregator", send(SALES, ANN, "one"));
        wire.cut();
        deliveredBy("second", send(SALES, ANN, "two"));
        wire.mend();
        ready("aggregator");
        deliveredBy("aggregator", send(SALES, ANN, "three"));

        world.simulator()
                .put("/smsc", Map.of("noAnswer", true, "receiptDelayMs", 1_000))
                .ok();
        var unknown = send(SALES, ANN, "four");
        Await.until("the phone has it", () -> world.inbox(ANN).contains("four"));
        wire.cut();
        world.simulator().put("/smsc", Map.of("noAnswer", false)).ok();
        Await.until("nobody knows", () -> world.metric("parley_queue_submits_total{outcome=\"uncertain\"}") == 1);
        deliveredBy("second", send(SALES, BOB, "meanwhile"));
        var behind = send(SALES, ANN, "five");
        deliveredBy("second", send(SALES, BOB, "and again"));
        assertEquals(List.of("one", "two", "three", "four"), world.inbox(ANN), "what is unknown keeps its place");

        wire.mend();
        deliveredBy("aggregator", unknown);
        deliveredBy("aggregator", behind);
        assertEquals(List.of("one", "two", "three", "four", "five"), world.inbox(ANN));
        assertEquals(0, world.metric("parley_queue_resent_total"));
    }
}
