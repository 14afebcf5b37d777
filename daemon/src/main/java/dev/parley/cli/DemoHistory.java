package dev.parley.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// A few conversations that a visitor finds in the demo, made by real texts through the simulated network: two groups,
/// a reply that belongs to either, a person who writes first, a text that did not arrive.
///
/// Its people are none of the twelve contacts, so that whoever plays with those begins anew.
record DemoHistory(Api api, Api simulator, JsonNode line) {

    private static final DemoWorld.Person NORA = DemoWorld.person("Nora", "+12025550171");
    private static final DemoWorld.Person OMAR = DemoWorld.person("Omar", "+12025550172");
    private static final DemoWorld.Person PRIYA = DemoWorld.person("Priya", "+12025550173");
    private static final DemoWorld.Person QUINN = DemoWorld.person("Quinn", "+12025550174");
    private static final String STRANGER = "+12025550175";

    /// The phones of these people, for the network's page.
    static final List<DemoWorld.Person> PEOPLE = List.of(NORA, OMAR, PRIYA, QUINN);

    /// Texts through the simulated SMSC take milliseconds; a busy machine takes its time.
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(50);

    /// Makes the conversations on the line with this number. What takes too long is left out: a demo without a part of
    /// its history is a demo still.
    static void make(Api api, Api simulator, String number) throws IOException {
        for (var line : api.get("/api/v1/lines").body().path("items")) {
            if (line.path("number").asString("").equals(number)) {
                new DemoHistory(api, simulator, line).make();
            }
        }
    }

    private void make() throws IOException {
        for (var person : PEOPLE) {
            reach(person.number(), "on");
        }
        var move = group("Garden party", "The tent comes at 9 on Saturday. Who can help?", NORA, OMAR, PRIYA);
        says(NORA.number(), "I can be there at 9");
        awaitItems(2, "/api/v1/conversations/" + move + "/messages");
        var book = group("Book club", "We read chapter 4 for Thursday.", OMAR, QUINN);
        // Omar is in two groups that he has just heard of: this reply belongs to either.
        says(OMAR.number(), "Count me in");
        awaitItems(2, "/api/v1/conversations/" + book + "/messages");
        reach(QUINN.number(), "reject");
        var failing = send(
                "/api/v1/messages", Map.of("line", lineId(), "to", QUINN.number(), "text", "Your glasses are ready."));
        await(
                "/api/v1/messages/" + failing.path("id").asString(""),
                message -> message.path("deliveries")
                        .path(0)
                        .path("status")
                        .asString("")
                        .equals("failed"));
        reach(QUINN.number(), "on");
        says(STRANGER, "Hello, are you open on Sunday?");
        awaitItems(1, "/api/v1/conversations?participant=" + STRANGER.replace("+", "%2B"));
    }

    private String lineId() {
        return line.path("id").asString("");
    }

    private String group(String title, String text, DemoWorld.Person... people) throws IOException {
        var participants = List.of(people).stream()
                .map(person -> Map.of("number", person.number(), "name", person.name()))
                .toList();
        var made = send(
                "/api/v1/conversations",
                Map.of("line", lineId(), "title", title, "participants", participants, "text", text));
        var id = made.path("id").asString("");
        for (var person : people) {
            await("/api/v1/conversations/" + id + "/messages", page -> arrived(page, person.number()));
        }
        return id;
    }

    private static boolean arrived(JsonNode page, String number) {
        for (var delivery : page.path("items").path(0).path("deliveries")) {
            if (delivery.path("number").asString("").equals(number)
                    && delivery.path("status").asString("").equals("delivered")) {
                return true;
            }
        }
        return false;
    }

    private JsonNode send(String path, Object body) throws IOException {
        return api.post(path, body).orFail("the daemon refused what the demo says first: ");
    }

    private void reach(String number, String reach) throws IOException {
        simulator.put("/handsets/" + number.replace("+", "%2B"), Map.of("reach", reach));
    }

    private void says(String from, String text) throws IOException {
        simulator.post(
                "/handsets/" + from.replace("+", "%2B") + "/messages",
                Map.of("to", line.path("number").asString(""), "text", text));
    }

    private void awaitItems(int count, String path) throws IOException {
        await(path, page -> page.path("items").size() >= count);
    }

    private void await(String path, Predicate<JsonNode> there) throws IOException {
        long end = System.nanoTime() + ARRIVAL_MAX.toNanos();
        while (!there.test(api.get(path).body()) && System.nanoTime() < end) {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the demo says its first texts", e);
            }
        }
    }
}
