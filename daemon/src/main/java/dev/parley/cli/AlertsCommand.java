package dev.parley.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.config.Scalars;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `parley alerts`: a receiver for the webhooks of Prometheus' Alertmanager, which makes an
/// incident a group chat. Each group of alerts that fires or is resolved is a text to a
/// conversation; who answers `ACK` there silences what fires.
@Command(
        name = "alerts",
        description = {
            "Receives the webhooks of an Alertmanager and texts them to a conversation, until Ctrl-C.",
            "Who is in the conversation answers ACK to silence what fires, for a while: ACK 2h."
        })
final class AlertsCommand implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.shared();

    /// A webhook of Alertmanager with some hundred alerts is far smaller.
    private static final int BODY_OCTETS_MAX = 4 * 1024 * 1024;

    /// Alerts that are named in one text; the rest are counted.
    private static final int NAMED_MAX = 3;

    private static final Duration SILENCE = Duration.ofHours(4);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final Pattern ACK =
            Pattern.compile("ack(?:\\s+(\\d{1,3})\\s*([mhd]))?[.!]?", Pattern.CASE_INSENSITIVE);

    @Mixin
    private DaemonOptions daemon = new DaemonOptions();

    @Option(
            names = "--conversation",
            paramLabel = "ID",
            required = true,
            description = "Whom to text; parley conversations lists them.")
    private String conversation = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9095",
            description = "Where Alertmanager posts to (default: ${DEFAULT-VALUE}).")
    private String listen = "127.0.0.1:9095";

    @Option(
            names = "--alertmanager",
            paramLabel = "URL",
            description = "Where silences are made (default: the address that Alertmanager says of itself).")
    private @Nullable String alertmanager;

    @Mixin
    private Output output = new Output();

    /// What fires, by the key of its group: the labels that its alerts have in common, and whose
    /// Alertmanager it is.
    private final Map<String, Firing> firing = new LinkedHashMap<>();

    private record Firing(String url, List<JsonNode> alerts) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        var address = Demo.address(listen, "127.0.0.1:9095");
        // From now on: an ACK of last week is not for what fires today.
        var events = daemon.events(Optional.empty());
        var server = HttpServer.create(new InetSocketAddress(address.getHostString(), address.getPort()), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", this::receive);
            server.start();
            var here = "http://" + address.getHostString() + ":"
                    + server.getAddress().getPort();
            output.say("Receiving alerts on " + here, Output.object("url", here));
            events.follow(event -> {
                if (event.name().equals("message.received")) {
                    heard(event.data());
                }
            });
            return 0;
        } finally {
            server.stop(0);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean isPost = exchange.getRequestMethod().equals("POST");
            exchange.sendResponseHeaders(isPost ? received(exchange.getRequestBody()) : 405, -1);
        }
    }

    /// Alertmanager posts again what was not answered with 2xx, and drops what was answered with 4xx.
    private int received(InputStream body) throws IOException {
        JsonNode webhook;
        try {
            webhook = JSON.readTree(body.readNBytes(BODY_OCTETS_MAX));
        } catch (JacksonException _) {
            return 400;
        }
        var key = webhook.path("groupKey").asString("");
        if (!webhook.path("alerts").isArray() || key.isEmpty()) {
            return 400;
        }
        // Before it is told: an ACK can be here before the answer to our own request is.
        synchronized (firing) {
            var still = webhook.path("alerts")
                    .valueStream()
                    .filter(AlertsCommand::isFiring)
                    .toList();
            if (still.isEmpty()) {
                firing.remove(key);
            } else {
                firing.put(key, new Firing(webhook.path("externalURL").asString(""), still));
            }
        }
        return isSent(textOf(webhook)) ? 200 : 503;
    }

    /// `FIRING 2: Link aggregator has not been ready for five minutes; … Reply ACK to silence.`
    static String textOf(JsonNode webhook) {
        var status = webhook.path("status").asString("firing");
        boolean fires = status.equals("firing");
        var said = webhook.path("alerts")
                .valueStream()
                .filter(alert -> !fires || isFiring(alert))
                .map(AlertsCommand::sentence)
                .toList();
        var distinct = said.stream().distinct().toList();
        int more = distinct.size() - NAMED_MAX;
        return status.toUpperCase(Locale.ROOT)
                + (said.size() > 1 ? " " + said.size() : "")
                + ": "
                + distinct.stream().limit(NAMED_MAX).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more" : "")
                + (fires ? " Reply ACK to silence." : "");
    }

    private static boolean isFiring(JsonNode alert) {
        return alert.path("status").asString("").equals("firing");
    }

    private static String sentence(JsonNode alert) {
        var summary = alert.path("annotations").path("summary").asString("");
        return summary.isEmpty() ? alert.path("labels").path("alertname").asString("alert") : summary;
    }

    private void text(String text) {
        daemon.ask(api -> api.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", text)))
                .orFail("a text was refused: ");
    }

    /// Whether the text went out. One that did not is said here instead.
    private boolean isSent(String text) {
        try {
            text(text);
            return true;
        } catch (Failure e) {
            output.err().println("parley: " + e.getMessage());
            return false;
        }
    }

    private void heard(JsonNode message) {
        if (!message.path("conversation").asString("").equals(conversation)) {
            return;
        }
        var ack = ACK.matcher(message.path("text").asString("").strip());
        if (!ack.matches()) {
            return;
        }
        var duration = Optional.ofNullable(ack.group(1))
                .map(count ->
                        Math.max(1, Integer.parseInt(count)) + ack.group(2).toLowerCase(Locale.ROOT))
                .flatMap(Scalars::duration)
                .orElse(SILENCE);
        var who = EventCommands.author(message);
        List<Firing> now;
        synchronized (firing) {
            now = List.copyOf(firing.values());
        }
        try {
            int silenced = 0;
            for (var group : now) {
                for (var alert : group.alerts()) {
                    silence(group.url(), alert, who, duration);
                    silenced++;
                }
            }
            text(
                    silenced == 0
                            ? "Nothing fires."
                            : "Silenced by " + who + " for " + written(duration) + ": " + silenced
                                    + (silenced == 1 ? " alert." : " alerts."));
        } catch (IOException | Failure e) {
            output.err().println("parley: " + e.getMessage());
            isSent("Not silenced: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String written(Duration duration) {
        return duration.toMinutes() % 60 == 0 ? duration.toHours() + " h" : duration.toMinutes() + " min";
    }

    /// A silence of exactly this alert (Alertmanager API v2, `POST /silences`).
    private void silence(String url, JsonNode alert, String who, Duration duration)
            throws IOException, InterruptedException {
        var base = alertmanager == null ? url : alertmanager;
        var now = Instant.now();
        var silence = JSON.createObjectNode()
                .put("startsAt", now.toString())
                .put("endsAt", now.plus(duration).toString())
                .put("createdBy", who)
                .put("comment", "Acknowledged by a text");
        var matchers = silence.putArray("matchers");
        alert.path("labels")
                .properties()
                .forEach(label -> matchers.addObject()
                        .put("name", label.getKey())
                        .put("value", label.getValue().asString(""))
                        .put("isRegex", false)
                        .put("isEqual", true));
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(base.replaceFirst("/$", "") + "/api/v2/silences"))
                    .timeout(ANSWER_MAX)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(silence.toString()))
                    .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(
                        base + " refused the silence: " + answer.body().strip());
            }
        }
    }
}
