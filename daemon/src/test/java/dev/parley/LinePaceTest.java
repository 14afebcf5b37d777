package dev.parley;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.line.Lines;
import dev.parley.link.Link;
import dev.parley.link.LinkState;
import dev.parley.modem.ModemKind;
import dev.parley.queue.ScriptedLink;
import dev.parley.smpp.SmppKind;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// A modem takes four seconds for a part until it is known better, an SMPP link with a window of 10 a hundredth, and
/// never sends faster than its rate.
@DisplayName("How long a line takes")
class LinePaceTest {

    private static final String LINKS = """
            links:
              modem: {kind: modem, port: /dev/ttyUSB0}
              other: {kind: modem, port: /dev/ttyUSB1, limits: {perMinute: 6}}
              fast: {kind: smpp, host: a, systemId: s, password: p}
              slow: {kind: smpp, host: b, systemId: s, password: q, rate: 2/s}
            """;

    private static Store store;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        store = TestDatabase.open();
    }

    @AfterAll
    static void close() {
        store.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                       | links                                               | ready           | seconds of 100 parts
            a modem                                    | modem                                               | modem           | 400
            a SIM's limit                              | other                                               | other           | 1000
            the first that is ready                    | modem, slow                                         | modem slow      | 400
            the next while that is away                | modem, slow                                         | slow            | 50
            none is ready                              | modem, slow                                         | -               | 400
            links with weights together                | {name: slow, weight: 3}, {name: modem, weight: 1}   | slow modem      | 44.445
            one with a weight is away                  | {name: slow, weight: 3}, {name: modem, weight: 1}   | modem           | 400
            the one behind the weights waits           | {name: slow, weight: 3}, modem                      | slow modem      | 50
            the one behind the weights takes over      | {name: slow, weight: 3}, fast                       | fast            | 1
            """)
    void estimates(String name, String links, String ready, double seconds) throws IOException {
        var yaml = new StringBuilder("database: {embedded: db}\nlines:\n");
        yaml.append("  - {number: \"+12025550100\", name: Desk, links: [")
                .append(links)
                .append("]}\n");
        var unused = Arrays.stream("modem other fast slow".split(" ", -1))
                .filter(link -> !links.contains(link))
                .toList();
        yaml.append("  - {number: \"+12025550101\", name: Sales, links: ")
                .append(unused)
                .append("}\n");
        var file = Files.writeString(directory.resolve("parley.yaml"), yaml + LINKS);
        var config =
                assertInstanceOf(ConfigReading.Usable.class, Config.read(file)).config();
        var line = config.lines().getFirst();
        var lines = Lines.register(store, List.of(line));
        var pace = new LinePace(lines, config.links(), links(ready), new SimpleMeterRegistry());
        assertEquals(
                Duration.ofMillis((long) (seconds * 1_000)),
                pace.estimate(lines.all().getFirst().id(), 100));
    }

    private static Map<String, Link> links(String ready) {
        var links = new LinkedHashMap<String, Link>();
        for (var name : List.of("modem", "other", "fast", "slow")) {
            boolean modem = name.equals("modem") || name.equals("other");
            var link = new ScriptedLink(name, modem ? ModemKind.KIND : SmppKind.KIND, modem ? 1 : 10);
            link.is(ready.contains(name) ? LinkState.READY : LinkState.DISCONNECTED);
            links.put(name, link);
        }
        return links;
    }
}
