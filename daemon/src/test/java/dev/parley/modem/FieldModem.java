package dev.parley.modem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A modem on a pty that answers like an ordinary one in PDU mode (3GPP TS 27.005, 27.007). The odd ones
/// of the field are its subclasses, each odd in one way ([FieldCases]).
class FieldModem implements AutoCloseable {
    /// A command line, as it came.
    record Said(long at, String line) {}

    /// A PDU that was given to `AT+CMGS` and accepted.
    record Sent(int mr, String digits) {
        String recipient() {
            return FieldPdus.recipient(digits);
        }
    }

    /// A message in a memory.
    record Kept(int stat, String pdu) {}

    private static final Pattern NAMED = Pattern.compile("AT[+^]([A-Z0-9]+)(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    /// For what comes later: one for all modems, since there are many.
    private static final ScheduledExecutorService LATER = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("field-modems").factory());

    final List<Said> said = new CopyOnWriteArrayList<>();
    final List<Sent> sent = new CopyOnWriteArrayList<>();
    final Map<String, TreeMap<Integer, Kept>> stored = new ConcurrentHashMap<>();

    // What a case may have otherwise
    Map<String, Integer> memories = Map.of("SM", 20, "ME", 50, "SR", 10);
    String offers = "(\"SM\",\"ME\",\"SR\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")";
    String offersCnmi = "(0-2),(0-3),(0,2),(0-2),(0,1)";
    int firstIndex;
    String smsc = "+12025550199";
    int airMillis = 50;
    Optional<String> pin = Optional.empty();

    // Settings, forgotten when it starts anew
    List<String> mem = List.of("SM", "SM", "SM");
    int[] cnmi = new int[5];
    int cmgf;
    int csms;
    int cmee;
    int creg;
    volatile boolean locked;
    private volatile long begun;
    private boolean prompted;
    int mr;

    private @Nullable Pty pty;
    private volatile boolean over;

    /// As new: every setting is forgotten, what is stored stays. Says nothing.
    final void switchOn() {
        mem = List.of("SM", "SM", "SM");
        cnmi = new int[5];
        cmgf = 0;
        csms = 0;
        cmee = 0;
        creg = 0;
        locked = pin.isPresent();
        begun = 0;
        prompted = false;
    }

    List<Integer> settings() {
        return List.of(cmee, cmgf, csms, creg, cnmi[0], cnmi[1], cnmi[2], cnmi[3]);
    }

    /// Seconds since the first command after it was switched on.
    final double age() {
        return begun == 0 ? 0 : (System.nanoTime() - begun) / 1e9;
    }

    final void plug(Path link) throws IOException {
        switchOn();
        memories.keySet().forEach(memory -> stored.computeIfAbsent(memory, _ -> new TreeMap<>()));
        var fresh = Pty.open();
        pty = fresh;
        Files.createSymbolicLink(link, fresh.path());
        Thread.ofPlatform().daemon().name(getClass().getSimpleName()).start(() -> run(fresh));
    }

    @Override
    public void close() {
        over = true;
    }

    private void run(Pty own) {
        var line = new StringBuilder();
        try {
            while (!over) {
                for (var octet : own.read(200)) {
                    take(octet, line);
                }
            }
            own.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void take(byte octet, StringBuilder line) {
        switch (octet) {
            case 0x1B -> {
                line.setLength(0);
                if (prompted) {
                    prompted = false;
                    ok();
                }
            }
            case 0x1A -> {
                var digits = line.toString().strip();
                line.setLength(0);
                if (prompted) {
                    pdu(digits);
                }
            }
            case '\r' -> {
                var text = line.toString().strip();
                line.setLength(0);
                if (!text.isEmpty()) {
                    begun = begun == 0 ? System.nanoTime() : begun;
                    said.add(new Said(System.nanoTime(), text));
                    command(text);
                }
            }
            case '\n' -> {}
            default -> line.append((char) octet);
        }
    }

    // The line

    final synchronized void write(String octets) {
        try {
            var now = pty;
            if (now != null && !over) {
                now.write(octets.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException _) {
            // nobody reads: lost, as on a wire
        }
    }

    final void say(String... lines) {
        write("\r\n" + String.join("\r\n\r\n", lines) + "\r\n");
    }

    final void ok(String... lines) {
        var all = new ArrayList<>(List.of(lines));
        all.add("OK");
        say(all.toArray(String[]::new));
    }

    final void error(String what) {
        say(what);
    }

    static void later(double seconds, Runnable what) {
        var _ = LATER.schedule(what, (long) (seconds * 1_000), TimeUnit.MILLISECONDS);
    }

    static void pause(double seconds) {
        LockSupport.parkNanos((long) (seconds * 1e9));
    }

    /// How often such a command was given in the last seconds.
    final long count(String command, double seconds) {
        var from = System.nanoTime() - (long) (seconds * 1e9);
        return said.stream()
                .filter(one -> one.at - from > 0 && one.line.startsWith(command))
                .count();
    }

    // Commands

    private void command(String text) {
        var named = NAMED.matcher(text);
        if (!named.matches()) {
            ok();
            return;
        }
        var value = named.group(2);
        switch (named.group(1)) {
            case "CGMI" -> ok("ACME");
            case "CGMM" -> ok("GM-1");
            case "CGSN" -> ok("490154203237518");
            case "CIMI" -> ok("310150123456789");
            case "CSQ" -> csq();
            case "COPS" -> ok(value.equals("?") ? "+COPS: 0,0,\"ACME Mobile\"" : "");
            case "CREG" -> creg(value);
            case "CEREG" -> cereg(value);
            case "CGREG" -> cgreg(value);
            case "C5GREG" -> c5greg(value);
            case "CPIN" -> cpin(value);
            case "CFUN" -> cfun(value);
            case "CMEE" -> cmee = setting(value, "CMEE", cmee);
            case "CMGF" -> cmgf(value);
            case "CSMS" -> csms(value);
            case "CSCA" -> csca(value);
            case "CPMS" -> cpms(value);
            case "CNMI" -> cnmi(value);
            case "CMGL" -> cmgl(value);
            case "CMGR" -> cmgr(Integer.parseInt(value.substring(1)));
            case "CMGD" -> cmgd(Integer.parseInt(value.substring(1)));
            case "CMGS" -> cmgs(value);
            case "CUSD" -> cusd(value);
            case "CMMS", "CNMA" -> ok();
            default -> error("ERROR");
        }
    }

    final int setting(String value, String name, int before) {
        if (value.equals("?")) {
            ok("+" + name + ": " + before);
            return before;
        }
        ok();
        return value.matches("=[0-9]") ? value.charAt(1) - '0' : before;
    }

    void csq() {
        ok("+CSQ: 20,99");
    }

    void creg(String value) {
        if (value.equals("?")) {
            ok("+CREG: " + creg + "," + (locked ? 0 : 1));
        } else {
            creg = setting(value, "CREG", creg);
        }
    }

    void cereg(String value) {
        ok(value.equals("?") ? "+CEREG: 0," + (locked ? 0 : 1) : "");
    }

    void cgreg(String value) {
        error("ERROR");
    }

    void c5greg(String value) {
        error("ERROR");
    }

    void cpin(String value) {
        if (value.equals("?")) {
            ok("+CPIN: " + (locked ? "SIM PIN" : "READY"));
        } else if (locked
                && pin.filter(digits -> value.equals("=\"" + digits + "\"")).isPresent()) {
            locked = false;
            ok();
        } else {
            error("+CME ERROR: " + (locked ? 16 : 3));
        }
    }

    void cfun(String value) {
        if (value.equals("?")) {
            ok("+CFUN: 1");
            return;
        }
        radio();
        ok();
        if (value.equals("=1,1") || value.equals("=16")) {
            switchOn();
        }
    }

    /// `AT+CFUN=…` was given: what heals a modem that only a restart heals.
    void radio() {}

    void cmgf(String value) {
        cmgf = setting(value, "CMGF", cmgf);
    }

    void csms(String value) {
        csms = value.matches("=[01]") ? value.charAt(1) - '0' : csms;
        ok("+CSMS: 1,1,1");
    }

    void csca(String value) {
        if (value.equals("?")) {
            ok("+CSCA: \"" + smsc + "\",145");
        } else {
            ok();
        }
    }

    void cnmi(String value) {
        switch (value) {
            case "=?" -> ok("+CNMI: " + offersCnmi);
            case "?" -> ok("+CNMI: " + cnmi[0] + "," + cnmi[1] + "," + cnmi[2] + "," + cnmi[3] + "," + cnmi[4]);
            default -> {
                var given = value.substring(1).split(",", -1);
                for (int i = 0; i < given.length; i++) {
                    cnmi[i] = Integer.parseInt(given[i]);
                }
                ok();
            }
        }
    }

    void cusd(String value) {
        ok();
    }

    // Messages

    final String usage(String memory) {
        return place(memory).size() + "," + memories.getOrDefault(memory, 0);
    }

    final TreeMap<Integer, Kept> place(String memory) {
        return stored.getOrDefault(memory, new TreeMap<>());
    }

    final TreeMap<Integer, Kept> place() {
        return place(mem.getFirst());
    }

    /// How many names `+CPMS=` takes.
    boolean takes(List<String> names) {
        return true;
    }

    void cpms(String value) {
        if (value.equals("=?")) {
            ok("+CPMS: " + offers);
            return;
        }
        if (value.equals("?")) {
            ok("+CPMS: "
                    + String.join(
                            ",",
                            mem.stream()
                                    .map(one -> "\"" + one + "\"," + usage(one))
                                    .toList()));
            return;
        }
        var names = QUOTED.matcher(value).results().map(found -> found.group(1)).toList();
        if (!takes(names)) {
            error("ERROR");
        } else if (names.isEmpty() || !memories.keySet().containsAll(names)) {
            error("+CMS ERROR: 302");
        } else {
            var now = new ArrayList<>(names);
            now.addAll(mem.subList(names.size(), 3));
            mem = List.copyOf(now);
            ok("+CPMS: " + String.join(",", mem.stream().map(this::usage).toList()));
        }
    }

    void cmgl(String value) {
        ok(place().entrySet().stream()
                .map(one -> "+CMGL: " + one.getKey() + "," + one.getValue().stat + ",,"
                        + FieldPdus.length(one.getValue().pdu) + "\r\n" + one.getValue().pdu)
                .toArray(String[]::new));
    }

    void cmgr(int index) {
        var kept = place().get(index);
        if (kept == null) {
            error("+CMS ERROR: 321");
        } else {
            ok("+CMGR: " + kept.stat + ",," + FieldPdus.length(kept.pdu) + "\r\n" + kept.pdu);
        }
    }

    void cmgd(int index) {
        if (place().remove(index) == null) {
            error("+CMS ERROR: 321");
        } else {
            ok();
        }
    }

    void cmgs(String value) {
        prompt();
    }

    final void prompt() {
        prompted = true;
        write("\r\n> ");
    }

    /// A PDU was given and ended with Ctrl-Z.
    void pdu(String digits) {
        prompted = false;
        pause(airMillis / 1e3);
        mr = (mr + 1) % 256;
        sent.add(new Sent(mr, digits));
        ok("+CMGS: " + mr);
        if (FieldPdus.asksReport(digits)) {
            int own = mr;
            later(0.3, () -> report(own, FieldPdus.recipient(digits)));
        }
    }

    /// In place of `+CMGS`.
    final void refuse(String what) {
        prompted = false;
        pause(airMillis / 1e3);
        error(what);
    }

    /// The hand-over is over without a word.
    final void swallowed() {
        prompted = false;
    }

    // The network

    /// A message comes in: handed over, or stored and told, as `+CNMI` says.
    void receive(String pdu) {
        if (cnmi[1] == 2) {
            handOver(pdu);
            return;
        }
        var memory = mem.get(2);
        int index = store(pdu, memory);
        if (cnmi[1] != 0) {
            say("+CMTI: \"" + memory + "\"," + index);
        }
    }

    final void handOver(String pdu) {
        say("+CMT: ," + FieldPdus.length(pdu) + "\r\n" + pdu);
    }

    final synchronized int store(String pdu, String memory) {
        var place = stored.computeIfAbsent(memory, _ -> new TreeMap<>());
        int index = firstIndex;
        while (place.containsKey(index)) {
            index++;
        }
        place.put(index, new Kept(0, pdu));
        return index;
    }

    void report(int reference, String recipient) {
        var pdu = FieldPdus.statusReport(reference, recipient, Instant.now());
        if (cnmi[3] == 1) {
            say("+CDS: " + FieldPdus.length(pdu) + "\r\n" + pdu);
        } else if (cnmi[3] == 2) {
            say("+CDSI: \"SR\"," + store(pdu, "SR"));
        }
    }
}
