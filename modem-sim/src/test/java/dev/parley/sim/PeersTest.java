package dev.parley.sim;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

/// Programs that people use with real modems, unmodified, from their Debian packages. They pace themselves by seconds,
/// so each test does all of one program. Where a program is missing its test is skipped, or fails if the environment
/// says `PARLEY_PEERS=required`.
@Timeout(120)
class PeersTest {

    private static final String LINE = "+12025550100";
    private static final String ANN = "+12025550111";
    private static final String LONG = "A long text {with brackets} and 20 €. ".repeat(10) + "End.";
    private static final String UNICODE = "Grüße, Здравствуй, 😱";
    private static final Charset UTF_16 = StandardCharsets.UTF_16BE;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Simulation simulation;

    @SuppressWarnings("NullAway.Init")
    private Control control;

    private final List<Process> running = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        simulation = Simulation.start(any, any, Map.of("modem-1", LINE), directory);
        control = new Control(simulation.control());
        control.put("/modems/modem-1", "{\"airTimeMs\": 20}");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (var process : running) {
            var all = new ArrayList<>(process.descendants().toList());
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        }
        control.close();
        simulation.close();
    }

    // ---- helpers ----

    private static void require(String program) {
        for (var place : System.getenv("PATH").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(place, program))) {
                return;
            }
        }
        if (Files.isExecutable(Path.of("/usr/sbin", program))) {
            return;
        }
        if ("required".equals(System.getenv("PARLEY_PEERS"))) {
            fail(program + " is not installed, and PARLEY_PEERS=required");
        }
        abort(program + " is not installed");
    }

    private Process started(List<String> command, Path output) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("HOME", directory.toString());
        builder.environment().merge("PATH", "/usr/sbin", (path, more) -> path + File.pathSeparator + more);
        var process = builder.start();
        process.getOutputStream().close();
        running.add(process);
        return process;
    }

    /// Runs a program to its end.
    ///
    /// @return what it said
    private String run(String... command) throws IOException, InterruptedException {
        var output = Files.createTempFile(directory, "run", ".txt");
        var process = started(List.of(command), output);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running: " + List.of(command));
        var said = Files.readString(output);
        assertEquals(0, process.exitValue(), said);
        return said;
    }

    private static void assertSays(String said, String expected) {
        assertTrue(said.contains(expected), () -> "expected \"" + expected + "\" in:\n" + said);
    }

    private void awaitTexts(String... texts) {
        Await.until("texts at Ann's", Duration.ofSeconds(60), () -> control.texts(ANN), List.of(texts)::equals);
    }

    private Path made(String name) throws IOException {
        return Files.createDirectories(directory.resolve(name));
    }

    /// What the files in a directory say, in no order.
    private static List<String> files(Path where, Charset charset) {
        try (var files = Files.list(where)) {
            var contents = new ArrayList<String>();
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.add(new String(Files.readAllBytes(file), charset));
            }
            return contents;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitFiles(Path where, Charset charset, int count, String text) {
        Await.until(
                count + " files with \"" + text + "\" in " + where,
                Duration.ofSeconds(60),
                () -> files(where, charset),
                contents -> contents.stream()
                                .filter(content -> content.contains(text))
                                .count()
                        == count);
    }

    // ---- the peers ----

    @Test
    @DisplayName("gammu identifies the modem, watches it, sends long and Unicode texts and lists what came in")
    void gammu() throws IOException, InterruptedException {
        require("gammu");
        var config = Files.writeString(directory.resolve("gammurc"), """
                [gammu]
                device = %s
                connection = at115200
                """.formatted(directory.resolve("modem-1")));
        var identified = run("gammu", "-c", config.toString(), "identify");
        assertSays(identified, "SIMCOM_Ltd");
        assertSays(identified, control.get("/modems/modem-1").path("imei").asString());
        assertSays(identified, control.get("/modems/modem-1").path("imsi").asString());

        run("gammu", "-c", config.toString(), "sendsms", "TEXT", ANN, "-len", "500", "-text", LONG);
        run("gammu", "-c", config.toString(), "sendsms", "TEXT", ANN, "-unicode", "-report", "-text", UNICODE);
        awaitTexts(LONG, UNICODE);
        assertEquals(3, control.inbox(ANN).getFirst().path("parts").asInt());

        control.text(ANN, LINE, "Yes, at 5 €");
        control.text(ANN, LINE, "да ".repeat(40) + "!");
        var listed = run("gammu", "-c", config.toString(), "getallsms");
        assertSays(listed, "Yes, at 5 €");
        assertSays(listed, "да ".repeat(20));
        assertSays(listed, "Delivered");
        assertSays(listed, "part 2 of 2");

        var watched = run("gammu", "-c", config.toString(), "monitor", "1");
        assertSays(watched, "SIM SMS status");
        assertSays(watched, "home network");
        assertSays(run("gammu", "-c", config.toString(), "networkinfo"), "Parley Mobile");
        assertSays(run("gammu", "-c", config.toString(), "getsecuritystatus"), "Nothing to enter");
        control.put("/modems/modem-1", "{\"fault\": \"pin-required\", \"pin\": \"1234\"}");
        assertSays(run("gammu", "-c", config.toString(), "getsecuritystatus"), "Waiting for PIN");
        run("gammu", "-c", config.toString(), "entersecuritycode", "PIN", "1234");
        // gammu ends once the modem has taken the PIN, which is before the network shows it.
        Await.until(
                "the PIN is taken",
                () -> control.get("/modems/modem-1").path("fault").asString(),
                "none"::equals);
    }

    @Test
    @DisplayName("gammu-smsd sends from its outbox, gets its reports and fills its inbox")
    void gammuSmsd() throws IOException, InterruptedException {
        require("gammu-smsd");
        var inbox = made("inbox");
        var sent = made("sent");
        var config = Files.writeString(directory.resolve("gammu-smsdrc"), """
                [gammu]
                device = %s
                connection = at115200
                [smsd]
                service = files
                inboxpath = %s/
                outboxpath = %s/
                sentsmspath = %s/
                errorsmspath = %s/
                inboxformat = unicode
                outboxformat = detail
                transmitformat = auto
                commtimeout = 1
                sendtimeout = 10
                receivefrequency = 1
                statusfrequency = 0
                loopsleep = 1
                multiparttimeout = 5
                checksecurity = 0
                checkbattery = 0
                checksignal = 0
                checknetwork = 0
                hardresetfrequency = 0
                resetfrequency = 0
                deliveryreport = sms
                logfile = %s
                """.formatted(
                        directory.resolve("modem-1"),
                        inbox,
                        made("outbox"),
                        sent,
                        made("error"),
                        directory.resolve("smsd.log")));
        run(inject(config, "-len", "500", "-report", "-text", LONG));
        run(inject(config, "-unicode", "-report", "-text", UNICODE));
        started(List.of("gammu-smsd", "-c", config.toString()), directory.resolve("gammu-smsd.txt"));
        Await.until(
                "both texts at Ann's",
                Duration.ofSeconds(60),
                () -> List.copyOf(control.texts(ANN)),
                texts -> texts.size() == 2 && texts.contains(LONG) && texts.contains(UNICODE));
        control.text(ANN, LINE, "Yes, at 5 €");
        control.text(ANN, LINE, "да ".repeat(40) + "!");
        awaitFiles(inbox, UTF_16, 1, "Yes, at 5 €");
        awaitFiles(inbox, UTF_16, 1, "да ".repeat(20));
        awaitFiles(inbox, UTF_16, 4, "Delivered");
        awaitFiles(sent, StandardCharsets.UTF_8, 2, ANN);
    }

    private static String[] inject(Path config, String... more) {
        var command = new ArrayList<>(List.of("gammu-smsd-inject", "-c", config.toString(), "TEXT", ANN));
        command.addAll(List.of(more));
        return command.toArray(String[]::new);
    }

    @Test
    @DisplayName("smstools3 sends from its spool, gets its reports and spools what comes in")
    void smstools() throws IOException {
        require("smsd");
        var incoming = made("incoming");
        var report = made("report");
        var outgoing = made("outgoing");
        var config = Files.writeString(directory.resolve("smsd.conf"), """
                devices = GSM1
                outgoing = %s
                checked = %s
                incoming = %s
                sent = %s
                failed = %s
                report = %s
                logfile = %s
                infofile = %s
                pidfile = %s
                stats = %s
                loglevel = 5
                delaytime = 1
                delaytime_mainprocess = 1
                autosplit = 3
                incoming_utf8 = yes
                decode_unicode_text = yes

                [GSM1]
                device = %s
                baudrate = 115200
                incoming = yes
                report = yes
                send_delay = -1
                """.formatted(
                        outgoing,
                        made("checked"),
                        incoming,
                        made("sent"),
                        made("failed"),
                        report,
                        directory.resolve("smsd.log"),
                        directory.resolve("smsd.info"),
                        directory.resolve("smsd.pid"),
                        made("stats"),
                        directory.resolve("modem-1")));
        Files.writeString(outgoing.resolve("long"), """
                To: %s
                Report: yes
                Alphabet: UTF-8

                %s""".formatted(ANN.substring(1), LONG));
        started(List.of("smsd", "-c" + config, "-t"), directory.resolve("smsd.txt"));
        awaitTexts(LONG);
        var unicode = "To: %s\nReport: yes\nAlphabet: UCS2\n\n".formatted(ANN.substring(1));
        Files.write(
                directory.resolve("unicode"),
                joined(unicode.getBytes(StandardCharsets.UTF_8), UNICODE.getBytes(UTF_16)));
        Files.move(directory.resolve("unicode"), outgoing.resolve("unicode"));
        awaitTexts(LONG, UNICODE);
        control.text(ANN, LINE, "Yes, at 5 €");
        control.text(ANN, LINE, "да ".repeat(40) + "!");
        awaitFiles(incoming, StandardCharsets.UTF_8, 1, "Yes, at 5 €");
        awaitFiles(incoming, StandardCharsets.UTF_8, 1, "да ".repeat(40) + "!");
        awaitFiles(report, StandardCharsets.UTF_8, 4, "Status: 0,Ok,short message received by the SME");
    }

    private static byte[] joined(byte[] head, byte[] body) {
        var all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
