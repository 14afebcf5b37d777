package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.CutWire;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Lines with several links, through the whole daemon: the front desk with a modem and an SMPP account behind it, sales
/// with two SMPP accounts, the first of them over a wire that can be cut, and a third line whose two links share its
/// texts and have one account, so that the SMSC gives the receipts to either.
@DisplayName("Failover among the links of a line")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class FailoverTest {

    private static final String DESK = "+12025550100";
    private static final String SALES = "+12025550101";
    private static final String BULK = "+12025550102";
    private static final String ANN = "+12025550111";
    private static final String BOB = "+12025550112";
    private static final String CHLOE = "+12025550113";
    private static final String DAN = "+12025550114";
    private static final String EVE = "+12025550115";

    @TempDir
    private static Path directory;

    private static DemoWorld world;
    private static Json api;
    private static CutWire wire;

    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
        api = world.api();
        wire = new CutWire(smscPort());
        world.restartOn(config -> config.replace("[modem-1]", "[modem-1, spare]")
                .replace("[aggregator]", "[aggregator, second]")
                .replace(
                        "links:\n",
                        "  - {number: \"%s\", name: Bulk, links: [{name: three, weight: 3}, {name: one, weight: 1}]}%nlinks:%n"
                                .formatted(BULK))
                .replace("port: " + smscPort(), "port: " + wire.port())
                .replace(
                        "webhooks:",
                        account("spare", "spare")
                                + account("second", "second")
                                + account("three", "bulk")
                                + account("one", "bulk")
                                + "webhooks:"));
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
        List.of("modem-1", "spare", "aggregator", "second", "three", "one").forEach(FailoverTest::ready);
    }

    private static int smscPort() {
        var smsc = world.state().path("smsc").asString("");
        return Integer.parseInt(smsc.substring(smsc.lastIndexOf(':') + 1));
    }

    private static String account(String name, String systemId) {
        return "  %s: {kind: smpp, host: \"127.0.0.1\", port: %d, systemId: %s, password: demo, window: 50}%n"
                .formatted(name, smscPort(), systemId);
    }

    @AfterAll
    static void end() throws Exception {
        if (world != null) {
            world.close();
        }
        if (wire != null) {
            wire.close();
        }
    }

    @AfterEach
    void nothingIsSentTwice() {
        assertEquals(0, world.metric("parley_queue_resent_total"));
    }

    private static void ready(String link) {
        Await.until(link + " is ready", () -> state(link).equals("ready"), () -> state(link) + world.logs());
    }

    private static String state(String link) {
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
    private static String send(String line, String to, String text) {
        return api.post("/api/v1/messages", Map.of("line", MainJobTest.lineId(api, line), "to", to, "text", text))
                .ok()
                .path("id")
                .asString("");
    }

    private static JsonNode delivery(String message) {
        return api.get("/api/v1/messages/" + message).ok().path("deliveries").path(0);
    }

    private static void delivered(String message) {
        Await.until(
                "delivered",
                () -> delivery(message).path("status").asString("").equals("delivered"),
                () -> delivery(message) + world.logs());
    }

    private static void deliveredBy(String link, String message) {
        delivered(message);
        assertEquals(
                link,
                delivery(message).path("link").asString(""),
                delivery(message).toString());
    }

    @Execution(ExecutionMode.SAME_THREAD)
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

    @Execution(ExecutionMode.SAME_THREAD)
    @Test
    @DisplayName("goes from SMPP to SMPP, but never with a part of which nobody knows whether it was taken")
    void smppToSmpp() {
        deliveredBy("aggregator", send(SALES, BOB, "one"));
        wire.cut();
        deliveredBy("second", send(SALES, BOB, "two"));
        wire.mend();
        ready("aggregator");
        deliveredBy("aggregator", send(SALES, BOB, "three"));

        world.simulator()
                .put("/smsc", Map.of("noAnswer", true, "receiptDelayMs", 500))
                .ok();
        var unknown = send(SALES, BOB, "four");
        Await.until("the phone has it", () -> world.inbox(BOB).contains("four"));
        wire.cut();
        world.simulator().put("/smsc", Map.of("noAnswer", false)).ok();
        Await.until("nobody knows", () -> world.metric("parley_queue_submits_total{outcome=\"uncertain\"}") == 1);
        deliveredBy("second", send(SALES, CHLOE, "meanwhile"));
        var behind = send(SALES, BOB, "five");
        deliveredBy("second", send(SALES, CHLOE, "and again"));
        assertEquals("queued", delivery(behind).path("status").asString(""), "what is unknown keeps its place");
        assertEquals(List.of("one", "two", "three", "four"), world.inbox(BOB));

        // The receipt waits at the SMSC for the account that sent it, and proves it sent without its message_id.
        wire.mend();
        deliveredBy("aggregator", unknown);
        deliveredBy("aggregator", behind);
        world.simulator().put("/smsc", Map.of("receiptDelayMs", 0)).ok();
        assertEquals(List.of("one", "two", "three", "four", "five"), world.inbox(BOB));
        assertEquals(List.of("meanwhile", "and again"), world.inbox(CHLOE));
        assertEquals(1, world.metric("parley_queue_uncertain_total{end=\"proven\"}"));
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @Test
    @DisplayName("shares by weight, keeps long texts together, and takes receipts by either link of an account")
    void byWeight() {
        var messages = new ArrayList<String>();
        for (int i = 0; i < 40; i++) {
            messages.add(send(BULK, "+1202555" + (3_000 + i), "hello"));
        }
        var longText = "All of this stays together. ".repeat(20).strip();
        var longer = send(BULK, DAN, longText);
        messages.forEach(FailoverTest::delivered);
        delivered(longer);
        var links = messages.stream()
                .collect(Collectors.groupingBy(
                        message -> delivery(message).path("link").asString(""), Collectors.counting()));
        assertTrue(Math.abs(links.getOrDefault("three", 0L) - 30) <= 4, links.toString());
        assertEquals(List.of(longText), world.inbox(DAN));
        assertEquals(0, unmatched("three").size() + unmatched("one").size(), "every receipt found its text");
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @Test
    @DisplayName("a receipt for an id that nobody knows is counted and shown, newest first")
    void unmatched() throws Exception {
        double before = world.metric("parley_queue_reports_total{result=\"parked\"}");
        try (var other = new Socket(InetAddress.getLoopbackAddress(), smscPort())) {
            submit(other, "second", 3);
            Await.until("its receipts are listed", () -> unmatched("second").size() == 3, world::logs);
        }
        var items = unmatched("second");
        assertEquals(before + 3, world.metric("parley_queue_reports_total{result=\"parked\"}"));
        assertEquals(3, world.metric("parley_queue_link_reports_total{link=\"second\",result=\"parked\"}"));
        assertEquals("delivered", items.getFirst().path("fate").asString(""));
        assertEquals(EVE, items.getFirst().path("recipient").asString(""));
        var page = api.get("/api/v1/links/second/unmatched?limit=2").ok();
        assertEquals(2, page.path("items").size());
        var rest = api.get("/api/v1/links/second/unmatched?limit=2&cursor="
                        + page.path("next").asString(""))
                .ok();
        assertEquals(items.getLast(), rest.path("items").path(0));
        assertTrue(rest.path("next").isNull());
    }

    /// Another program with the same account binds as a transmitter and sends Eve some texts: the SMSC gives the
    /// receipts to the session that may receive, which is Parley's.
    private static void submit(Socket smsc, String systemId, int texts) throws IOException {
        var out = smsc.getOutputStream();
        out.write(pdu(2, 1, systemId + "\0demo\0\0" + (char) 0x34 + "\0\0\0"));
        for (int i = 1; i <= texts; i++) {
            var addresses = "\0" + "\1\1" + SALES.substring(1) + "\0" + "\1\1" + EVE.substring(1) + "\0";
            var text = "not by Parley " + i;
            out.write(pdu(4, 1 + i, addresses + "\0\0\0\0\0" + "\1\0\0\0" + (char) text.length() + text));
        }
        out.flush();
    }

    private static byte[] pdu(int commandId, int sequence, String body) {
        return ByteBuffer.allocate(16 + body.length())
                .putInt(16 + body.length())
                .putInt(commandId)
                .putInt(0)
                .putInt(sequence)
                .put(body.getBytes(StandardCharsets.ISO_8859_1))
                .array();
    }

    private static List<JsonNode> unmatched(String link) {
        return api.get("/api/v1/links/" + link + "/unmatched")
                .ok()
                .path("items")
                .valueStream()
                .toList();
    }
}
