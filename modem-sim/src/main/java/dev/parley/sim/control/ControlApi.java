package dev.parley.sim.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.sim.modem.Fault;
import dev.parley.sim.modem.Modem;
import dev.parley.sim.network.Handset;
import dev.parley.sim.network.Reach;
import dev.parley.sim.network.Received;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.SmscSettings;
import dev.parley.sim.smpp.SmppListener;
import dev.parley.sms.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP server with its routes. A request is a thread.
public final class ControlApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);

    private static final int BACKLOG = 1_024;

    /// The longest text, 255 parts, is far below.
    private static final int BODY_OCTETS_MAX = 1_048_576;

    /// Requests at once, the readers of the event stream among them; of those there are fewer.
    private static final int REQUESTS_MAX = 2 * EventStream.READERS_MAX;

    /// Further ones wait: more than the operating system lets connect.
    private static final int WAITING_MAX = 10_000;

    private static final int IDLE_SECONDS = 60;
    private static final int STOP_SECONDS = 0;
    private static final int PER_SECOND_MAX = 1_000_000;
    private static final long VALIDITY_MILLIS_MAX = Duration.ofDays(441).toMillis();

    private static final List<String> HANDSET_FIELDS = List.of("reach", "deliveryDelayMs", "autoReply");
    /// `text`, or `data` in hexadecimal with the `port` of the program that it is for and TP-PID `pid`.
    private static final List<String> MESSAGE_FIELDS = List.of("to", "text", "data", "port", "pid");

    private static final List<String> MODEM_FIELDS = List.of("airTimeMs", "fault", "pin");
    private static final List<String> SMSC_FIELDS = List.of(
            "latencyMs",
            "throttlePerSecond",
            "receiptDelayMs",
            "receiptFormat",
            "receiptBeforeResponse",
            "temporaryReports",
            "validityMaxMs");

    private record Answer(int status, Object body) {}

    private final HttpServer server;
    private final ExecutorService requests = requests();
    private final Smsc smsc;
    private final SmppListener smpp;
    private final Map<String, Modem> modems;
    private final NetworkPage page = new NetworkPage();
    private final EventStream stream;

    private ControlApi(HttpServer server, Smsc smsc, SmppListener smpp, Map<String, Modem> modems) {
        this.server = server;
        this.smsc = smsc;
        this.smpp = smpp;
        this.modems = modems;
        this.stream = new EventStream(smsc.journal());
    }

    public static ControlApi open(InetSocketAddress address, Smsc smsc, SmppListener smpp, Map<String, Modem> modems)
            throws IOException {
        var api = new ControlApi(HttpServer.create(address, BACKLOG), smsc, smpp, Map.copyOf(modems));
        api.server.setExecutor(api.requests);
        api.server.createContext("/", api::exchange);
        api.server.start();
        return api;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        requests.shutdownNow();
    }

    private void exchange(HttpExchange http) throws IOException {
        try (http) {
            if (page.serves(http) || stream.serves(http)) {
                return;
            }
            Answer answer;
            try {
                answer = answer(http);
            } catch (Refused e) {
                answer = new Answer(e.status(), Map.of("error", String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                LOG.error("{} {} failed", http.getRequestMethod(), http.getRequestURI(), e);
                answer = new Answer(500, Map.of("error", String.valueOf(e.getMessage())));
            }
            var body = JsonMapper.shared().writeValueAsBytes(answer.body());
            http.getResponseHeaders().set("Content-Type", "application/json");
            boolean head = http.getRequestMethod().equals("HEAD");
            http.sendResponseHeaders(answer.status(), head ? -1 : body.length);
            if (!head) {
                http.getResponseBody().write(body);
            }
        }
    }

    private static ExecutorService requests() {
        var threads = new ThreadPoolExecutor(
                REQUESTS_MAX,
                REQUESTS_MAX,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("control-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private Answer answer(HttpExchange http) throws IOException, Refused {
        var method = http.getRequestMethod();
        var path = http.getRequestURI().getPath();
        var parts = path.substring(1).split("/", -1);
        return switch (parts[0]) {
            case "handsets" ->
                switch (parts.length) {
                    case 1 -> {
                        only(http, method, "GET");
                        yield done(smsc.handsets().stream().map(this::shown).toList());
                    }
                    case 2 -> handset(http, method, number(parts[1]));
                    case 3 -> {
                        if (!parts[2].equals("messages")) {
                            throw nowhere(path);
                        }
                        yield messages(http, method, number(parts[1]));
                    }
                    default -> throw nowhere(path);
                };
            case "modems" ->
                switch (parts.length) {
                    case 1 -> {
                        only(http, method, "GET");
                        yield done(modems.values().stream()
                                .sorted((a, b) -> a.identity()
                                        .name()
                                        .compareTo(b.identity().name()))
                                .map(this::shown)
                                .toList());
                    }
                    case 2 -> modem(http, method, parts[1]);
                    default -> throw nowhere(path);
                };
            case "smsc" ->
                switch (parts.length) {
                    case 1 -> smsc(http, method);
                    case 2 -> {
                        if (!parts[1].equals("disconnect")) {
                            throw nowhere(path);
                        }
                        only(http, method, "POST");
                        yield done(Map.of("disconnected", smpp.disconnect()));
                    }
                    default -> throw nowhere(path);
                };
            default -> throw nowhere(path);
        };
    }

    private static Answer done(Object body) {
        return new Answer(200, body);
    }

    private static Refused nowhere(String path) {
        return new Refused(404, "nothing is at " + path + "; there are /handsets, /modems, /smsc and /events");
    }

    private static void only(HttpExchange http, String method, String... allowed) throws Refused {
        var methods = List.of(allowed);
        if (!methods.contains(method) && !(method.equals("HEAD") && methods.contains("GET"))) {
            http.getResponseHeaders().set("Allow", String.join(", ", methods));
            throw new Refused(405, method + " is not possible here, only " + String.join(", ", methods));
        }
    }

    private static byte[] body(HttpExchange http) throws IOException, Refused {
        var body = http.getRequestBody().readNBytes(BODY_OCTETS_MAX + 1);
        if (body.length > BODY_OCTETS_MAX) {
            throw new Refused(413, "the body has more than " + BODY_OCTETS_MAX + " octets");
        }
        return body;
    }

    private static String number(String text) throws Refused {
        var wrong = Address.wrongWith(text);
        if (wrong.isPresent()) {
            throw new Refused(400, wrong.get());
        }
        return text;
    }

    // ---- handsets ----

    private Map<String, Object> shown(Handset handset) {
        var settings = handset.settings();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("number", handset.number());
        shown.put("reach", settings.reach().label());
        shown.put("deliveryDelayMs", settings.deliveryDelay().toMillis());
        shown.put("autoReply", settings.autoReply());
        shown.put("received", handset.received().size());
        shown.put("incomplete", handset.incomplete());
        shown.put("waiting", smsc.waitingFor(handset.number()));
        return shown;
    }

    private Answer handset(HttpExchange http, String method, String number) throws IOException, Refused {
        only(http, method, "GET", "PUT");
        if (!method.equals("PUT")) {
            return done(shown(smsc.handset(number)
                    .orElseThrow(() -> new Refused(404, "the handset " + number + " was never used"))));
        }
        var fields = Fields.of(body(http), HANDSET_FIELDS);
        var reach = fields.text("reach");
        if (reach.isPresent() && Reach.of(reach.get()).isEmpty()) {
            throw fields.wrong("reach", "on, off or reject");
        }
        var delay = fields.millis("deliveryDelayMs");
        var _ = fields.textOrNone("autoReply", Optional.empty());
        requireFree(number);
        var handset = smsc.used(number);
        var now = handset.settings();
        smsc.change(
                handset,
                new Handset.Settings(
                        reach.flatMap(Reach::of).orElse(now.reach()),
                        delay.orElse(now.deliveryDelay()),
                        fields.textOrNone("autoReply", now.autoReply())));
        var shown = shown(handset);
        smsc.journal().note("handset", shown);
        return done(shown);
    }

    private void requireFree(String number) throws Refused {
        for (var modem : modems.values()) {
            if (modem.identity().number().equals(number)) {
                throw new Refused(
                        400, number + " is the number of " + modem.identity().name() + ", which is no handset");
            }
        }
    }

    private Answer messages(HttpExchange http, String method, String number) throws IOException, Refused {
        only(http, method, "GET", "POST");
        if (!method.equals("POST")) {
            return done(smsc.handset(number).map(Handset::received).orElse(List.of()).stream()
                    .map(ControlApi::shown)
                    .toList());
        }
        var fields = Fields.of(body(http), MESSAGE_FIELDS);
        var to = fields.required("to");
        var data = fields.octets("data");
        var port = fields.number("port", 0, 0xFFFF).map(Long::intValue);
        int pid = fields.number("pid", 0, 0xFF).map(Long::intValue).orElse(0);
        var text = data.isPresent() ? Optional.<String>empty() : Optional.of(fields.required("text"));
        if (data.isPresent() && fields.has("text")) {
            throw new Refused(400, "a message has \"text\" or \"data\", not both");
        }
        if (data.isEmpty() && (port.isPresent() || fields.has("pid"))) {
            throw new Refused(400, "\"port\" and \"pid\" go with \"data\"");
        }
        if (Address.wrongWith(to).isPresent()) {
            throw new Refused(400, "\"to\": " + Address.wrongWith(to).get());
        }
        requireFree(number);
        var texted = data.isPresent()
                ? smsc.data(smsc.used(number), to, data.get(), port, pid)
                : smsc.text(smsc.used(number), to, text.orElseThrow());
        return switch (texted) {
            case Smsc.Texted.Sent(int parts, var encoding) -> {
                var sent = new LinkedHashMap<String, Object>();
                sent.put("from", number);
                sent.put("to", to);
                sent.put("parts", parts);
                sent.put("encoding", encoding);
                yield new Answer(202, sent);
            }
            case Smsc.Texted.TooLong(int parts) ->
                throw new Refused(400, "that needs " + parts + " SMS; at most 255 are possible");
            case Smsc.Texted.NotTaken(var why) -> throw new Refused(503, why);
        };
    }

    private static Map<String, Object> shown(Received received) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("from", received.from());
        shown.put("text", received.text());
        shown.put("parts", received.parts());
        shown.put("encoding", received.encoding());
        shown.put("receivedAt", received.receivedAt().toString());
        return shown;
    }

    // ---- modems ----

    private Map<String, Object> shown(Modem modem) {
        return shown(modem, modem.status());
    }

    private Map<String, Object> shown(Modem modem, Modem.Status status) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("name", modem.identity().name());
        shown.put("number", modem.identity().number());
        shown.put("pty", status.pty().map(Object::toString));
        shown.put("link", modem.link().toString());
        shown.put("airTimeMs", status.airTime().toMillis());
        shown.put("fault", status.fault().label());
        shown.put("inUse", status.inUse());
        shown.put("stored", status.stored());
        shown.put("capacity", status.capacity());
        shown.put("sent", status.sent());
        shown.put("received", status.received());
        shown.put("imei", modem.identity().imei());
        shown.put("imsi", modem.identity().imsi());
        return shown;
    }

    private Answer modem(HttpExchange http, String method, String name) throws IOException, Refused {
        only(http, method, "GET", "PUT");
        var modem = modems.get(name);
        if (modem == null) {
            throw new Refused(
                    404,
                    "there is no modem \"" + name + "\", only "
                            + String.join(
                                    ", ", modems.keySet().stream().sorted().toList()));
        }
        if (!method.equals("PUT")) {
            return done(shown(modem));
        }
        var fields = Fields.of(body(http), MODEM_FIELDS);
        var fault = fields.text("fault");
        if (fault.isPresent() && Fault.of(fault.get()).isEmpty()) {
            throw fields.wrong(
                    "fault",
                    "none, unplugged, hung, no-network, pin-required, storage-full or refuse: and a CMS code such as"
                            + " refuse:38");
        }
        var pin = fields.text("pin");
        if (pin.isPresent() && !pin.get().matches("[0-9]{4,8}")) {
            throw fields.wrong("pin", "four to eight digits");
        }
        var shown =
                shown(modem, modem.change(new Modem.Change(fields.millis("airTimeMs"), fault.flatMap(Fault::of), pin)));
        smsc.journal().note("modem", shown);
        return done(shown);
    }

    // ---- SMSC ----

    private Map<String, Object> shown() {
        var settings = smsc.settings();
        var counts = smsc.counts();
        var shown = new LinkedHashMap<String, Object>();
        shown.put("port", smpp.port());
        shown.put("latencyMs", settings.latency().toMillis());
        shown.put("throttlePerSecond", settings.throttlePerSecond());
        shown.put("receiptDelayMs", settings.receiptDelay().toMillis());
        shown.put("receiptFormat", settings.receiptFormat());
        shown.put("receiptBeforeResponse", settings.receiptBeforeResponse());
        shown.put("temporaryReports", settings.temporaryReports());
        shown.put("validityMaxMs", settings.validityMax().toMillis());
        SmppFields.show(smpp.quirks(), shown);
        shown.put("sessions", smpp.sessions());
        shown.put("deliverAnswers", smpp.tally().answers());
        shown.put("droppedReceipts", smpp.tally().droppedReceipts());
        shown.put("submitted", counts.submitted());
        shown.put("delivered", counts.delivered());
        shown.put("failed", counts.failed());
        shown.put("expired", counts.expired());
        shown.put("reports", counts.reports());
        shown.put("waiting", counts.waiting());
        return shown;
    }

    private Answer smsc(HttpExchange http, String method) throws IOException, Refused {
        only(http, method, "GET", "PUT");
        if (method.equals("PUT")) {
            var fields = Fields.of(
                    body(http),
                    Stream.concat(SMSC_FIELDS.stream(), SmppFields.NAMES.stream())
                            .toList());
            var quirks = SmppFields.read(fields, smpp.quirks());
            var now = smsc.settings();
            smsc.settings(new SmscSettings(
                    fields.millis("latencyMs").orElse(now.latency()),
                    fields.number("throttlePerSecond", 0, PER_SECOND_MAX)
                            .map(Long::intValue)
                            .orElse(now.throttlePerSecond()),
                    fields.millis("receiptDelayMs").orElse(now.receiptDelay()),
                    SmppFields.receiptFormat(fields, now.receiptFormat()),
                    fields.flag("receiptBeforeResponse").orElse(now.receiptBeforeResponse()),
                    fields.flag("temporaryReports").orElse(now.temporaryReports()),
                    fields.number("validityMaxMs", 1, VALIDITY_MILLIS_MAX)
                            .map(Duration::ofMillis)
                            .orElse(now.validityMax())));
            smpp.quirks(quirks);
            smsc.journal().note("smsc", shown());
        }
        return done(shown());
    }
}
