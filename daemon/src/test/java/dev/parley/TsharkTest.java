package dev.parley;

import dev.parley.world.Await;
import dev.parley.world.Capture;
import dev.parley.world.DemoWorld;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// What the daemon and the simulated SMSC say to each other, decoded by somebody else: Wireshark's dissector.
@DisplayName("tshark on the SMPP link")
class TsharkTest {

    private static final String SALES = "+12025550101";
    private static final String ANN = "+12025550111";
    private static final String LONG = "The quick brown fox {jumps} over the lazy dog. ".repeat(8);
    private static final String CYRILLIC =
            "\u041f\u0440\u0438\u0432\u0435\u0442, \ud83d\ude00! ".repeat(12).strip();

    /// `bind_transceiver`, `submit_sm`, `deliver_sm`, `data_sm`, `enquire_link`, `unbind` and their responses.
    private static final List<String> EXPECTED = List.of(
            "0x00000009",
            "0x80000009",
            "0x00000004",
            "0x80000004",
            "0x00000005",
            "0x80000005",
            "0x00000103",
            "0x80000103",
            "0x00000015",
            "0x80000015",
            "0x00000006",
            "0x80000006");

    @TempDir
    private Path directory;

    @Test
    @DisplayName("decodes every packet: bind, long texts in three forms, receipts in many, unbind")
    void nothingMalformed() throws Exception {
        try (var world = DemoWorld.start(directory.resolve("demo"))) {
            var smsc = world.state().path("smsc").asString("");
            int port = Integer.parseInt(smsc.substring(smsc.lastIndexOf(':') + 1));
            try (var capture = Capture.start(port, directory)) {
                for (var form : List.of("udh", "sar", "payload")) {
                    world.restartOn(config -> config.replace("window: 50", "window: 50, longMessages: " + form));
                    talk(world, form);
                }
                world.end();
                for (var command : EXPECTED) {
                    Await.until(
                            "a captured " + command,
                            () -> capture.commands().contains(command),
                            () -> counted(capture));
                }
                Await.until("the end of each session", () -> count(capture, "0x80000006") == 4, () -> counted(capture));
                assertEquals(List.of(), capture.malformed());
                assertEquals(
                        15 + 15 + 7,
                        count(capture, "0x00000004"),
                        "seven texts are fifteen SMS, and seven submits to an SMSC that takes them whole");
            }
        }
    }

    private static void talk(DemoWorld world, String form) {
        var line = MainJobTest.lineId(world.api(), SALES);
        int before = world.inbox(ANN).size();
        var texts = List.of("In " + form, LONG + form, CYRILLIC + form, "100 % [\u20ac] \u00e4\u00f6\u00fc @ " + form);
        var receipts = List.of("text", "tlv", "both", "dataSm", "payload", "ucs2", "minimal");
        for (int i = 0; i < receipts.size(); i++) {
            world.simulator()
                    .put("/smsc", Map.of("receiptFormat", receipts.get(i), "longTexts", form))
                    .ok();
            var text = texts.get(i % texts.size()) + " " + i;
            var sent = world.api()
                    .post("/api/v1/messages", Map.of("line", line, "to", ANN, "text", text))
                    .ok()
                    .path("id")
                    .asString("");
            Await.until(
                    "the text is delivered with its receipt as " + receipts.get(i),
                    () -> world.api()
                            .get("/api/v1/messages/" + sent)
                            .ok()
                            .toString()
                            .contains("\"status\":\"delivered\""),
                    world::logs);
        }
        assertEquals(before + receipts.size(), world.inbox(ANN).size());
        for (var text : texts) {
            world.text(ANN, SALES, "Back: " + text);
            Await.until(
                    "the answer is in the thread",
                    () -> world.api()
                            .get("/api/v1/messages?limit=20")
                            .ok()
                            .path("items")
                            .valueStream()
                            .anyMatch(
                                    message -> message.path("text").asString("").equals("Back: " + text)),
                    world::logs);
        }
    }

    private static long count(Capture capture, String command) {
        return capture.commands().stream().filter(command::equals).count();
    }

    private static String counted(Capture capture) {
        var counts = new HashMap<String, Integer>();
        capture.commands().forEach(command -> counts.merge(command, 1, Integer::sum));
        return counts.toString();
    }
}
