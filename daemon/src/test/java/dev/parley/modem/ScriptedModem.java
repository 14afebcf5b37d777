package dev.parley.modem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A small modem on a pty, as a program of its own: it answers commands from a table, and a test can put its own
/// answers in front.
final class ScriptedModem implements AutoCloseable {

    /// What a test wants instead of the table: the answers, in portions, with pauses of the modem's (`~20` is 20 ms);
    /// empty for the table's; an empty list for silence.
    interface Script extends BiFunction<ScriptedModem, String, Optional<List<String>>> {}

    /// Everything that was written to the modem: command lines, PDUs with `^Z`, `ESC`.
    final List<String> said = new CopyOnWriteArrayList<>();

    /// The memories: place (`SM:3`) to PDU.
    final Map<String, String> stored = new ConcurrentSkipListMap<>();

    private final Path link;
    private volatile Script script = (_, _) -> Optional.empty();
    private volatile @Nullable Pty pty;
    private volatile @Nullable Thread thread;
    private volatile boolean deaf;
    private volatile int mr;
    private String memory = "SM";
    private boolean prompted;

    ScriptedModem(Path directory) {
        this.link = directory.resolve("modem");
    }

    Path path() {
        return link;
    }

    void script(Script script) {
        this.script = script;
    }

    /// Puts fixed answers in front of the table's.
    void answer(String command, String... portions) {
        var before = script;
        script = (modem, said) -> said.equals(command) ? Optional.of(List.of(portions)) : before.apply(modem, said);
    }

    /// Reads what it is told and says nothing any more.
    void deaf(boolean deaf) {
        this.deaf = deaf;
    }

    void plug() throws IOException {
        var fresh = Pty.open();
        pty = fresh;
        prompted = false;
        thread = Thread.ofPlatform().name("scripted-modem").daemon().start(() -> run(fresh));
        Files.createSymbolicLink(link, fresh.path());
    }

    boolean isPlugged() {
        return Files.exists(link, LinkOption.NOFOLLOW_LINKS);
    }

    /// Takes the port away, whatever it is doing.
    void unplug() throws IOException {
        Files.deleteIfExists(link);
        var gone = pty;
        pty = null;
        var running = thread;
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (gone != null) {
            gone.close();
        }
    }

    Pty pty() {
        var now = pty;
        if (now == null) {
            throw new IllegalStateException("unplugged");
        }
        return now;
    }

    /// A URC, or anything else unasked.
    void say(String octets) {
        try {
            pty().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long count(String command) {
        return said.stream().filter(command::equals).count();
    }

    @Override
    public void close() throws IOException {
        unplug();
    }

    private void run(Pty own) {
        var line = new StringBuilder();
        try {
            while (pty == own) {
                for (var octet : own.read(20)) {
                    switch (octet) {
                        case '\r' -> {
                            hear(own, line.toString());
                            line.setLength(0);
                        }
                        case 0x1A -> {
                            hear(own, line + "^Z");
                            line.setLength(0);
                        }
                        case 0x1B -> {
                            line.setLength(0);
                            hear(own, "ESC");
                        }
                        default -> line.append((char) octet);
                    }
                }
            }
        } catch (IOException e) {
            if (pty == own) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void hear(Pty own, String what) throws IOException {
        if (what.isEmpty()) {
            return;
        }
        said.add(what);
        if (deaf) {
            return;
        }
        var portions = script.apply(this, what).orElseGet(() -> List.of(usual(what)));
        for (var portion : portions) {
            if (portion.startsWith("~")) {
                LockSupport.parkNanos(Long.parseLong(portion.substring(1)) * 1_000_000);
            } else if (portion.equals("UNPLUG")) {
                var gone = pty;
                Files.deleteIfExists(link);
                pty = null;
                if (gone != null) {
                    gone.close();
                }
                return;
            } else if (!portion.isEmpty()) {
                own.write(portion.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    /// What the table answers, for a script that puts something in front of it.
    String usually(String what) {
        return usual(what);
    }

    /// A modem with a SIM of ten slots and a memory for reports, which it hands over directly.
    private String usual(String what) {
        if (what.endsWith("^Z")) {
            prompted = false;
            mr = (mr + 1) % 256;
            return "\r\n+CMGS: " + mr + "\r\n\r\nOK\r\n";
        }
        if (what.startsWith("AT+CMGS=")) {
            prompted = true;
            return "\r\n> ";
        }
        if (what.equals("ESC")) {
            var was = prompted;
            prompted = false;
            return was ? "\r\nOK\r\n" : "";
        }
        if (what.startsWith("AT+CPMS=\"")) {
            memory = what.substring(9, 11);
            var used = used(memory);
            return ok("+CPMS: %d,10,%d,10,%d,10".formatted(used, used, used));
        }
        if (what.startsWith("AT+CMGR=")) {
            var pdu = stored.get(memory + ":" + what.substring(8));
            return pdu == null ? "\r\n+CMS ERROR: 321\r\n" : ok("+CMGR: 0,," + pdu.length() / 2 + "\r\n" + pdu);
        }
        if (what.startsWith("AT+CMGD=")) {
            stored.remove(memory + ":" + what.substring(8));
            return "\r\nOK\r\n";
        }
        return switch (what) {
            case "AT+CGMI" -> ok("Scripted");
            case "AT+CGMM" -> ok("S-1");
            case "AT+CGSN" -> ok("490154203237518");
            case "AT+CFUN?" -> ok("+CFUN: 1");
            case "AT+CPIN?" -> ok("+CPIN: READY");
            case "AT+CMGF?" -> ok("+CMGF: 0");
            case "AT+CPINR=\"SIM PIN\"" -> ok("+CPINR: SIM PIN,3,3");
            case "AT+CSMS=1" -> ok("+CSMS: 1,1,1");
            case "AT+CPMS=?" -> ok("+CPMS: (\"SM\",\"SR\"),(\"SM\"),(\"SM\")");
            case "AT+CPMS?" -> {
                var used = used(memory);
                yield ok("+CPMS: \"%s\",%d,10,\"SM\",%d,10,\"SM\",%d,10".formatted(memory, used, used, used));
            }
            case "AT+CNMI=?" -> ok("+CNMI: (0-2),(0-1),(0),(0-2),(0,1)");
            case "AT+CNMI?" -> ok("+CNMI: 2,1,0,1,0");
            case "AT+CREG?" -> ok("+CREG: 1,1");
            case "AT+CEREG?" -> ok("+CEREG: 1,1");
            case "AT+COPS?" -> ok("+COPS: 0,0,\"Testnet\",7");
            case "AT+CSQ" -> ok("+CSQ: 20,99");
            case "AT+CSCA?" -> ok("+CSCA: \"+12025550000\",145");
            case "AT+CMGL=4" -> list();
            default -> "\r\nOK\r\n";
        };
    }

    private long used(String memory) {
        return stored.keySet().stream()
                .filter(place -> place.startsWith(memory + ":"))
                .count();
    }

    private String list() {
        var lines = new ArrayList<String>();
        new TreeMap<>(stored).forEach((place, pdu) -> {
            if (place.startsWith(memory + ":")) {
                lines.add("\r\n+CMGL: " + place.substring(3) + ",1,," + pdu.length() / 2 + "\r\n" + pdu);
            }
        });
        return String.join("", lines) + "\r\n\r\nOK\r\n";
    }

    static String ok(String line) {
        return "\r\n" + line + "\r\n\r\nOK\r\n";
    }
}
