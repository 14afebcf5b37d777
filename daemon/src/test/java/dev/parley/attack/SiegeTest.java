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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A daemon with 128 MiB of heap under siege, and nothing else on the machine.
@Timeout(300)
@Isolated
class SiegeTest {
    private static final String LISTENING = "Parley is listening on ";

    /// What the whole process may have in memory: the heap, as much again of Netty's buffers, and what a
    /// JVM needs besides.
    private static final long RESIDENT_KIB_MAX = 420 * 1024;

    /// A busy machine may spoil one round.
    private static final int ROUNDS = 3;

    private static final long P99_MAX = 500;

    @TempDir
    Path directory;

    @Test
    void whatOneGuestDoesTheOthersDoNotFeel() throws Exception {
        var database = TestDatabase.fresh();
        String attacker;
        String other;
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
        var log = directory.resolve("daemon.log");
        var daemon = DemoWorld.program(
                List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC"),
                "dev.parley.cli.Main",
                log,
                List.of("run", "--config", config.toString()));
        try {
            var url = url(daemon, log);
            Siege.Report report;
            int round = 0;
            do {
                report = new Siege(url, attacker, other).lay(Duration.ofSeconds(40));
                System.out.println("siege: " + report + ", resident " + resident(daemon) / 1024 + " MiB");
            } while (++round < ROUNDS && !isGood(report));
            assertTrue(daemon.isAlive(), () -> "the daemon ended:\n" + end(log));
            assertEquals(0, report.failed(), report.toString());
            assertTrue(Siege.Report.p99(report.posts()) < P99_MAX, report.toString());
            assertTrue(Siege.Report.p99(report.events()) < P99_MAX, report.toString());
            assertTrue(resident(daemon) < RESIDENT_KIB_MAX, () -> resident(daemon) + " KiB resident");
            assertTrue(
                    report.outcomes().getOrDefault("upload of a stranger: 401", 0) > 0,
                    "nobody's body is asked for: " + report);
            assertEquals(200, status(url + "/healthz"));
            assertEquals(200, status(url + "/metrics"));
        } finally {
            daemon.destroyForcibly().waitFor();
        }
    }

    private static boolean isGood(Siege.Report report) {
        return report.failed() == 0
                && Siege.Report.p99(report.posts()) < P99_MAX
                && Siege.Report.p99(report.events()) < P99_MAX;
    }

    private static Account user(Accounts accounts, String name) {
        return done(accounts.create(new NewAccount(name, Optional.empty(), Role.MEMBER, AccessScope.ALL, Set.of())));
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

    private static String url(Process daemon, Path log) {
        Await.until("the daemon to listen", () -> end(log).contains(LISTENING) || !daemon.isAlive());
        return end(log).lines()
                .filter(line -> line.startsWith(LISTENING))
                .map(line -> line.substring(LISTENING.length()).strip())
                .findFirst()
                .orElseThrow(() -> new AssertionError("the daemon does not listen:\n" + end(log)));
    }

    private static String end(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    private static long resident(Process daemon) {
        try {
            return Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private static int status(String url) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
