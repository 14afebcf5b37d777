package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a modem does besides the main job, on the real parts as processes.
@DisplayName("A modem's other duties")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class ModemDutiesTest {

    private static final String LINE = "+12025550100";
    private static final String CARRIER = "+12025550180";

    /// More than the simulated SIM has room for.
    private static final int PUSHES = 45;

    /// A service indication, as carriers send them: "Your bill is ready" with an address.
    private static final String WAP_PUSH =
            "01060403AE81EA02056A0045C60C037777772E6578616D706C652E636F6D2F000AC3072026112504000001"
                    + "03596F75722062696C6C206973207265616479000101";

    @TempDir
    private static Path directory;

    private static DemoWorld world;
    private static Json api;

    /// The demo, with parts of unknown fate that nobody would send again before this test is over.
    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.impatient(directory.resolve("demo"), "10m");
        api = world.api();
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 10)).ok();
        awaitReady();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static void awaitReady() {
        Await.until("the link is ready", () -> linkState().equals("ready"), world::logs);
    }

    private static String linkState() {
        return StreamSupport.stream(api.get("/api/v1/links").ok().path("items").spliterator(), false)
                .filter(link -> link.path("name").asString("").equals("modem-1"))
                .map(link -> link.path("state").asString(""))
                .findFirst()
                .orElseThrow();
    }

    private static int stored() {
        return world.simulator().get("/modems/modem-1").ok().path("stored").asInt();
    }

    private static List<JsonNode> pages(String path) {
        var all = new ArrayList<JsonNode>();
        var cursor = "";
        do {
            var page = api.get(path + (path.contains("?") ? "&" : "?") + "limit=200" + cursor)
                    .ok();
            page.path("items").forEach(all::add);
            var next = page.path("next").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return all;
    }

    private static long unread(String reason) {
        return pages("/api/v1/unread").stream()
                .filter(one -> one.path("what").asString("").equals("machine"))
                .filter(one -> one.path("reason").asString("").equals(reason))
                .count();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    @DisplayName("messages for machines are kept and shown as such, fill no SIM, and reach no thread")
    void machineMessages() {
        var path = "/handsets/" + CARRIER.replace("+", "%2B") + "/messages";
        var before = pages("/api/v1/conversations").size();
        for (int n = 0; n < PUSHES; n++) {
            world.simulator()
                    .post(path, Map.of("to", LINE, "data", WAP_PUSH + "%02X".formatted(n), "port", 2948))
                    .ok();
        }
        world.simulator().post(path, Map.of("to", LINE, "data", "00FF")).ok();
        world.simulator()
                .post(path, Map.of("to", LINE, "data", "00", "pid", 0x40))
                .ok();

        Await.until("each is kept", () -> unread("WAP push") == PUSHES, world::logs);
        Await.until("the others too", () -> unread("binary data") == 1 && unread("type 0 message") == 1, world::logs);
        Await.until("the SIM is empty", () -> stored() == 0, world::logs);
        assertEquals(before, pages("/api/v1/conversations").size());
        assertEquals(List.of(), pages("/api/v1/messages?participant=" + CARRIER.replace("+", "%2B")));

        // A text of the same sender is one.
        world.text(CARRIER, LINE, "Your bill is ready");
        Await.until(
                "a text from there",
                () -> pages("/api/v1/messages?participant=" + CARRIER.replace("+", "%2B"))
                                .size()
                        == 1,
                world::logs);
    }

    private record Ran(int status, String said) {}

    private static Ran console(List<String> options, String lines) {
        try {
            var log = Files.createTempFile(directory, "console", ".log");
            var arguments = new ArrayList<>(List.of("modem", "console"));
            arguments.addAll(options);
            arguments.add("modem-1");
            var process = DemoWorld.java(log, arguments);
            try (var stdin = process.getOutputStream()) {
                stdin.write(lines.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                // It ended without reading, which its status tells.
            }
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "the console has not ended");
            return new Ran(process.exitValue(), Files.readString(log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    @DisplayName("the console shares the port with the daemon that holds it, or says how")
    void console() {
        var config = world.state().path("config").asString("");
        var token = world.state().path("token").asString("");

        var without = console(List.of("--config", config), "AT+CSQ\n");
        assertEquals(1, without.status, without.said);
        assertTrue(without.said.contains("busy"), without.said);
        assertTrue(without.said.contains("parley modem console --config " + config + " modem-1"), without.said);

        var with = console(List.of("--config", config, "--token", token), "AT+CGSN\nAT+CMGD=1,4\nAT+CREG?\nHELLO\n");
        assertEquals(0, with.status, with.said);
        var imei = world.simulator().get("/modems/modem-1").ok().path("imei").asString("");
        assertTrue(with.said.contains(imei), with.said);
        assertTrue(with.said.contains("AT+CMGD=1,4 may lose messages"), with.said);
        assertTrue(with.said.contains("+CREG: 1,1"), with.said);
        assertTrue(with.said.contains("begins with AT"), with.said);

        var member = world.state().path("memberToken").asString("");
        var url = world.state().path("url").asString("");
        assertEquals(1, console(List.of("--url", url, "--token", member), "AT\n").status);

        // Somebody changes what the daemon relies on: it sets the modem up anew and misses nothing.
        var unsafe = console(List.of("--url", url, "--token", token, "--unsafe"), "AT+CNMI=0,0,0,0,0\n");
        assertTrue(unsafe.said.contains("OK"), unsafe.said);
        world.text("+12025550181", LINE, "After the console");
        Await.until(
                "a text after it",
                () -> pages("/api/v1/messages?participant=%2B12025550181").size() == 1,
                world::logs);
        awaitReady();
    }

    private static int sent() {
        return world.simulator().get("/modems/modem-1").ok().path("sent").asInt();
    }

    /// A result that comes after the time-out belongs to a part that is uncertain by then. The daemon
    /// remembers it, which no restart survives; the report is what settles the part, and nothing is
    /// sent twice.
    @ParameterizedTest(name = "{0}")
    @Execution(ExecutionMode.SAME_THREAD)
    @ValueSource(strings = {"before the late result", "after it"})
    @DisplayName("a part of unknown fate is settled by its report, though the daemon was killed")
    void lateResult(String when) throws Exception {
        var to = when.startsWith("before") ? "+12025550182" : "+12025550183";
        var sent = sent();
        var uncertain = world.metric("parley_queue_submits_total{outcome=\"uncertain\"}");
        world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 8_000)).ok();
        world.simulator().put("/smsc", Map.of("receiptDelayMs", 9_000)).ok();
        try {
            var id = api.post("/api/v1/messages", Map.of("line", MainJobTest.lineId(api, LINE), "to", to, "text", when))
                    .ok()
                    .path("id")
                    .asString("");
            Await.until(
                    "the time-out",
                    () -> world.metric("parley_queue_submits_total{outcome=\"uncertain\"}") == uncertain + 1,
                    world::logs);
            if (when.startsWith("after")) {
                Await.until("the late result", () -> sent() == sent + 1, world::logs);
                // What a command answers comes behind it: the daemon has heard it by then.
                Await.until(
                        "heard by the daemon",
                        () -> api.post("/api/v1/links/modem-1/at", Map.of("command", "AT"))
                                        .status()
                                == 200,
                        world::logs);
            }
            assertEquals("sending", status(id));

            world.killDaemon();
            world.takeOver();

            Await.until("delivered", () -> status(id).equals("delivered"), world::logs);
            assertEquals(1, Collections.frequency(world.inbox(to), when));
            assertEquals(1, world.metric("parley_queue_uncertain_total{end=\"proven\"}"));
        } finally {
            world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 10)).ok();
            world.simulator().put("/smsc", Map.of("receiptDelayMs", 0)).ok();
        }
        awaitReady();
    }

    private static String status(String message) {
        return api.get("/api/v1/messages/" + message)
                .ok()
                .path("deliveries")
                .path(0)
                .path("status")
                .asString("");
    }
}
