package dev.parley.smpp;

import dev.parley.Parley;
import dev.parley.account.AccessScope;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.account.Tokens;
import dev.parley.config.Config;
import dev.parley.config.ConfigReading;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.world.Await;
import dev.parley.world.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jsmpp.SMPPConstant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What SMSCs in the field do, row by row, to one whole daemon: each row of `cases/smpp-cases.json` says what the other
/// side does and what must be seen by it and by the API. Rows about a session have a link and an SMSC of their own, all
/// of them watched over the same minute; rows about texts share a link a country.
@DisplayName("An SMSC as it is in the field")
@Execution(ExecutionMode.CONCURRENT) // it mostly waits
class SmppCasesTest {

    private static final HexFormat HEX = HexFormat.of();

    /// What everybody's lines and links are called, and what a link differs in from the others.
    private static final Map<String, String> COUNTRIES = Map.of(
            "us", "+12025550100",
            "latin1", "+12025550101",
            "de", "+4930123456",
            "ar", "+5491155550100",
            "br", "+5541988880100",
            "mx", "+525512340100");

    private static final Map<String, TestSmsc> SMSCS = new ConcurrentHashMap<>();
    private static final Map<String, List<String>> MESSAGES = new ConcurrentHashMap<>();
    private static final Map<String, String> GROUPS = new ConcurrentHashMap<>();
    private static final List<JsonNode> CASES = cases();

    @TempDir
    private static Path directory;

    private static Parley parley;
    private static Json api;
    private static String token = "";
    private static Map<String, String> lines = Map.of();
    private static long startedAt;

