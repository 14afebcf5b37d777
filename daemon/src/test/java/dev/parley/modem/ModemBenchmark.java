package dev.parley.modem;

import dev.parley.link.LinkState;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.world.DemoWorld;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.parley.modem.Heard.until;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What the modem link costs, in time. No part of the usual build, as other work on the machine would decide it; run it
/// with `-Dtest=ModemBenchmark`.
class ModemBenchmark {
    private static final String LINE = "+12025550100";
    private static final String OTHER = "+12025550101";
    private static final String ANN = "+12025550111";
    /// Until the code is compiled: the first parts of a process take longer.
    private static final int WARM_UP = 300;
    private static final int COUNT = 500;

    @TempDir
    private Path directory;

    /// Beside each part goes another one over a modem of the same kind, by a program that does the
    /// least there is to do: what that takes beyond the air time is the simulated modem's and the
    /// machine's, and not the link's. In the tail it is nearly all of it, as a thread that wants a
    /// processor has to wait for whatever else runs; what the link itself runs for is measured by the
    /// processor's time.
    @ParameterizedTest
    @ValueSource(ints = {0, 50})
    @DisplayName("the link adds at most 5 ms to the air time of a part")
    void addsToTheAirTime(int airMillis) throws Exception {
        try (var network = SimulatedNetwork.start(directory, List.of("modem-1=" + LINE, "modem-2=" + OTHER));
                var bare = new BareModem(network.port("modem-2"));
                var link = new ModemLink(
                        "modem-1",
                        ModemLinkTest.settings(
                                network.port("modem-1"),
                                Optional.empty(),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(5),
                                ModemSettings.Pace.USUAL),
                        new PinMemory(directory.resolve("pins")),
                        Clock.systemUTC())) {
            for (var modem : List.of("modem-1", "modem-2")) {
                network.modem(modem, "{\"airTimeMs\": " + airMillis + "}");
            }
            link.start(new Heard());
            until(link, LinkState.READY);
            var caller = Files.readString(Path.of("/proc/thread-self/comm")).strip();
            var processor = ProcessorTime.of(Set.of(caller, "modem-1", "modem-1-port"));
            assertTrue(processor.threads() >= 3, "the caller, the link and its port");
            var linkMillis = new double[COUNT];
            var bareMillis = new double[COUNT];
            var workMillis = new double[COUNT];
            for (int i = -WARM_UP; i < COUNT; i++) {
                var part = part(i + WARM_UP + 1);
                var worked = processor.millis();
                var began = System.nanoTime();
                var outcome = link.submit(part);
                var took = (System.nanoTime() - began) / 1e6;
                worked = processor.millis() - worked;
                assertInstanceOf(SubmitOutcome.Accepted.class, outcome);
                began = System.nanoTime();
                bare.submit(part);
                var bareTook = (System.nanoTime() - began) / 1e6;
                if (i >= 0) {
                    linkMillis[i] = took - airMillis;
                    bareMillis[i] = bareTook - airMillis;
                    workMillis[i] = worked;
                }
            }
            var what = "submit, air time " + airMillis + " ms, ";
            var byLink = told(what + "beyond it by the link", linkMillis);
            told(what + "beyond it by the least program", bareMillis);
            var work = told(what + "of it the link on a processor", workMillis);
            assertTrue(byLink.median <= 5, byLink.toString());
            assertTrue(work.tail <= 5, work.toString());
        }
    }

    private static OutboundPart part(long id) {
        return switch (Segmenter.split("Number " + id, SplitOptions.plain(1))) {
            case Split.Parts parts ->
                new OutboundPart(id, ANN, parts.segments().getFirst(), true, Optional.empty(), true);
            case Split.TooLong _ -> throw new AssertionError();
        };
    }

    @Test
    @DisplayName("a text is on the live stream at most 50 ms after a phone sent it")
    void isOnTheLiveStream() throws Exception {
        try (var world = DemoWorld.start(directory.resolve("demo"));
                var http = HttpClient.newHttpClient()) {
            world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 0)).ok();
            var arrived = new ConcurrentHashMap<Integer, Long>();
            var reader = Thread.ofVirtual().start(() -> read(http, world, arrived));
            var millis = new double[COUNT];
            for (int i = -WARM_UP; i < COUNT; i++) {
                int number = i + WARM_UP;
                var began = System.nanoTime();
                world.text(ANN, LINE, "Number " + number + ".");
                until("on the stream", () -> arrived.containsKey(number));
                if (i >= 0) {
                    millis[i] = (arrived.getOrDefault(number, began) - began) / 1e6;
                }
                LockSupport.parkNanos(20_000_000);
            }
            reader.interrupt();
            assertTrue(told("from the phone to the live stream", millis).median <= 50);
        }
    }

    private static void read(HttpClient http, DemoWorld world, Map<Integer, Long> arrived) {
        var request = HttpRequest.newBuilder(
                        URI.create(world.state().path("url").asString("") + "/api/v1/events"))
                .header("Authorization", "Bearer " + world.state().path("token").asString(""))
                .build();
        try {
            var answer = http.send(request, BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    var now = System.nanoTime();
                    int at = line.indexOf("\"text\":\"Number ");
                    if (line.startsWith("data:") && at >= 0) {
                        var number = line.substring(at + 15, line.indexOf('.', at));
                        arrived.putIfAbsent(Integer.valueOf(number), now);
                    }
                }
            }
        } catch (IOException _) {
            // The daemon ended.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param tail the 99th percentile
    private record Told(double median, double tail) {}

    private static Told told(String what, double[] millis) {
        Arrays.sort(millis);
        var told = new Told(millis[millis.length / 2], millis[millis.length * 99 / 100]);
        System.out.printf(
                Locale.ROOT,
                "%s: mean %.2f ms, median %.2f ms, 90 %% %.2f ms, 99 %% %.2f ms, most %.2f ms%n",
                what,
                Arrays.stream(millis).average().orElse(0),
                told.median,
                millis[millis.length * 9 / 10],
                told.tail,
                millis[millis.length - 1]);
        return told;
    }
}
