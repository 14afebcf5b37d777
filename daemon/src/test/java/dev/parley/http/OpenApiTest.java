package dev.parley.http;

import dev.parley.conversation.InboundText;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Every operation of the reference is done once, and answers as the reference says: [Client]
/// judges each answer, this test that none was left out.
class OpenApiTest {
    private static final Daemon DAEMON = new Daemon();
    private static final Client ADMIN = DAEMON.admin();
    private static final Reference REFERENCE = Reference.of(DAEMON.server.url());

    @AfterAll
    static void close() {
        DAEMON.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @Test
    void everyOperationAnswersAsTheReferenceSays() throws IOException {
        for (var path :
                List.of("/", "/docs", "/assets/reference.css", "/healthz", "/readyz", "/metrics", "/openapi.json")) {
            DAEMON.anonymous().get(path).is(200);
        }
        accounts();
        ADMIN.get("/api/v1/unread").is(200);
        ADMIN.get("/api/v1/links/modem-1/unmatched").is(200);
        contacts();
        for (var path : List.of("lines", "links")) {
            ADMIN.get("/api/v1/" + path).is(200);
        }
        for (var action : List.of("pause", "resume", "restart")) {
            ADMIN.post("/api/v1/links/modem-1/" + action).is(200);
        }
        conversations();
        webhooks();
        try (var raw = new Raw(DAEMON.server.address())) {
            // A stream does not end, so that the client that judges would wait for ever.
            var token = ADMIN.post("/api/v1/tokens", json("{'name':'stream'}")).text("/secret");
            var head = raw.send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                    .head();
            assertTrue(head.contains("text/event-stream"), head);
            REFERENCE.answered().add("GET /api/v1/events");
        }
        var left = new HashSet<>(REFERENCE.operations());
        left.removeAll(REFERENCE.answered());
        // Only a modem can be asked, and here there is none.
        left.remove("POST /api/v1/links/{name}/ussd");
        left.remove("POST /api/v1/links/{name}/at");
        // Only a delivery that failed can be tried again, and here no link ever fails one.
        left.remove("POST /api/v1/messages/{id}/retry");
        // Only a browser goes there, and only with an OpenID provider.
        left.remove("GET /api/v1/session/oidc");
        left.remove("GET /api/v1/session/oidc/callback");
        assertEquals(new HashSet<>(), left);
    }

    private static void accounts() {
        var user = ADMIN.post(
                        "/api/v1/users", json("{'name':'uma','password':'" + Daemon.PASSWORD + "','role':'member'}"))
                .is(201)
                .id();
        ADMIN.get("/api/v1/users").is(200);
        ADMIN.get("/api/v1/users/" + user).is(200);
        ADMIN.patch("/api/v1/users/" + user, json("{'scope':'assigned'}")).is(200);
        var anonymous = DAEMON.anonymous();
        var session = anonymous
                .post("/api/v1/session", json("{'username':'uma','password':'" + Daemon.PASSWORD + "'}"))
                .is(200);
        ADMIN.get("/api/v1/session").is(200);
        ADMIN.get("/api/v1/session/ways").is(200);
        var listed = ADMIN.get("/api/v1/sessions").is(200);
        assertEquals(session.text("/user/name"), listed.text("/items/0/userName"));
        anonymous
                .send(anonymous
                        .to("/api/v1/session")
                        .header("Cookie", session.header("Set-Cookie").split(";", 2)[0])
                        .header("X-CSRF-Token", session.text("/csrf"))
                        .DELETE())
                .is(204);
        anonymous
                .post("/api/v1/session", json("{'username':'uma','password':'" + Daemon.PASSWORD + "'}"))
                .is(200);
        ADMIN.delete("/api/v1/sessions/" + ADMIN.get("/api/v1/sessions").text("/items/0/id"))
                .is(204);
        var token = ADMIN.post("/api/v1/tokens", json("{'name':'t'}")).is(201).id();
        ADMIN.get("/api/v1/tokens").is(200);
        ADMIN.delete("/api/v1/tokens/" + token).is(204);
        ADMIN.delete("/api/v1/users/" + user).is(204);
    }

    private static void webhooks() {
        var hook = ADMIN.post(
                        "/api/v1/webhooks", json("{'url':'http://127.0.0.1:9/hook','events':['message.received']}"))
                .is(201);
        assertFalse(hook.text("/secret").isEmpty());
        var path = "/api/v1/webhooks/" + hook.id();
        ADMIN.get("/api/v1/webhooks").is(200);
        ADMIN.get(path).is(200);
        ADMIN.patch(path, json("{'paused':true}")).is(200);
        ADMIN.get(path + "/deliveries").is(200);
        ADMIN.post(path + "/resume").is(200);
        ADMIN.post(path + "/replay", json("{'from':'0'}")).is(200);
        ADMIN.post(path + "/replay", json("{'from':'never'}")).is(422);
        ADMIN.post(path + "/replay", json("{'since':'2026-01-01T08:00:00Z'}")).is(200);
        ADMIN.post(path + "/replay", json("{}")).is(422);
        ADMIN.delete(path).is(204);
    }

    private static void contacts() {
        var contact = ADMIN.post("/api/v1/contacts", json("{'name':'Ann','primaryNumber':'+12025550111'}"))
                .is(201)
                .id();
        ADMIN.get("/api/v1/contacts").is(200);
        ADMIN.get("/api/v1/contacts/" + contact).is(200);
        ADMIN.patch("/api/v1/contacts/" + contact, json("{'name':'Anna'}")).is(200);
        ADMIN.get("/api/v1/contacts/export").is(200);
        ADMIN.get("/api/v1/audit").is(200);
        ADMIN.get("/api/v1/audit/export").is(200);
        ADMIN.send(ADMIN.to("/api/v1/contacts/import")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString("name,primaryNumber\nBob,+12025550112\n")))
                .is(200);
        ADMIN.delete("/api/v1/contacts/" + contact).is(204);
    }

