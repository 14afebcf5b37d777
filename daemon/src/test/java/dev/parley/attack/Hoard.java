package dev.parley.attack;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/// Guests who ask for much and take nothing of it, so that the daemon holds it for them: strangers who announce bodies
/// and ask for large files, from several addresses; a user with hundreds of very long texts, whose lists and streams
/// nobody reads. Another user posts meanwhile.
///
/// ```
/// java … dev.parley.attack.Hoard http://127.0.0.1:8080 ATTACKERS-TOKEN OTHERS-TOKEN
/// ```
public final class Hoard {
    private static final int STRANGERS = 900;
    private static final int BODIES = 1_600;
    private static final int LISTS = 290;
    private static final int STREAMS = 100;

    /// Texts of 255 SMS, the longest there may be, which go out tomorrow.
    private static final int TEXTS = 200;

    private static final int TEXT_CHARACTERS = 39_000;

    private static final int POSTS = 20;

    /// What an attacker lets come before it stops to read.
    private static final int WINDOW = 1_024;

    private final URI url;
    private final String attacker;
    private final String other;
    private final TreeMap<String, List<Long>> posts = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final ConcurrentHashMap<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

    Hoard(String url, String attacker, String other) {
        this.url = URI.create(url);
        this.attacker = attacker;
        this.other = other;
    }

    /// How it went for the other user.
    ///
    /// @param posts how long each took under each attack, sorted, in milliseconds
    /// @param failures what was answered otherwise than it should be
    /// @param outcomes what became of the attacks
    record Report(TreeMap<String, List<Long>> posts, List<String> failures, TreeMap<String, Integer> outcomes) {
        long longest() {
            return posts.values().stream().mapToLong(List::getLast).max().orElse(Long.MAX_VALUE);
        }
    }

    public static void main(String[] args) throws Exception {
        System.out.println(new Hoard(args[0], args[1], args[2]).lay());
    }

    Report lay() throws InterruptedException {
        try (var http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            during("bodies", http, this::announceBodies);
            during("files", http, this::askForFiles);
            var conversation = write(http);
            during("lists", http, sockets -> askForLists(sockets, conversation));
            during("streams", http, this::askForStreams);
        }
        var counts = new TreeMap<String, Integer>();
        outcomes.forEach((what, count) -> counts.put(what, count.get()));
        return new Report(posts, failures, counts);
    }

    @FunctionalInterface
    private interface Attack {
        void on(List<Socket> sockets) throws InterruptedException;
    }

    private void during(String name, HttpClient http, Attack attack) throws InterruptedException {
        List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
        try {
            attack.on(sockets);
            var took = new ArrayList<Long>();
            for (int i = 0; i < POSTS; i++) {
                long begun = System.nanoTime();
                // Every other one is longer than what has a room of its own.
                var status = post(http, "hoard " + i + (i % 2 == 0 ? "" : " and more".repeat(2_000)));
                if (!status.equals("202")) {
                    failures.add(name + ": " + status);
                }
                took.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
            }
            Collections.sort(took);
            posts.put(name, took);
        } finally {
            for (var socket : List.copyOf(sockets)) {
                closed(socket);
            }
        }
    }

    private static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void all(List<Socket> sockets, int count, String name, IntFunction<String> head)
            throws InterruptedException {
        try (var tasks = Executors.newFixedThreadPool(32, Thread.ofVirtual().factory())) {
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.execute(() -> {
                    var outcome = name;
                    try {
                        outcome += " " + asked(sockets, number, head.apply(number));
                    } catch (IOException e) {
                        outcome += " cut off";
                    }
                    outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
                });
            }
        }
    }

    /// Asks from one of four addresses, and reads the first line of the answer at most.
    private String asked(List<Socket> sockets, int number, String head) throws IOException {
        var socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(WINDOW);
        socket.bind(new InetSocketAddress("127.0.0." + (2 + number % 4), 0));
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), 10_000);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        return line.length() < 12 ? "closed" : line.substring(9);
    }

    private void announceBodies(List<Socket> sockets) throws InterruptedException {
        var head = String.join(
                "\r\n",
                "POST /api/v1/session HTTP/1.1",
                "Host: a",
                "Content-Type: application/json",
                "Content-Length: 16384",
                "Expect: 100-continue",
                "",
                "");
        all(sockets, BODIES, "body", _ -> head);
    }

    private void askForFiles(List<Socket> sockets) throws InterruptedException {
        var files = List.of("/openapi.json", "/docs");
        all(sockets, STRANGERS, "file", i -> "GET " + files.get(i % files.size()) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    private void askForLists(List<Socket> sockets, String conversation) throws InterruptedException {
        all(
                sockets,
                LISTS,
                "list",
                _ -> "GET /api/v1/conversations/" + conversation + "/messages?limit=200 HTTP/1.1\r\nHost: a\r\n"
                        + "Authorization: Bearer " + attacker + "\r\n\r\n");
    }

    private void askForStreams(List<Socket> sockets) throws InterruptedException {
        all(
                sockets,
                STREAMS,
                "stream",
                _ -> "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 0\r\nAuthorization: Bearer " + attacker
                        + "\r\n\r\n");
    }

    /// Writes the long texts.
    ///
    /// @return the id of their conversation
    private String write(HttpClient http) throws InterruptedException {
        var conversation = "";
        var tomorrow = Instant.now().plus(Duration.ofDays(1));
        for (int i = 0; i < TEXTS; i++) {
            var body = "{\"to\":\"+12025550198\",\"sendAt\":\"" + tomorrow + "\",\"text\":\""
                    + ("hoard " + i + " ").repeat(TEXT_CHARACTERS).substring(0, TEXT_CHARACTERS) + "\"}";
            try {
                var answer = http.send(request("/api/v1/messages", attacker, body), BodyHandlers.ofString());
                outcomes.computeIfAbsent("text " + answer.statusCode(), _ -> new AtomicInteger())
                        .incrementAndGet();
                conversation = answer.body().replaceFirst("(?s).*\"conversation\":\"(\\d+)\".*", "$1");
            } catch (IOException e) {
                failures.add("text: " + e);
            }
        }
        return conversation;
    }

    private String post(HttpClient http, String text) throws InterruptedException {
        try {
            var answer = http.send(
                    request("/api/v1/messages", other, "{\"to\":\"+12025550199\",\"text\":\"" + text + "\"}"),
                    BodyHandlers.ofString());
            return answer.statusCode() == 202 ? "202" : answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private HttpRequest request(String path, String token, String body) {
        return HttpRequest.newBuilder(url.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(BodyPublishers.ofString(body))
                .build();
    }
}
