package dev.parley.http;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.account.Sessions;
import dev.parley.account.SignIn;
import dev.parley.account.Tokens;
import dev.parley.account.Vouching;
import dev.parley.audit.AuditLog;
import dev.parley.contact.ContactFiles;
import dev.parley.contact.ContactPeople;
import dev.parley.contact.Contacts;
import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.InboundText;
import dev.parley.event.EventLog;
import dev.parley.event.EventPeople;
import dev.parley.inbox.RawInbound;
import dev.parley.line.LineSettings;
import dev.parley.line.Lines;
import dev.parley.oidc.OidcSignIn;
import dev.parley.person.People;
import dev.parley.problem.Outcome;
import dev.parley.queue.ParkedReport;
import dev.parley.reply.Keywords;
import dev.parley.reply.ReplyServices;
import dev.parley.store.DatabaseSettings;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.webhook.WebhookSettings;
import dev.parley.webhook.Webhooks;
import dev.parley.world.PlainSettings;
import dev.parley.world.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// All of the daemon that stands behind the API, without links and queue.
final class Daemon implements AutoCloseable {
    static final HttpSettings LOOPBACK = new HttpSettings(
            InetSocketAddress.createUnresolved("127.0.0.1", 0), Optional.empty(), List.of(), Optional.empty());
    static final String PASSWORD = "correct horse battery";

    final TestClock clock = TestClock.running();
    final Store store;
    final EventLog events;
    final Accounts accounts;
    final Tokens tokens;
    final Sessions sessions;
    final Contacts contacts;
    final Lines lines;
    final ConversationServices conversations;
    final ReplyServices replies;
    final StillLink modem = new StillLink("modem-1");
    final StillLink other = new StillLink("modem-2");
    final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    volatile boolean queueIsWell = true;

    /// What ends whoever asks how long a text takes.
    volatile Optional<Error> trouble = Optional.empty();
    final HttpServer server;
    private final Door door;

    Daemon() {
        this(TestDatabase.fresh(), LOOPBACK);
    }

    Daemon(DatabaseSettings database, HttpSettings settings) {
        var random = new SecureRandom();
        store = Store.open(database, new SimpleMeterRegistry());
        events = new EventLog(store, clock, Json.mapper());
        var passwords = new Passwords(random);
        accounts = new Accounts(store, passwords, clock);
        tokens = new Tokens(store, accounts, clock, random);
        sessions = new Sessions(store, accounts, clock, random);
        contacts = new Contacts(store, events, accounts, clock, "US");
        lines = Lines.register(
                store,
                List.of(
                        new LineSettings("+12025550100", "Front desk", "US", List.of("modem-1")),
                        new LineSettings("+12025550101", "Sales", "US", List.of("modem-2"))));
        conversations = new ConversationServices(
                store,
                events,
                lines,
                contacts,
                new NoOutbox(),
                PlainSettings.CONVERSATIONS,
                (_, parts) -> {
                    if (trouble.isPresent()) {
                        throw trouble.get();
                    }
                    return Duration.ofSeconds(parts);
                },
                clock,
                Json.mapper());
        replies = new ReplyServices(store, lines, conversations, PlainSettings.CONVERSATIONS, new Keywords(), clock);
        var services = new Services(
                store,
                lines,
                List.of(modem, other),
                events,
                accounts,
                tokens,
                sessions,
                new SignIn(accounts, passwords, clock),
                new Vouching(store, accounts, sessions),
                settings.oidc().map(oidc -> new OidcSignIn(oidc, clock, random)),
                contacts,
                new ContactFiles(store, contacts, accounts),
                conversations,
                replies,
                new Webhooks(store, events, clock, random, WebhookSettings.usual(true, true)),
                new AuditLog(store, clock),
                new People(
                        store,
                        clock,
                        Json.mapper(),
                        List.of(
                                new ContactPeople(contacts),
                                conversations.people(),
                                new EventPeople(store, events, Json.mapper()),
                                new AnswersPeople(store))),
                (before, limit) -> Stream.of(2L, 1L)
                        .filter(id -> id < before)
                        .limit(limit)
                        .map(id -> new RawInbound(id, "modem-1", "machine", "WAP push", "00", clock.instant()))
                        .toList(),
                (link, before, limit) -> LongStream.iterate(3, id -> id > 0, id -> id - 1)
                        .filter(id -> id < before)
                        .limit(limit)
                        .mapToObj(id -> new ParkedReport(
                                id,
                                link,
                                Optional.of("id-" + id),
                                Optional.empty(),
                                "delivered",
                                "",
                                Optional.empty(),
                                clock.instant()))
                        .toList(),
                "modem-1"::equals,
                name -> !name.equals("modem-2"),
                () -> queueIsWell,
                metrics,
                clock);
        try {
            door = Door.open(settings.listen());
        } catch (IOException e) {
            store.close();
            throw new UncheckedIOException(e);
        }
        try {
            server = HttpServer.start(door, settings, services);
        } catch (IOException e) {
            door.close();
            store.close();
            throw new UncheckedIOException(e);
        }
    }

    Account user(String name, Role role, AccessScope scope, Set<Long> lineIds) {
        return accounts.byName(name)
                .orElseGet(
                        () -> done(accounts.creating(new NewAccount(name, Optional.of(PASSWORD), role, scope, lineIds))
                                .get()));
    }

    String tokenOf(Account account) {
        return done(tokens.issue(account, "test", Optional.empty())).secret();
    }

    /// A text reaches the first line.
    void arrives(String from, String text) {
        store.transaction(tx -> {
            replies.replies()
                    .received(
                            tx,
                            new InboundText(
                                    lines.all().getFirst().id(),
                                    from,
                                    text,
                                    Optional.of(clock.instant()),
                                    clock.instant(),
                                    "modem-1"));
            return 0;
        });
    }

    /// A client of an admin.
    Client admin() {
        return client(user("admin", Role.ADMIN, AccessScope.ALL, Set.of()));
    }

    Client client(Account account) {
        return new Client(server.url(), Optional.of(tokenOf(account)));
    }

    Client anonymous() {
        return new Client(server.url(), Optional.empty());
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    @Override
    public void close() {
        server.close();
        door.close();
        store.close();
    }
}
