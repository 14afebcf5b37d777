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
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Clients that post texts one after another, and what came of it.
final class BenchLoad {

    /// Linux tells processor time in hundredths of a second (`sysconf(_SC_CLK_TCK)`).
    private static final double TICKS = 100;

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

    /// @param pids of processes on this machine whose time and memory is told, by name
    BenchLoad(String url, String token, String line, Wanted wanted, Map<String, Long> pids) {
        this.url = url;
        this.token = token;
        this.line = line;
        this.wanted = wanted;
        this.pids = pids;
    }

    Map<String, Object> figures() throws Exception {
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
        figures.put("acceptedPerSecond", run.accepted / took);
        figures.put("submittedPerSecond", (after.submitted - before.submitted) / took);
        figures.put("deliveredPerSecond", (after.delivered - before.delivered) / took);
        figures.put("refused", run.refused);
        for (int percent : PERCENTS) {
            figures.put("postMillisP" + percent, percentile(run.nanos, percent));
        }
        figures.putAll(way(run.ids));
        pids.forEach((name, pid) -> {
            double cpu = cpuAfter.getOrDefault(name, 0.0) - cpuBefore.getOrDefault(name, 0.0);
            figures.put(name + "MicrosPerDelivery", delivered == 0 ? 0.0 : cpu * 1e6 / delivered);
            figures.put(name + "ResidentMiB", resident(pid));
        });
        return figures;
    }

    // ---- the clients ----

    @SuppressWarnings("ArrayRecordComponent") // figures on their way to a table, compared by nobody
    private record Run(long accepted, long refused, long[] nanos, List<String> ids, Duration took) {}

    private Run run(List<String> groups, int seconds) throws InterruptedException {
        var begun = System.nanoTime();
        var end = begun + Duration.ofSeconds(seconds).toNanos();
        var clients = new ArrayList<Client>();
        for (int i = 0; i < wanted.clients; i++) {
            var client = new Client(groups, end);
            clients.add(client);
            client.thread.start();
        }
        for (var client : clients) {
            client.thread.join();
        }
        var nanos = clients.stream()
                .flatMapToLong(client -> client.nanos.stream().mapToLong(Long::longValue))
                .sorted()
                .toArray();
        return new Run(
                nanos.length,
                clients.stream().mapToLong(client -> client.refused).sum(),
                nanos,
                clients.stream().flatMap(client -> client.ids.stream()).toList(),
                Duration.ofNanos(System.nanoTime() - begun));
    }

    /// One that posts, waits for the answer, and posts again.
    private final class Client {
        private final List<Long> nanos = new ArrayList<>();
        private final List<String> ids = new ArrayList<>();
        private final Thread thread;
        private long refused;

        Client(List<String> groups, long end) {
            this.thread = Thread.ofVirtual().unstarted(() -> post(groups, end));
        }

        private void post(List<String> groups, long end) {
            try (var http =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                while (System.nanoTime() < end) {
                    long number = turn.getAndIncrement();
                    var request = groups.isEmpty()
                            ? request(
                                    "/api/v1/messages",
                                    "{\"line\":\"" + line + "\",\"to\":\""
                                            + BenchLimits.number((int) (number % wanted.numbers))
                                            + "\",\"text\":\"Text " + number + "\"}")
                            : request(
                                    "/api/v1/conversations/" + groups.get((int) (number % groups.size())) + "/messages",
                                    "{\"text\":\"Text " + number + "\"}");
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

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
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
                var made = api.post("/api/v1/conversations", Map.of("line", line, "participants", people));
                if (!made.isDone()) {
                    throw new Failure("no group could be made: " + made.refusal());
                }
                groups.add(made.body().path("id").asString(""));
            }
        }
        return groups;
    }

    // ---- what came of it ----

    /// How long the way took from the acceptance of a message to its SMSC and to its phone, as the
    /// deliveries of some say when all is over: looking on meanwhile would cost what is measured.
    private Map<String, Object> way(List<String> ids) throws IOException {
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
        var figures = new LinkedHashMap<String, Object>();
        percentiles(figures, "sentMillis", sent);
        percentiles(figures, "deliveredMillis", delivered);
        return figures;
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
        var sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        for (int percent : PERCENTS) {
            figures.put(name + "P" + percent, percentile(sorted, percent));
        }
    }

    private record Counters(double submitted, double delivered, double failed, double waiting) {}

    private Counters counters() throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var metrics = http.send(
                            HttpRequest.newBuilder(URI.create(url + "/metrics"))
                                    .header("Authorization", "Bearer " + token)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
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

    private static double percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }

    // ---- processes of this machine (proc(5)) ----

    private Map<String, Double> cpu() {
        var seconds = new LinkedHashMap<String, Double>();
        pids.forEach((name, pid) -> {
            try {
                var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                seconds.put(name, (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS);
            } catch (IOException _) {
                seconds.put(name, 0.0);
            }
        });
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
