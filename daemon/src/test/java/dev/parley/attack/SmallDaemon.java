package dev.parley.attack;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Accounts;
import dev.parley.account.NewAccount;
import dev.parley.account.Passwords;
import dev.parley.account.Role;
import dev.parley.account.Tokens;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import dev.parley.store.TestDatabase;
import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A daemon with 128 MiB of heap as a process of its own, two members of which one means ill, and a line that is never
/// up, so that what is posted stays.
final class SmallDaemon implements AutoCloseable {
    private static final String LISTENING = "Parley is listening on ";

    final String url;
    final String attacker;
    final String other;
    private final Process process;
    private final Path log;

    SmallDaemon(Path directory) throws IOException {
        var database = TestDatabase.fresh();
        try (var store = Store.open(database, new SimpleMeterRegistry())) {
            var accounts = new Accounts(store, new Passwords(new SecureRandom()), Clock.systemUTC());
            var tokens = new Tokens(store, accounts, Clock.systemUTC(), new SecureRandom());
            attacker = token(tokens, user(accounts, "attacker"));
            other = token(tokens, user(accounts, "other"));
        }
        var config = directory.resolve("parley.yaml");
        Files.writeString(config, """
                http: {listen: "127.0.0.1:0"}
                database: {url: "%s", username: "%s", password: "%s"}
                lines:
                  - {number: "+12025550100", name: Front desk, links: [away]}
                links:
                  away: {kind: smpp, host: 127.0.0.1, port: 9, bind: transceiver, systemId: a, password: b}
                """.formatted(database.url(), database.username(), database.password()));
        log = directory.resolve("daemon.log");
        process = DemoWorld.program(
                List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC"),
                "dev.parley.cli.Main",
                log,
                List.of("run", "--config", config.toString()));
        Await.until("the daemon to listen", () -> said().contains(LISTENING) || !process.isAlive());
        url = said().lines()
                .filter(line -> line.startsWith(LISTENING))
                .map(line -> line.substring(LISTENING.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the daemon does not listen:\n" + said()));
    }

    private static Account user(Accounts accounts, String name) {
        return done(accounts.creating(new NewAccount(name, Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of()))
                .get());
    }

    private static String token(Tokens tokens, Account account) {
        return done(tokens.issue(account, "siege", Optional.empty())).secret();
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Refused<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new AssertionError("the daemon ended:\n" + said());
        }
    }

    /// The most that the process had in memory so far, in KiB.
    long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    int status(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