    private static List<JsonNode> cases() {
        try (var rows = SmppCasesTest.class.getResourceAsStream("/cases/smpp-cases.json")) {
            var read = new ArrayList<JsonNode>();
            Json.MAPPER.readTree(rows).path("cases").forEach(read::add);
            return read;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(JsonNode row) {
        return row.path("id").asString("");
    }

    private static <T> T known(Map<String, T> all, String name) {
        return Objects.requireNonNull(all.get(name), name);
    }

    private static boolean hasOwnLink(JsonNode row) {
        return switch (row.path("how").asString("")) {
            case "bind", "credentials", "rebind", "submit" -> true;
            default -> false;
        };
    }

    // ---- the world ----

    @BeforeAll
    static void start() throws Exception {
        var file = directory.resolve("parley.yaml");
        var yaml = new StringBuilder("""
                http: {listen: "127.0.0.1:0"}
                database: {embedded: db}
                queue: {uncertainGrace: 10s, validity: 72h}
                keywords:
                  fr: {stop: [ARRET]}
                  es: {stop: [DETÉN]}
                  tr: {stop: [İPTAL, CIKIS]}
                """);
        var numbers = new LinkedHashMap<String, String>(COUNTRIES);
        var links = new LinkedHashMap<String, String>();
        for (var country : COUNTRIES.keySet()) {
            links.put(country, country.equals("latin1") ? ", defaultAlphabet: latin1" : "");
        }
        for (var row : CASES) {
            if (hasOwnLink(row)) {
                numbers.put(id(row), "+1202555%04d".formatted(5000 + numbers.size()));
                links.put(id(row), own(row));
            }
        }
        yaml.append("lines:\n");
        numbers.forEach((name, number) ->
                yaml.append("  - {number: \"%s\", name: %s, links: [%s]}%n".formatted(number, name, name)));
        yaml.append("links:\n");
        for (var link : links.entrySet()) {
            var smsc = new TestSmsc();
            SMSCS.put(link.getKey(), smsc);
            yaml.append(
                    "  %s: {kind: smpp, host: 127.0.0.1, port: %d, window: 20, enquireLink: %s, responseTimeout: %s%s}%n"
                            .formatted(
                                    link.getKey(),
                                    smsc.port(),
                                    setting(link.getKey(), "enquireLink", "10s"),
                                    setting(link.getKey(), "responseTimeout", "4s"),
                                    (link.getValue().contains("systemId") ? "" : ", systemId: p, password: secret")
                                            + link.getValue()));
        }
        CASES.stream().filter(SmppCasesTest::hasOwnLink).forEach(row -> misbehave(row, known(SMSCS, id(row))));
        Files.writeString(file, yaml);
        var config = switch (Config.read(file)) {
            case ConfigReading.Usable(var usable) -> usable;
            case ConfigReading.Mistaken(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
        parley = Parley.start(config);
        startedAt = System.nanoTime();
        token = adminToken(config);
        api = new Json(parley.url(), Optional.of(token));
        lines = new LinkedHashMap<>();
        for (var line : items("/api/v1/lines?limit=200")) {
            lines.put(line.path("name").asString(""), line.path("id").asString(""));
        }
        for (var row : CASES) {
            if (hasOwnLink(row)) {
                queue(row);
            }
        }
        for (var country : COUNTRIES.keySet()) {
            var smsc = known(SMSCS, country);
            Await.until("a bind of " + country, () -> !smsc.binds.isEmpty());
        }
        for (var row : CASES) {
            if (row.path("how").asString("").equals("inbound")) {
                deliver(row);
            }
        }
    }

    private static String own(JsonNode row) {
        if (!row.path("how").asString("").equals("credentials")) {
            return "";
        }
        var input = row.path("input");
        return ", systemId: \"%s\", password: \"%s\""
                .formatted(
                        input.path("systemId").asString(""),
                        input.path("password").asString(""));
    }

    private static String setting(String link, String key, String usual) {
        return CASES.stream()
                .filter(row -> id(row).equals(link))
                .map(row -> row.path("setup").path("link").path(key).asString(usual))
                .findFirst()
                .orElse(usual);
    }

    private static String adminToken(Config config) {
        try (var store = Store.open(config.database(), new SimpleMeterRegistry())) {
            var random = new SecureRandom();
            var accounts = new Accounts(store, new Passwords(random), Clock.systemUTC());
            var admin = done(accounts.creating(new NewAccount(
                            "admin", Optional.of("a-long-password"), Role.ADMIN, AccessScope.ALL, Set.of()))
                    .get());
            return done(new Tokens(store, accounts, Clock.systemUTC(), random).issue(admin, "test", Optional.empty()))
                    .secret();
        }
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    @AfterAll
    static void end() throws IOException {
        if (parley != null) {
            parley.close();
        }
        for (var smsc : SMSCS.values()) {
            smsc.close();
        }
    }

    /// Has the SMSC of a row do what the row says.
    private static void misbehave(JsonNode row, TestSmsc smsc) {
        var input = row.path("input");
        if (input.has("bindRespBody")) {
            smsc.bindBody = HEX.parseHex(input.path("bindRespBody").asString(""));
        }
        if (input.has("afterBind")) {
            var after = input.path("afterBind");
            var once = new AtomicBoolean();
            smsc.onBind = connection -> {
                if (after.path("once").asBoolean(false) && once.getAndSet(true)) {
                    return;
                }
                Thread.ofVirtual().start(() -> {
                    LockSupport.parkNanos((long) (after.path("seconds").asDouble() * 1e9));
                    connection.leave(after.path("then").asString(""));
                });
            };
        }
        if (input.has("onEnquireLink")) {
            var answer = input.path("onEnquireLink");
            int command = answer.path("command").asString("").equals("generic_nack")
                    ? SMPPConstant.CID_GENERIC_NACK
                    : SMPPConstant.CID_ENQUIRE_LINK_RESP;
            smsc.onEnquireLink = (connection, pdu) ->
                    connection.send(TestSmsc.pdu(command, answer.path("status").asInt(), pdu.sequence(), new byte[0]));
        }
        var onSubmit = input.path("onSubmit");
        if (onSubmit.has("unlessValidity")) {
            var forms = new ArrayList<String>();
            onSubmit.path("unlessValidity").forEach(form -> forms.add(form.asString("")));
            smsc.onSubmit = (connection, pdu) -> {
                var validity = SubmitFields.of(pdu).validity();
                var form = validity.isEmpty() ? "none" : validity.endsWith("R") ? "relative" : "absolute";
                if (forms.contains(form)) {
                    connection.accept(pdu, "v-" + pdu.sequence());
                } else {
                    connection.refuse(pdu, onSubmit.path("status").asInt());
                }
            };
        } else if (onSubmit.has("status")) {
            smsc.onSubmit = (connection, pdu) ->
                    connection.refuse(pdu, onSubmit.path("status").asInt());
        } else if (onSubmit.has("close")) {
            smsc.onSubmit = (connection, _) -> connection.leave("close");
        } else if (onSubmit.has("unbind")) {
            smsc.onSubmit = (connection, _) -> connection.leave("unbind");
        } else if (onSubmit.has("answer")) {
            smsc.onSubmit = (_, _) -> {};
        } else if (onSubmit.has("sequence")) {
            var own = new AtomicInteger();
            boolean plus = onSubmit.path("sequence").asString("").equals("plus1000");
            smsc.onSubmit = (connection, pdu) -> connection.send(TestSmsc.pdu(
                    SMPPConstant.CID_SUBMIT_SM_RESP,
                    0,
                    plus ? pdu.sequence() + 1000 : own.incrementAndGet(),
                    "own\0".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    private static void queue(JsonNode row) {
        int texts = switch (row.path("how").asString("")) {
            case "rebind", "submit" -> row.path("input").path("texts").asInt();
            default -> 1;
        };
        var ids = new ArrayList<String>();
        for (int i = 0; i < texts; i++) {
            ids.add(api.post(
                            "/api/v1/messages",
                            Map.of(
                                    "line",
                                    known(lines, id(row)),
                                    "to",
                                    "+1202555%04d".formatted(9000 + i),
                                    "text",
                                    id(row) + " " + i))
                    .ok()
                    .path("id")
                    .asString(""));
        }
        MESSAGES.put(id(row), ids);
    }

    private static String line(JsonNode row) {
        return row.path("setup").path("line").asString("us");
    }

    /// Makes the group of a row, and sends what the row sends.
    private static void deliver(JsonNode row) throws Exception {
        var input = row.path("input");
        if (input.path("group").isArray()) {
            var people = StreamSupport.stream(input.path("group").spliterator(), false)
                    .map(number -> Map.of("number", number.asString(""), "name", "P" + number.asString("")))
                    .toList();
            GROUPS.put(
                    id(row),
                    api.post(
                                    "/api/v1/conversations",
                                    Map.of(
                                            "line",
                                            known(lines, line(row)),
                                            "title",
                                            id(row),
                                            "participants",
                                            people,
                                            "relay",
                                            "all",
                                            "introduce",
                                            false))
                            .ok()
                            .path("id")
                            .asString(""));
        }
        var smsc = known(SMSCS, line(row));
        for (var pdu : input.path("deliver")) {
            int sequence = smsc.nextSequence();
            smsc.latest().send(deliverSm(pdu, sequence, known(COUNTRIES, line(row))));
            Await.until("an answer to " + id(row), () -> smsc.answered.contains(sequence));
        }
    }

    private static byte[] deliverSm(JsonNode pdu, int sequence, String line) {
        var body = new ByteArrayOutputStream();
        body.write(0);
        body.write(pdu.path("sourceTon").asInt());
        body.write(pdu.path("sourceNpi").asInt());
        body.writeBytes(
                pdu.path("source").has("hex")
                        ? HEX.parseHex(pdu.path("source").path("hex").asString(""))
                        : pdu.path("source").asString("").getBytes(StandardCharsets.ISO_8859_1));
        body.write(0);
        body.writeBytes(new byte[] {1, 1});
        body.writeBytes((line.substring(1) + "\0").getBytes(StandardCharsets.US_ASCII));
        var message = HEX.parseHex(pdu.path("shortMessage").asString(""));
        body.write(pdu.path("esmClass").asInt());
        body.writeBytes(new byte[] {0, 0, 0, 0, 0, 0});
        body.write(pdu.path("dataCoding").asInt());
        body.write(0);
        body.write(message.length);
        body.writeBytes(message);
        body.writeBytes(HEX.parseHex(pdu.path("tlvs").asString("")));
        return TestSmsc.pdu(SMPPConstant.CID_DELIVER_SM, 0, sequence, body.toByteArray());
    }

    // ---- the rows ----

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void isMetAsTheRowSays(String id) throws Exception {
        var row = CASES.stream().filter(each -> id(each).equals(id)).findFirst().orElseThrow();
        var failures = new ArrayList<String>();
        for (var outcome : row.path("accept")) {
            var failure = failure(row, outcome);
            if (failure.isEmpty()) {
                return;
            }
            failures.add(failure.get());
        }
        throw new AssertionError(id + ": " + failures);
    }

    static Stream<String> ids() {
        return CASES.stream().map(SmppCasesTest::id);
    }

    /// Why this outcome is not what is there; empty where it is.
    private static Optional<String> failure(JsonNode row, JsonNode outcome) throws Exception {
        try {
            switch (row.path("how").asString("")) {
                case "bind", "credentials" -> bound(row, outcome);
                case "check-config" -> checkConfig(row, outcome);
                case "rebind", "submit" -> watched(row, outcome);
                case "inbound" -> heard(row, outcome);
                case "number" -> number(row, outcome);
                case "import" -> imported(row, outcome);
                case "export" -> exported(row);
                default -> throw new IllegalStateException("how " + row.path("how"));
            }
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void bound(JsonNode row, JsonNode outcome) {
        var smsc = known(SMSCS, id(row));
        eventually(() -> !smsc.submits.isEmpty());
        assertTrue(!smsc.submits.isEmpty(), "no text reached the SMSC");
        assertEquals(1, smsc.connections.size(), "sessions");
        assertEquals("ready", link(id(row)).path("state").asString(""));
        if (outcome.has("carried")) {
            var bind = new String(smsc.binds.getFirst().body(), StandardCharsets.ISO_8859_1);
            var input = row.path("input");
            assertTrue(
                    bind.startsWith(input.path("systemId").asString("") + "\0"
                            + input.path("password").asString("") + "\0"),
                    bind);
        }
    }

    private static JsonNode link(String name) {
        return Await.value(
                "link " + name,
                () -> items("/api/v1/links").stream()
                        .filter(link -> link.path("name").asString("").equals(name))
                        .findFirst());
    }

    private static void checkConfig(JsonNode row, JsonNode outcome) throws IOException {
        var file = directory.resolve(id(row) + ".yaml");
        Files.writeString(file, """
                http: {listen: "127.0.0.1:0"}
                database: {embedded: db}
                lines: [{number: "+12025550100", name: Desk, links: [it]}]
                links: {it: %s}
                """.formatted(row.path("setup").path("link")));
        var printed = switch (Config.read(file)) {
            case ConfigReading.Usable(var config) -> config.toString() + config.notes();
            case ConfigReading.Mistaken(var mistakes) -> mistakes.toString();
        };
        assertEquals(
                outcome.path("printed").asBoolean(),
                printed.contains(row.path("input").path("secret").asString("")),
                printed);
    }

    private static void watched(JsonNode row, JsonNode outcome) {
        var smsc = known(SMSCS, id(row));
        long end = startedAt
                + Duration.ofSeconds(row.path("input").path("watchSeconds").asLong())
                        .toNanos();
        if (outcome.has("status")) {
            for (var message : known(MESSAGES, id(row))) {
                eventually(() -> status(message).equals("sent"));
                assertEquals("sent", status(message));
            }
        }
        if (outcome.has("told")) {
            Await.until(id(row) + " is told", () -> System.nanoTime() > end || isTold(id(row)));
            assertTrue(isTold(id(row)), "told");
        }
        if (outcome.has("connectionsAtMost") || outcome.has("copiesAtMost") || outcome.has("reboundWithin")) {
            Await.until("the minute is over", () -> System.nanoTime() > end);
        }
        if (outcome.has("connectionsAtMost")) {
            assertTrue(
                    smsc.connections.size() <= outcome.path("connectionsAtMost").asInt(),
                    smsc.connections.size() + " connections");
        }
        if (outcome.has("copiesAtMost")) {
            var copies = new LinkedHashMap<String, Integer>();
            smsc.submits.forEach(pdu -> copies.merge(SubmitFields.of(pdu).text(), 1, Integer::sum));
            assertTrue(
                    copies.values().stream()
                            .allMatch(count ->
                                    count <= outcome.path("copiesAtMost").asInt()),
                    copies.toString());
            assertEquals(row.path("input").path("texts").asInt() > 0, !copies.isEmpty(), "submitted");
        }
        if (outcome.has("reboundWithin")) {
            assertEquals(2, smsc.boundAt.size(), "binds");
            double seconds = (smsc.boundAt.get(1) - smsc.leftAt) / 1e9;
            assertTrue(seconds <= outcome.path("reboundWithin").asDouble(), "bound again after " + seconds + " s");
        }
    }

    private static boolean isTold(String name) {
        var link = link(name);
        return !link.path("sentence").asString("").isEmpty()
                || !link.path("state").asString("").equals("ready");
    }

    private static String status(String message) {
        return api.get("/api/v1/messages/" + message)
                .ok()
                .path("deliveries")
                .path(0)
                .path("status")
                .asString("");
    }

    private static void heard(JsonNode row, JsonNode outcome) {
        var smsc = known(SMSCS, line(row));
        var group = row.path("input").path("group");
        var first = row.path("input").path("deliver").path(0);
        var writer = group.isArray()
                ? group.path(0).asString("")
                : "+"
                        + first.path("source")
                                .asString(
                                        digits(first.path("source").path("hex").asString("")));
        if (outcome.has("texts")) {
            var expected = new ArrayList<String>();
            outcome.path("texts").forEach(text -> expected.add(text.asString("")));
            eventually(() -> inbound(writer).size() >= expected.size());
            assertEquals(expected, inbound(writer));
        }
        if (outcome.has("anywhere")) {
            var text = outcome.path("anywhere").asString("");
            eventually(() -> byText(text).isPresent());
            var message = byText(text).orElseThrow(() -> new AssertionError("nobody's: " + text));
            if (outcome.has("number")) {
                assertTrue(
                        message.toString()
                                .contains("\"" + outcome.path("number").asString("") + "\""),
                        message.toString());
            }
        }
        if (outcome.has("inGroup")) {
            var path = "/api/v1/conversations/" + known(GROUPS, id(row)) + "/messages";
            eventually(() -> !items(path).isEmpty());
            assertEquals(outcome.path("inGroup").asBoolean(), !items(path).isEmpty());
        }
        if (outcome.has("state")) {
            var expected =
                    outcome.path("state").isNull() ? "" : outcome.path("state").asString("");
            eventually(() -> state(row, writer).equals(expected));
            assertEquals(expected, state(row, writer), "state");
        }
        if (outcome.has("answered")) {
            eventually(() -> hasGot(smsc, writer));
            assertEquals(outcome.path("answered").asBoolean(), hasGot(smsc, writer), "answered");
        }
        if (outcome.has("relayed")) {
            var other = group.path(1).asString("");
            boolean expected = outcome.path("relayed").asBoolean();
            if (expected) {
                eventually(() -> hasGot(smsc, other));
            }
            assertEquals(expected, hasGot(smsc, other), "relayed");
        }
    }

    private static String digits(String hex) {
        return new String(HEX.parseHex(hex), StandardCharsets.ISO_8859_1).replaceAll("[^0-9]", "");
    }

    /// Waits for something that may never be: what it finds then is judged.
    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(12).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean hasGot(TestSmsc smsc, String number) {
        return smsc.submits.stream().anyMatch(pdu -> ("+" + SubmitFields.of(pdu).destination()).equals(number));
    }

    private static String state(JsonNode row, String number) {
        return items("/api/v1/opt-outs?limit=200").stream()
                .filter(one -> one.path("number").asString("").equals(number)
                        && one.path("line").path("id").asString("").equals(known(lines, line(row))))
                .map(one -> one.path("state").asString(""))
                .findFirst()
                .orElse("");
    }

    private static List<String> inbound(String number) {
        return items("/api/v1/messages?limit=200&participant=" + URLEncoder.encode(number, StandardCharsets.UTF_8))
                .reversed()
                .stream()
                .filter(message -> message.path("direction").asString("").equals("inbound"))
                .map(message -> message.path("text").asString(""))
                .toList();
    }

    private static Optional<JsonNode> byText(String text) {
        return items("/api/v1/conversations?limit=200").stream()
                .filter(conversation ->
                        conversation.path("lastMessage").toString().contains(text))
                .findFirst();
    }

    private static void number(JsonNode row, JsonNode outcome) {
        var answer = api.post(
                "/api/v1/messages",
                Map.of(
                        "line",
                        known(lines, line(row)),
                        "to",
                        row.path("input").path("to").asString(""),
                        "text",
                        "number " + id(row)));
        assertEquals(
                outcome.path("status").asInt(), answer.status(), answer.body().toString());
        if (outcome.has("submitted")) {
            var to = "+" + outcome.path("submitted").asString("");
            eventually(() -> hasGot(known(SMSCS, line(row)), to));
            assertTrue(hasGot(known(SMSCS, line(row)), to), "submitted to " + to);
        }
    }

    private static void imported(JsonNode row, JsonNode outcome) throws Exception {
        var answer = raw(
                "POST",
                "/api/v1/contacts/import",
                row.path("input").path("contentType").asString(""),
                HEX.parseHex(row.path("input").path("body").asString("")));
        assertEquals(outcome.path("status").asInt(), answer.statusCode(), answer.body());
        assertEquals(
                outcome.path("faulty").asInt(),
                Json.MAPPER.readTree(answer.body()).path("faulty").asInt(-1),
                answer.body());
        var name = outcome.path("contact").path("name").asString("");
        var contact = items("/api/v1/contacts?query=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
        assertEquals(1, contact.size(), name);
        assertEquals(
                outcome.path("contact").path("primaryNumber").asString(""),
                contact.getFirst().path("primaryNumber").asString(""));
    }

    private static void exported(JsonNode row) throws Exception {
        var name = row.path("input").path("name").asString("");
        var number = row.path("input").path("primaryNumber").asString("");
        if (items("/api/v1/contacts?query=" + URLEncoder.encode(number, StandardCharsets.UTF_8))
                .isEmpty()) {
            api.post("/api/v1/contacts", Map.of("name", name, "primaryNumber", number))
                    .ok();
        }
        var export =
                raw("GET", "/api/v1/contacts/export", "text/csv", new byte[0]).body();
        var line = export.lines()
                .filter(each -> each.contains(number.substring(1)))
                .findFirst()
                .orElseThrow();
        assertTrue(!line.replaceFirst("^\"", "").matches("[=+@\\t-].*"), line);
        var again =
                raw("POST", "/api/v1/contacts/import?dryRun=true", "text/csv", export.getBytes(StandardCharsets.UTF_8));
        var read = Json.MAPPER.readTree(again.body());
        assertEquals(0, read.path("faulty").asInt(-1), again.body());
        assertEquals(0, read.path("updated").asInt(0) + read.path("created").asInt(0), again.body());
    }

    private static HttpResponse<String> raw(String method, String path, String type, byte[] body) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(parley.url() + path))
                            .header("Content-Type", type)
                            .header("Authorization", "Bearer " + token)
                            .method(
                                    method,
                                    body.length == 0
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static List<JsonNode> items(String path) {
        var items = new ArrayList<JsonNode>();
        var body = api.get(path).ok();
        (body.isArray() ? body : body.path("items")).forEach(items::add);
        return items;
    }
}