    private static void conversations() {
        long line = DAEMON.lines.all().getFirst().id();
        var group =
                json("{'line':'" + line + "','participants':[{'number':'+12025550121'},{'number':'%s'}],'text':'Hi'}");
        var one = ADMIN.post("/api/v1/conversations", group.formatted("+12025550122"))
                .is(201);
        var two = ADMIN.post("/api/v1/conversations", group.formatted("+12025550123"))
                .is(201);
        var path = "/api/v1/conversations/" + one.id();
        ADMIN.get("/api/v1/conversations").is(200);
        ADMIN.get("/api/v1/conversations/counts").is(200);
        ADMIN.get(path).is(200);
        ADMIN.patch(path, json("{'title':'Soccer'}")).is(200);
        var message =
                ADMIN.post(path + "/messages", json("{'text':'Five'}")).is(202).id();
        ADMIN.get("/api/v1/messages/" + message).is(200);
        ADMIN.post("/api/v1/messages/" + message + "/cancel").is(200);
        ADMIN.post("/api/v1/messages/" + message + "/retry").refused(409, "nothing-failed");
        ADMIN.post("/api/v1/messages", json("{'line':'" + line + "','to':'+12025550124','text':'Hello'}"))
                .is(202);
        arrives(line, "+12025550121", one.text("/tag") + " mango");
        var reply = ADMIN.get("/api/v1/messages?query=mango").is(200).text("/items/0/id");
        ADMIN.post("/api/v1/messages/" + reply + "/move", json("{'conversation':'" + two.id() + "','relay':false}"))
                .is(200);
        ADMIN.get(path + "/messages").is(200);
        ADMIN.post(path + "/read").is(200);
        ADMIN.post("/api/v1/preview", json("{'text':'Hello'}")).is(200);
        arrives(line, "+12025550124", "please stop texting me");
        var optOut = ADMIN.get("/api/v1/opt-outs").is(200).text("/items/0/id");
        ADMIN.post("/api/v1/opt-outs/" + optOut + "/dismiss").is(200);
        arrives(line, "+12025550124", "please stop texting me");
        ADMIN.post("/api/v1/opt-outs/" + optOut + "/confirm").is(200);
        arrives(line, "+12025550122", "STOP");
        ADMIN.post(path + "/successor").is(201);
        ADMIN.post("/api/v1/conversations/" + two.id() + "/close").is(200);
        ADMIN.post("/api/v1/people/export", json("{'number':'+12025550121'}")).is(200);
        var erasure = ADMIN.post("/api/v1/people/erase", json("{'number':'+12025550121'}"))
                .is(200)
                .id();
        ADMIN.get("/api/v1/people/erasures/" + erasure).is(200);
    }

    private static void arrives(long line, String from, String text) {
        var now = DAEMON.clock.instant();
        DAEMON.store.transaction(tx -> {
            DAEMON.replies.replies().received(tx, new InboundText(line, from, text, Optional.of(now), now, "modem-1"));
            return 0;
        });
    }

    @Test
    void everyFieldHasItsSentence() {
        var mute = new TreeSet<String>();
        for (var schema : REFERENCE.document().at("/components/schemas").properties()) {
            for (var field : schema.getValue().path("properties").properties()) {
                if (field.getValue().path("description").asString("").isBlank()) {
                    mute.add(schema.getKey() + "." + field.getKey());
                }
            }
        }
        for (var path : REFERENCE.document().path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                for (var parameter : operation.getValue().path("parameters")) {
                    if (!parameter.has("$ref")
                            && parameter.path("description").asString("").isBlank()) {
                        mute.add(operation.getKey() + " " + path.getKey() + " "
                                + parameter.path("name").asString(""));
                    }
                }
            }
        }
        assertEquals(Set.of(), mute);
    }

    /// What only events carry stands in no answer.
    private static final Set<String> OF_EVENTS = Set.of("AccessView", "ReadView");

    @Test
    void everySentenceHasItsField() {
        var idle = new TreeSet<String>();
        for (var field : new FieldSentences().fields()) {
            var type = field.split("\\.", 2)[0];
            var name = field.split("\\.", 2)[1];
            boolean known = type.equals("*")
                    || type.equals("path")
                    || OF_EVENTS.contains(type)
                    || REFERENCE
                            .document()
                            .at("/components/schemas/" + type + "/properties")
                            .has(name);
            if (!known) {
                idle.add(field);
            }
        }
        assertEquals(Set.of(), idle);
    }

    @Test
    void itIsWellFormed() {
        var document = REFERENCE.document();
        assertEquals("3.1.0", document.path("openapi").asString());
        var names = new HashSet<String>();
        for (var path : document.path("paths")) {
            for (var operation : path) {
                assertTrue(names.add(operation.path("operationId").asString()), operation.toString());
                assertFalse(operation.path("summary").asString().isEmpty(), operation.toString());
            }
        }
        var dangling = new ArrayList<String>();
        references(document, dangling);
        assertEquals(List.of(), dangling);
    }

    private static void references(JsonNode node, List<String> dangling) {
        if (node.has("$ref") && node.path("$ref").isString()) {
            var target = node.path("$ref").asString();
            if (REFERENCE.document().at(target.substring(1)).isMissingNode()) {
                dangling.add(target);
            }
        }
        node.forEach(each -> references(each, dangling));
    }
}
