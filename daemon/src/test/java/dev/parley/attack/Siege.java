package dev.parley.attack;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Everything at once, from one address: half-open requests, uploads of who has no right to them or
/// takes his time, and one user's streams by the thousand; while another user posts texts and waits for
/// the event of each on a stream.
///
/// ```
/// java … dev.parley.attack.Siege http://127.0.0.1:8080 ATTACKERS-TOKEN OTHERS-TOKEN [SECONDS]
/// ```
public final class Siege {
    static final int HALF_OPEN = 2_000;
    static final int UPLOADS = 40;
    static final int STREAMS = 1_000;
    static final int POSTS = 100;

    private static final int BODY_OCTETS = 4 << 20;

    /// An attacker that lost a connection comes again, not faster than this: the point is not to measure
    /// the loopback.
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final URI url;
    private final String attacker;
    private final String other;
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private volatile boolean over;

    Siege(String url, String attacker, String other) {
        this.url = URI.create(url);
        this.attacker = attacker;
        this.other = other;
    }

    /// What the other user met with.
    ///
    /// @param posts how long each took, sorted, in milliseconds
    /// @param events how long the event of each took from the post on, sorted, in milliseconds
    /// @param outcomes what became of the attacks
    record Report(List<Long> posts, List<Long> events, int failed, Map<String, Integer> outcomes) {
        static long p99(List<Long> sorted) {
            return sorted.isEmpty() ? Long.MAX_VALUE : sorted.get((sorted.size() - 1) * 99 / 100);
        }

        @Override
        public String toString() {
            return "posts %d (p50 %d ms, p99 %d ms), events %d (p99 %d ms), failed %d, attacks %s"
                    .formatted(
                            posts.size(),
                            posts.isEmpty() ? -1 : posts.get(posts.size() / 2),
                            p99(posts),
                            events.size(),
                            p99(events),
                            failed,
                            outcomes);
        }
    }

    public static void main(String[] args) throws Exception {
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 20;
        System.out.println(new Siege(args[0], args[1], args[2]).lay(Duration.ofSeconds(seconds)));
    }

