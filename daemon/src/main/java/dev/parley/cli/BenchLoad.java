package dev.parley.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Clients that post texts one after another, and what came of it.
final class BenchLoad {

    /// How long what was accepted may take to be delivered when nothing more is posted.
    private static final Duration SETTLE_MAX = Duration.ofMinutes(2);

    private static final int GROUP = 9;
    private static final int[] PERCENTS = {50, 95, 99};

    /// Of the message itself, which its answer begins with; those of deliveries and authors come behind.
    private static final Pattern ID = Pattern.compile("\"id\" *: *\"([^\"]+)\"");

    /// Of how many messages it is looked up afterwards when they were sent and delivered.
    private static final int SAMPLE_MAX = 500;

    /// @param groups whether texts go to groups of nine
    record Wanted(int clients, int seconds, int numbers, boolean groups) {}

    private final String url;
    private final String token;
    private final String line;
    private final Wanted wanted;
    private final Map<String, Long> pids;
    private final AtomicLong turn = new AtomicLong();

    private BenchLoad(String url, String token, String line, Wanted wanted, Map<String, Long> pids) {
        this.url = url;
        this.token = token;
        this.line = line;
        this.wanted = wanted;
        this.pids = pids;
    }

    /// @param line as a person says it
    /// @param pids of processes on this machine whose time and memory is told, by name
    static BenchLoad of(String url, String token, String line, Wanted wanted, Map<String, Long> pids)
            throws IOException {
        try (var api = new Api(url, Optional.of(token))) {
            return new BenchLoad(url, token, api.get("/api/v1/lines").lineOf(line), wanted, pids);
        }
    }

    /// Over the line of a demo that takes no air time.
    ///
    /// @param demo its `demo.json`
    static BenchLoad ofDemo(JsonNode demo, Wanted wanted) throws IOException {
        var pids = new LinkedHashMap<String, Long>();
        List.of("daemon", "database")
                .forEach(name -> pids.put(name, demo.path("pids").path(name).asLong(0)));
        return of(demo.path("url").asString(""), demo.path("token").asString(""), "Sales", wanted, pids);
    }

    Map<String, Object> figures() throws IOException, InterruptedException {
        var targets = wanted.groups ? groups() : List.<String>of();
        run(targets, Math.max(1, wanted.seconds / 5));
        settle();
        var before = counters();
        var cpuBefore = cpu();
        var run = run(targets, wanted.seconds);
        var after = counters();
        double took = run.took.toNanos() / 1e9;
        settle();
        var cpuAfter = cpu();
        double delivered = counters().delivered - before.delivered;
        var figures = new LinkedHashMap<String, Object>();
        figures.put("clients", wanted.clients);
        figures.put("seconds", took);
        figures.put("acceptedPerSecond", run.nanos.size() / took);
        figures.put("submittedPerSecond", (after.submitted - before.submitted) / took);
        figures.put("deliveredPerSecond", (after.delivered - before.delivered) / took);
        figures.put("refused", run.refused);
        percentiles(figures, "postMillis", run.nanos);
        way(figures, run.ids);
        pids.forEach((name, pid) -> {
            double cpu = cpuAfter.getOrDefault(name, 0.0) - cpuBefore.getOrDefault(name, 0.0);
            figures.put(name + "MicrosPerDelivery", delivered == 0 ? 0.0 : cpu * 1e6 / delivered);
            figures.put(name + "ResidentMiB", resident(pid));
        });
        return figures;
    }

    // ---- the clients ----

    private record Run(List<Long> nanos, long refused, List<String> ids, Duration took) {}

