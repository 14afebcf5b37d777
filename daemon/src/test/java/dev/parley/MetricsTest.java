package dev.parley;

import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.world.Await;
import dev.parley.world.Peers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What Prometheus reads, and what is made of it: names by convention, rules that fire, and a
/// dashboard and rules whose every metric exists.
@DisplayName("Metrics")
class MetricsTest {

    private static final Path FILES = Path.of("..", "config");
    private static final Pattern METRIC = Pattern.compile("\\b(?:parley|jvm|process|system)_[a-z0-9_]+");

    private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"");
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (parley_\\S+) (.*)$");

    /// Exists only where something of the kind is: a signal with a modem that has one, a limit that
    /// is configured.
    private static final Set<String> SOMETIMES = Set.of(
            "parley_link_signal_dbm",
            "parley_link_storage_used_ratio",
            "parley_certificate_expires_seconds",
            "parley_queue_link_reports_total",
            "parley_queue_submit_latency_seconds_bucket",
            "parley_link_submits_total");

    @TempDir
    private static Path directory;

    private static Parley parley;
    private static String metrics = "";

    @BeforeAll
    static void start() throws Exception {
        var file = directory.resolve("parley.yaml");
        Files.writeString(file, """
                http: {listen: "127.0.0.1:0"}
                database: {embedded: db}
                lines:
                  - {number: "+12025550100", name: Front desk, links: [modem-1]}
                  - {number: "+12025550101", name: Sales, links: [aggregator]}
                links:
                  modem-1: {kind: modem, port: nowhere, limits: {perDay: 10}}
                  aggregator: {kind: smpp, host: 127.0.0.1, port: 1, systemId: parley, password: secret}
                """);
        parley = Parley.start(
                assertInstanceOf(ConfigReading.Usable.class, Config.read(file)).config());
        // A request makes the metrics of requests, so the second look has what the first one did.
        scrape();
        Await.until("the request before is counted", () -> {
            metrics = scrape();
            return metrics.contains("parley_http_requests_seconds_count");
        });
    }

    @AfterAll
    static void end() {
        if (parley != null) {
            parley.close();
        }
    }

    private static String scrape() {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(parley.url() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Set<String> names() {
        return metrics.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @DisplayName("promtool finds nothing to complain of in ours")
    void convention() throws Exception {
        var said = promtool("check", "metrics");
        var ours =
                said.said().lines().filter(line -> line.startsWith("parley_")).toList();
        assertEquals("", String.join("\n", ours));
    }

    @Test
    @DisplayName("docs/metrics.md has each of ours with its labels and its sentence")
    void page() throws IOException {
        var page = new StringBuilder("""
                # Metrics

                What `GET /metrics` shows of Parley itself, made from the program by a test. A few more come with their first value: what a
                link's modem says of its signal and storage, and counts by link. The alerts on them are in
                [prometheus-rules.yaml](../config/prometheus-rules.yaml).

                | metric | labels | what it says |
                |---|---|---|
                """);
        var labels = new TreeMap<String, TreeSet<String>>();
        for (var line :
                metrics.lines().filter(each -> each.startsWith("parley_")).toList()) {
            var name = line.split("[{ ]", 2)[0];
            var its = labels.computeIfAbsent(name, _ -> new TreeSet<>());
            if (line.startsWith(name + "{")) {
                LABEL.matcher(line).results().forEach(match -> its.add(match.group(1)));
            }
        }
        var help = HELP.matcher(metrics);
        var rows = new TreeSet<String>();
        while (help.find()) {
            var name = help.group(1);
            var its = labels.entrySet().stream()
                    .filter(one -> one.getKey().equals(name) || one.getKey().equals(name + "_count"))
                    .flatMap(one -> one.getValue().stream())
                    .collect(Collectors.joining(", "));
            if (!SOMETIMES.contains(name)) {
                rows.add("| `%s` | %s | %s |\n".formatted(name, its, help.group(2)));
            }
        }
        rows.forEach(page::append);
        ReferencePages.hold("metrics.md", page.toString());
    }

    @Test
    @DisplayName("the promised ones are there, and no value is NaN")
    void promised() {
        var missing = new TreeSet<>(Set.of(
                "parley_build_info",
                "parley_database_up",
                "parley_database_held",
                "parley_queue_oldest_age_seconds",
                "parley_link_ready",
                "parley_link_limited",
                "parley_deliveries_failed_total",
                "parley_webhooks",
                "parley_disk_free_ratio",
                "parley_clock_offset_seconds"));
        missing.removeAll(names());
        assertEquals(Set.of(), missing, metrics);
        assertFalse(metrics.contains("NaN"), metrics);
        assertTrue(metrics.contains("parley_queue_oldest_age_seconds{line=\"+12025550100\"} 0.0"), metrics);
    }

    @ParameterizedTest
    @ValueSource(strings = {"grafana-dashboard.json", "prometheus-rules.yaml"})
    @DisplayName("every metric that is looked at exists")
    void lookedAt(String file) throws IOException {
        var unknown = new HashSet<String>();
        var match = METRIC.matcher(Files.readString(FILES.resolve(file)));
        while (match.find()) {
            unknown.add(match.group());
        }
        assertFalse(unknown.isEmpty());
        unknown.removeAll(names());
        unknown.removeAll(SOMETIMES);
        assertEquals(Set.of(), unknown, file);
    }

    @Test
    @DisplayName("each alert comes when it should, and none where all is well")
    void rules() throws Exception {
        var tested = promtool(
                "test", "rules", FILES.resolve("prometheus-rules-test.yaml").toString());
        assertEquals(0, tested.status(), tested.said());
        var tests = Files.readString(FILES.resolve("prometheus-rules-test.yaml"));
        var alerts =
                Pattern.compile("- alert: (\\w+)").matcher(Files.readString(FILES.resolve("prometheus-rules.yaml")));
        while (alerts.find()) {
            assertTrue(tests.contains("name: " + alerts.group(1) + "\n"), alerts.group(1) + " has no test");
        }
    }

    private record Ended(int status, String said) {}

    private static Ended promtool(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Peers.program("promtool", "prometheus").toString());
        command.addAll(List.of(arguments));
        var in = Files.writeString(directory.resolve("metrics.txt"), metrics);
        var out = directory.resolve("promtool.txt");
        var process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        return new Ended(process.exitValue(), Files.readString(out));
    }
}