    /// @param most how long all of it lasts at most
    Report lay(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                var ready = new CountDownLatch(HALF_OPEN + UPLOADS + STREAMS);
                for (int i = 0; i < HALF_OPEN; i++) {
                    again(tasks, ready, this::halfOpen);
                }
                for (int i = 0; i < UPLOADS; i++) {
                    again(tasks, ready, i % 4 == 3 ? this::slowUpload : this::forbiddenUpload);
                }
                for (int i = 0; i < STREAMS; i++) {
                    again(tasks, ready, this::stream);
                }
                ready.await(30, TimeUnit.SECONDS);
                return visit(until);
            } finally {
                over = true;
                tasks.shutdownNow();
            }
        }
    }

    // ---- the attackers ----

    @FunctionalInterface
    private interface Attack {
        String run() throws IOException, InterruptedException;
    }

    private void again(ExecutorService tasks, CountDownLatch ready, Attack attack) {
        tasks.execute(() -> {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextInt(2_000));
                boolean first = true;
                while (!over) {
                    if (first) {
                        ready.countDown();
                        first = false;
                    }
                    String outcome;
                    try {
                        outcome = attack.run();
                    } catch (IOException e) {
                        outcome = "cut off";
                    }
                    outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
                    Thread.sleep(AGAIN);
                }
            } catch (InterruptedException _) {
                // over
            }
        });
    }

    private Socket connected() throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 10_000);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /// A request that never ends.
    private String halfOpen() throws IOException {
        try (var socket = connected()) {
            write(socket, "POST /api/v1/messages HTTP/1.1\r\nHost: a\r\nX-Slow: " + "a".repeat(4_000));
            return socket.getInputStream().read() < 0 ? "half-open: closed" : "half-open: answered";
        }
    }

    /// Four megabytes with a token that nobody has.
    private String forbiddenUpload() throws IOException {
        return "upload of a stranger: " + upload("nobody's", 64 * 1024, Duration.ZERO);
    }

    /// Four megabytes by a user, as slowly as may be.
    private String slowUpload() throws IOException {
        return "slow upload: " + upload(attacker, 16 * 1024, Duration.ofMillis(100));
    }

    private String upload(String token, int step, Duration pause) throws IOException {
        try (var socket = connected()) {
            write(
                    socket,
                    "POST /api/v1/contacts/import?dryRun=true HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n"
                            + "Authorization: Bearer " + token + "\r\nContent-Length: " + BODY_OCTETS + "\r\n\r\n");
            var piece = new byte[step];
            try {
                for (int sent = 0;
                        sent < BODY_OCTETS && socket.getInputStream().available() == 0 && !over;
                        sent += step) {
                    socket.getOutputStream().write(piece);
                    if (pause.isPositive()) {
                        Thread.sleep(pause);
                    }
                }
            } catch (InterruptedException _) {
                return "over";
            }
            return status(socket.getInputStream());
        }
    }

    private String stream() throws IOException {
        try (var socket = connected()) {
            write(socket, "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + attacker + "\r\n\r\n");
            var status = status(socket.getInputStream());
            while (status.equals("200") && !over && socket.getInputStream().read(new byte[8_192]) >= 0) {
                // reads on
            }
            return "stream: " + status;
        }
    }

    private static String status(InputStream in) throws IOException {
        var line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
        return line.length() < 12 ? "closed" : line.substring(9);
    }

    // ---- the other user ----

    private Report visit(long until) throws InterruptedException {
        var posts = new ArrayList<Long>();
        var events = new ArrayList<Long>();
        int failed = 0;
        var seen = new LinkedBlockingQueue<String>();
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var listening = new CountDownLatch(1);
            var reader = Thread.ofVirtual().start(() -> listen(http, listening, seen));
            if (!listening.await(20, TimeUnit.SECONDS)) {
                failed++;
            }
            for (int i = 0; i < POSTS && System.nanoTime() < until; i++) {
                var text = "siege " + i + " " + Long.toString(System.nanoTime(), 36);
                long begun = System.nanoTime();
                try {
                    // Half of them on a connection of their own, as of somebody who comes only now.
                    int status = i % 2 == 0 ? post(http, text) : postAnew(text);
                    if (status != 202) {
                        failed++;
                        outcomes.computeIfAbsent("the other user: " + status, _ -> new AtomicInteger())
                                .incrementAndGet();
                        continue;
                    }
                    posts.add(millis(begun));
                    var line = seen.poll(10, TimeUnit.SECONDS);
                    while (line != null && !line.contains(text)) {
                        line = seen.poll(10, TimeUnit.SECONDS);
                    }
                    if (line == null) {
                        failed++;
                    } else {
                        events.add(millis(begun));
                    }
                } catch (IOException e) {
                    failed++;
                    outcomes.computeIfAbsent(
                                    "the other user: " + e.getClass().getSimpleName(), _ -> new AtomicInteger())
                            .incrementAndGet();
                }
                Thread.sleep(50);
            }
            over = true;
            reader.interrupt();
            http.shutdownNow();
        }
        Collections.sort(posts);
        Collections.sort(events);
        var counts = new TreeMap<String, Integer>();
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.get()));
        return new Report(posts, events, failed, counts);
    }

    private static long millis(long begun) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    private void listen(HttpClient http, CountDownLatch listening, LinkedBlockingQueue<String> seen) {
        try {
            var stream = http.send(
                    HttpRequest.newBuilder(url.resolve("/api/v1/events"))
                            .header("Authorization", "Bearer " + other)
                            .build(),
                    BodyHandlers.ofLines());
            stream.body().forEach(line -> {
                listening.countDown();
                if (line.startsWith("data:")) {
                    seen.add(line);
                }
            });
        } catch (IOException | RuntimeException e) {
            // the posts tell
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String body(String text) {
        return "{\"to\":\"+12025550199\",\"text\":\"" + text + "\"}";
    }

    private int post(HttpClient http, String text) throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(url.resolve("/api/v1/messages"))
                                .header("Authorization", "Bearer " + other)
                                .header("Content-Type", "application/json")
                                .timeout(Duration.ofSeconds(10))
                                .POST(BodyPublishers.ofString(body(text)))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private int postAnew(String text) throws IOException {
        try (var socket = connected()) {
            socket.setSoTimeout(10_000);
            var body = body(text);
            write(
                    socket,
                    "POST /api/v1/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
                            + "Authorization: Bearer " + other + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                            + body);
            var status = status(socket.getInputStream()).strip();
            return status.chars().allMatch(Character::isDigit) && !status.isEmpty()
                    ? Integer.parseInt(status.toLowerCase(Locale.ROOT))
                    : -1;
        }
    }
}