    private Run run(List<String> groups, int seconds) {
        var begun = System.nanoTime();
        var end = begun + Duration.ofSeconds(seconds).toNanos();
        var clients = Stream.generate(Client::new).limit(wanted.clients).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            clients.forEach(client -> threads.execute(() -> client.post(groups, end)));
        }
        return new Run(
                clients.stream().flatMap(client -> client.nanos.stream()).toList(),
                clients.stream().mapToLong(client -> client.refused).sum(),
                clients.stream().flatMap(client -> client.ids.stream()).toList(),
                Duration.ofNanos(System.nanoTime() - begun));
    }

    /// One that posts, waits for the answer, and posts again.
    private final class Client {
        private final List<Long> nanos = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();
        private long refused;

        private void post(List<String> groups, long end) {
            try (var http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                while (System.nanoTime() < end) {
                    var request = next(groups);
                    long begun = System.nanoTime();
                    var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() == 202) {
                        nanos.add(System.nanoTime() - begun);
                        var id = ID.matcher(answer.body());
                        if (id.find()) {
                            ids.add(id.group(1));
                        }
                    } else {
                        refused++;
                    }
                }
            } catch (IOException e) {
                throw new Failure("the daemon does not answer: " + e.getMessage(), e);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).header("Authorization", "Bearer " + token);
    }

    /// A text to the next phone, or group where there are some.
    private HttpRequest next(List<String> groups) {
        long number = turn.getAndIncrement();
        var path = groups.isEmpty()
                ? "/api/v1/messages"
                : "/api/v1/conversations/" + groups.get((int) (number % groups.size())) + "/messages";
        var phone = BenchLimits.number((int) (number % wanted.numbers));
        var whom = groups.isEmpty() ? "\"line\":\"" + line + "\",\"to\":\"" + phone + "\"," : "";
        return request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{" + whom + "\"text\":\"Text " + number + "\"}"))
                .build();
    }

    private List<String> groups() throws IOException {
        var groups = new ArrayList<String>();
        try (var api = new Api(url, Optional.of(token))) {
            for (int first = 0; first + GROUP <= wanted.numbers && groups.size() < 100; first += GROUP) {
                var people = new ArrayList<Map<String, String>>();
                for (int i = first; i < first + GROUP; i++) {
                    people.add(Map.of("number", BenchLimits.number(i), "name", "Phone " + i));
                }
                var made = api.post("/api/v1/conversations", Map.of("line", line, "participants", people))
                        .orFail("no group could be made: ");
                groups.add(made.path("id").asString(""));
            }
        }
        return groups;
    }

    // ---- what came of it ----

    /// How long the way took from the acceptance of a message to its SMSC and to its phone, as the
    /// deliveries of some say when all is over: looking on meanwhile would cost what is measured.
    private void way(Map<String, Object> figures, List<String> ids) throws IOException {
        var sent = new ArrayList<Long>();
        var delivered = new ArrayList<Long>();
        int step = Math.max(1, ids.size() / SAMPLE_MAX);
        try (var api = new Api(url, Optional.of(token))) {
            for (int i = 0; i < ids.size(); i += step) {
                for (var delivery :
                        api.get("/api/v1/messages/" + ids.get(i)).body().path("deliveries")) {
                    nanos(delivery, "sentAt").ifPresent(sent::add);
                    nanos(delivery, "deliveredAt").ifPresent(delivered::add);
                }
            }
        }
        percentiles(figures, "sentMillis", sent);
        percentiles(figures, "deliveredMillis", delivered);
    }

    private static Optional<Long> nanos(JsonNode delivery, String until) {
        var from = delivery.path("queuedAt").asString("");
        var to = delivery.path(until).asString("");
        return from.isEmpty() || to.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.between(Instant.parse(from), Instant.parse(to)).toNanos());
    }

    private static void percentiles(Map<String, Object> figures, String name, List<Long> nanos) {
        var sorted = nanos.stream().sorted().toList();
        for (int percent : PERCENTS) {
            int at = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
            figures.put(name + "P" + percent, sorted.isEmpty() ? 0.0 : sorted.get(at) / 1e6);
        }
    }

    private record Counters(double submitted, double delivered, double failed, double waiting) {}

    private Counters counters() throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = request("/metrics").build();
            var metrics =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            return new Counters(
                    sum(metrics, "parley_queue_submits_total{outcome=\"accepted\"}"),
                    sum(metrics, "parley_deliveries_delivered_total"),
                    sum(metrics, "parley_deliveries_failed_total"),
                    sum(metrics, "parley_queue_depth"));
        }
    }

    private static double sum(String metrics, String name) {
        return metrics.lines()
                .filter(each -> each.startsWith(name))
                .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' ') + 1)))
                .sum();
    }

    /// Waits until nothing more is delivered for a second.
    private void settle() throws IOException, InterruptedException {
        var until = Instant.now().plus(SETTLE_MAX);
        var last = counters();
        while (Instant.now().isBefore(until)) {
            Thread.sleep(1_000);
            var now = counters();
            if (now.delivered + now.failed == last.delivered + last.failed) {
                return;
            }
            last = now;
        }
    }

    // ---- processes of this machine (proc(5)) ----

    private Map<String, Double> cpu() {
        var seconds = new LinkedHashMap<String, Double>();
        pids.forEach((name, pid) -> ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .ifPresent(took -> seconds.put(name, took.toNanos() / 1e9)));
        return seconds;
    }

    private static long resident(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(each -> each.startsWith("VmRSS:"))
                    .flatMap(each -> Arrays.stream(each.split("\\s+")).skip(1).limit(1))
                    .mapToLong(kib -> Long.parseLong(kib) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }
}
