package dev.parley;

import dev.parley.account.Accounts;
import dev.parley.account.Passwords;
import dev.parley.account.Sessions;
import dev.parley.account.SignIn;
import dev.parley.account.Tokens;
import dev.parley.account.Vouching;
import dev.parley.audit.AuditLog;
import dev.parley.audit.AuditPeople;
import dev.parley.config.Config;
import dev.parley.config.LinkSettings;
import dev.parley.contact.ContactFiles;
import dev.parley.contact.ContactPeople;
import dev.parley.contact.Contacts;
import dev.parley.conversation.ConversationServices;
import dev.parley.event.EventLog;
import dev.parley.event.EventPeople;
import dev.parley.http.AnswersPeople;
import dev.parley.http.Door;
import dev.parley.http.HttpServer;
import dev.parley.http.Json;
import dev.parley.http.Services;
import dev.parley.inbox.Inbox;
import dev.parley.inbox.InboxMetrics;
import dev.parley.inbox.InboxPeople;
import dev.parley.inbox.InboxSettings;
import dev.parley.line.Line;
import dev.parley.line.LineSettings;
import dev.parley.line.Lines;
import dev.parley.link.Decoder;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.metrics.CountedProgress;
import dev.parley.metrics.DatabaseMetrics;
import dev.parley.metrics.LinkMetrics;
import dev.parley.metrics.PlaceMetrics;
import dev.parley.metrics.ProgramMetrics;
import dev.parley.metrics.Scrape;
import dev.parley.modem.ModemDecoder;
import dev.parley.modem.ModemKind;
import dev.parley.modem.ModemLink;
import dev.parley.modem.PinMemory;
import dev.parley.oidc.OidcSignIn;
import dev.parley.person.People;
import dev.parley.queue.QueueAges;
import dev.parley.queue.QueueMetrics;
import dev.parley.queue.QueuePeople;
import dev.parley.queue.SendQueue;
import dev.parley.reply.Keywords;
import dev.parley.reply.ReplyServices;
import dev.parley.smpp.SmppDecoder;
import dev.parley.smpp.SmppKind;
import dev.parley.smpp.SmppLink;
import dev.parley.smpp.SmppSettings;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.SoleUse;
import dev.parley.store.Store;
import dev.parley.webhook.WebhookMetrics;
import dev.parley.webhook.WebhookSender;
import dev.parley.webhook.Webhooks;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// The composition root: builds the daemon by plain constructors in the order of its needs, and stops it
/// in reverse.
public final class Parley implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parley.class);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private volatile Optional<StallWatch> stallWatch = Optional.empty();
    private final Config config;
    /// As fine as the database keeps times, so that what an answer says is what is read later.
    private final Clock clock = Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));

    private final SecureRandom random = new SecureRandom();
    private final JsonMapper json = Json.mapper();
    private final PrometheusMeterRegistry metrics = Scrape.registry();
    private Optional<HttpServer> http = Optional.empty();
    private Optional<Door> door = Optional.empty();
    private volatile Optional<Pulse> pulse = Optional.empty();

    private Parley(Config config) {
        this.config = config;
    }

    /// Starts the parts in the order of their needs. If one fails, those already running are stopped,
    /// newest first.
    ///
    /// @throws dev.parley.store.StoreUnavailable with a sentence that says what to do, when the database
    /// is not there
    /// @throws IOException likewise, when it cannot listen where it was told to
    public static Parley start(Config config) throws IOException {
        Door.requireFree(config.http().listen());
        return start(config, Optional.empty());
    }

    /// As [#start(Config)], in place of a daemon that [stopped behind its door][#closeBehindDoor].
    ///
    /// @param open is closed with this daemon; one that does not start leaves it to the caller
    public static Parley start(Config config, Optional<Door> open) throws IOException {
        var parley = new Parley(config);
        try {
            parley.startBehind(open);
            return parley;
        } catch (IOException | RuntimeException e) {
            open.ifPresent(parley.running::remove);
            parley.close();
            throw e;
        }
    }

    private void startBehind(Optional<Door> open) throws IOException {
        config.warnings().forEach(LOG::warn);
        var store = running(Store.open(config.database(), metrics));
        var sole = running(SoleUse.of(store));
        store.writeBehind();
        AutoCloseable lastWrites = store::stopWriting;
        running(lastWrites); // before somebody else may have the database
        ProgramMetrics.register(metrics).forEach(this::running);
        DatabaseMetrics.register(metrics, sole);
        Scrape.build(
                metrics,
                Optional.ofNullable(Parley.class.getPackage().getImplementationVersion())
                        .orElse("development"));
        PlaceMetrics.disk(metrics, placeOfData());
        config.http().tls().ifPresent(tls -> PlaceMetrics.certificate(metrics, tls.certificate()));
        stallWatch = Optional.of(running(StallWatch.start(config.stateDirectory())));
        var lines = Lines.register(store, config.lines());
        var events = new EventLog(store, clock, json);

        var passwords = new Passwords(random);
        var accounts = new Accounts(store, passwords, clock);
        var tokens = new Tokens(store, accounts, clock, random);
        var audit = new AuditLog(store, clock);
        var sessions = new Sessions(store, accounts, clock, random);
        var signIn = new SignIn(accounts, passwords, clock);
        var contacts = new Contacts(store, events, accounts, clock, country());

        var links = links();
        LinkMetrics.register(metrics, links.values());
        var linksOfLines = lines.all().stream().collect(Collectors.toMap(Line::id, line -> linksOf(line, links)));
        var queue =
                new SendQueue(store, clock, config.queue(), new QueueMetrics(metrics), linksOfLines, config.terms());
        var pace = new LinePace(lines, config.links(), links, metrics);
        var conversations = new ConversationServices(
                store, events, lines, contacts, queue, config.conversations(), pace, clock, json);
        var replies = new ReplyServices(
                store, lines, conversations, config.conversations(), new Keywords(config.keywords()), clock);
        queue.start(new CountedProgress(conversations.deliveries(), metrics));
        var inboxSettings = InboxSettings.of(config.accounts());
        var inbox = running(new Inbox(
                store,
                clock,
                inboxSettings,
                new InboxMetrics(metrics),
                events,
                lines,
                decoders(inboxSettings),
                replies.replies(),
                queue,
                queue::linkChanged,
                queue::hasOpenCircuit));
        queue.tellsOfCircuits(inbox::circuitChanged);
        var webhookSettings = config.webhooks();
        WebhookMetrics.register(metrics, store);
        var webhooks = new Webhooks(store, events, clock, random, webhookSettings);
        var sender =
                running(new WebhookSender(webhooks, accounts, events, store, clock, webhookSettings, json, metrics));
        sender.start();
        var people = new People(
                store,
                clock,
                json,
                List.of(
                        new ContactPeople(contacts),
                        conversations.people(),
                        new QueuePeople(store),
                        new InboxPeople(store, lines, decoders(inboxSettings)),
                        new EventPeople(store, events, json),
                        new AuditPeople(store, json),
                        new AnswersPeople(store)));
        var upkeep = new Upkeep(conversations, replies, queue, inbox, events, audit, people, config.retention(), clock);
        running(upkeep.start());

        for (var link : links.values()) {
            running(link).start(inbox);
        }
        var numbers = lines.all().stream().collect(Collectors.toMap(Line::id, Line::number));
        var ages = running(new QueueAges(store, numbers, config.terms(), metrics));
        ages.start();
        running(queue); // ends before the links do, so that what is being handed over is finished
        var entrance =
                running(open.isPresent() ? open.get() : Door.open(config.http().listen()));
        var server = running(HttpServer.start(
                entrance,
                config.http(),
                new Services(
                        store,
                        lines,
                        List.copyOf(links.values()),
                        events,
                        accounts,
                        tokens,
                        sessions,
                        signIn,
                        new Vouching(store, accounts, sessions),
                        config.http().oidc().map(oidc -> new OidcSignIn(oidc, clock, random)),
                        contacts,
                        new ContactFiles(store, contacts, accounts),
                        conversations,
                        replies,
                        webhooks,
                        audit,
                        people,
                        inbox::unread,
                        queue::parked,
                        queue::hasOpenCircuit,
                        queue::holdsLease,
                        () -> queue.isRunning() && sole.isHeld(),
                        metrics,
                        clock)));
        door = Optional.of(entrance);
        http = Optional.of(server);
        pulse = Optional.of(new Pulse(store));
    }

    // ---- what the configuration says, in the words of each package ----

    /// Whose disk must not fill up: that of our own database, or else of what is kept beside a server's.
    private Path placeOfData() {
        return config.database() instanceof DatabaseSettings.Embedded(var directory)
                ? directory
                : config.stateDirectory();
    }

    /// Where numbers without a country code belong: the first line's country.
    private String country() {
        return config.lines().isEmpty() ? "US" : config.lines().getFirst().country();
    }

    private Map<String, Link> links() {
        var pins = new PinMemory(config.stateDirectory());
        var links = new LinkedHashMap<String, Link>();
        config.links().forEach((name, settings) -> links.put(name, link(name, settings, pins)));
        return links;
    }

    private Link link(String name, LinkSettings settings, PinMemory pins) {
        return switch (settings) {
            case LinkSettings.Modem(var modem, var _) -> new ModemLink(name, modem, pins, clock);
            case LinkSettings.Smpp(var smpp) -> new SmppLink(name, smpp, clock, metrics);
        };
    }

    private static List<Link> linksOf(Line line, Map<String, Link> links) {
        return line.links().stream()
                .map(name -> Objects.requireNonNull(links.get(name)))
                .toList();
    }

    private Map<LinkKind, Decoder> decoders(InboxSettings inbox) {
        var numbers = numbersOfAccounts(inbox);
        return Map.of(
                ModemKind.KIND, new ModemDecoder(),
                SmppKind.KIND, new SmppDecoder(this::alphabetOf, link -> numbers.getOrDefault(link, List.of())));
    }

    private SmppSettings.DefaultAlphabet alphabetOf(String link) {
        return config.links().get(link) instanceof LinkSettings.Smpp(var smpp)
                ? smpp.defaultAlphabet()
                : SmppSettings.DefaultAlphabet.GSM7;
    }

    /// By the link: the numbers of the lines that share its account, its own among them.
    private Map<String, List<String>> numbersOfAccounts(InboxSettings inbox) {
        var numbers = new HashMap<String, List<String>>();
        config.links().keySet().forEach(link -> {
            var links = inbox.ofAccount(link);
            var sharing =
                    config.lines().stream().filter(line -> line.links().stream().anyMatch(links::contains));
            numbers.put(link, sharing.map(LineSettings::number).toList());
        });
        return numbers;
    }

    /// Where the API answers, with the port that was really taken: `http://127.0.0.1:8080`.
    public String url() {
        return http.orElseThrow().url();
    }

    /// Whether the database answers now.
    public boolean databaseAnswers() {
        return pulse.orElseThrow().databaseAnswers();
    }

    /// Reads the certificate of the API again if its files have changed; see
    /// [HttpServer#renewCertificate].
    public boolean renewCertificate() throws IOException {
        return http.orElseThrow().renewCertificate();
    }

    /// Whether the daemon does its work, for a watchdog: a virtual thread goes the whole way that a text
    /// goes, through the writer to the database and back. What is stuck there comes back only by a
    /// restart, and so do threads that stand still. A database that is away is not the daemon's fault, and
    /// a restart would not bring it back.
    ///
    /// @param within how long the way may take
    public boolean isWell(Duration within) {
        var started = pulse;
        return started.isPresent()
                && stallWatch.filter(StallWatch::isStalled).isEmpty()
                && started.get().beats(within);
    }

    /// Has a thread run when the program is told to end, before anything that would take the ports from
    /// under it.
    public void atShutdown(Thread stop) {
        if (config.links().values().stream().anyMatch(LinkSettings.Modem.class::isInstance)) {
            ModemLink.beforePortsClose(stop);
        } else {
            Runtime.getRuntime().addShutdownHook(stop);
        }
    }

    private <T extends AutoCloseable> T running(T part) {
        running.push(part);
        return part;
    }

    /// Stops as [#close] does, but for the door: clients who come meanwhile wait there for the next
    /// daemon of this process. Does not throw.
    public Optional<Door> closeBehindDoor() {
        door.ifPresent(running::remove);
        close();
        return door;
    }

    /// Stops what runs, newest first. Does not throw.
    @Override
    public void close() {
        while (!running.isEmpty()) {
            var part = running.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} does not close as it promises", part.getClass().getSimpleName(), e);
            }
        }
    }
}
