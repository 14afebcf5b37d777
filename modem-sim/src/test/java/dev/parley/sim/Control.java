package dev.parley.sim;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The control API, as a test uses it.
final class Control implements AutoCloseable {

    record Answer(int status, JsonNode body) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    Control(String url) {
        this.url = url;
    }

    Answer call(String method, String path, String body) {
        try {
            var request = HttpRequest.newBuilder(URI.create(url + path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), JsonMapper.shared().readTree(response.body()));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    JsonNode get(String path) {
        return good(call("GET", path, ""));
    }

    JsonNode put(String path, String body) {
        return good(call("PUT", path, body));
    }

    private static JsonNode good(Answer answer) {
        if (answer.status() / 100 != 2) {
            throw new AssertionError(answer.toString());
        }
        return answer.body();
    }

    void text(String from, String to, String text) {
        var body = JsonMapper.shared().createObjectNode().put("to", to).put("text", text);
        good(call("POST", "/handsets/" + from + "/messages", body.toString()));
    }

    /// What a handset received, oldest first.
    List<JsonNode> inbox(String number) {
        var inbox = new ArrayList<JsonNode>();
        get("/handsets/" + number + "/messages").forEach(inbox::add);
        return inbox;
    }

    List<String> texts(String number) {
        return inbox(number).stream()
                .map(message -> message.path("text").asString())
                .toList();
    }

    /// The lines of the event stream from its beginning, as far as the one that `last` is part of.
    List<String> eventsUntil(String last) {
        try {
            var response = client.send(
                    HttpRequest.newBuilder(URI.create(url + "/events")).build(), HttpResponse.BodyHandlers.ofLines());
            var lines = new ArrayList<String>();
            try (var stream = response.body()) {
                for (var line = stream.iterator(); line.hasNext(); ) {
                    lines.add(line.next());
                    if (lines.getLast().contains(last)) {
                        return lines;
                    }
                }
            }
            throw new AssertionError("the stream ended: " + lines);
        } catch (IOException e) {
            throw new AssertionError("GET /events", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    HttpResponse<String> page(String path) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    void fault(String modem, String fault) {
        put("/modems/" + modem, "{\"fault\": \"" + fault + "\"}");
    }

    @Override
    public void close() {
        client.close();
    }
}
