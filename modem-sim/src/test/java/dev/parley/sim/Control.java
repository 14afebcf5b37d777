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

    void fault(String modem, String fault) {
        put("/modems/" + modem, "{\"fault\": \"" + fault + "\"}");
    }

    @Override
    public void close() {
        client.close();
    }
}
