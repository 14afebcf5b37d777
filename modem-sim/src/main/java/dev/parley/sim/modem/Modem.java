package dev.parley.sim.modem;

import dev.parley.sim.network.Parcel;
import dev.parley.sim.network.Reception;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.Station;
import dev.parley.sim.pty.Doorbell;
import dev.parley.sim.pty.Pty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One stick: its port, its thread, and the time that things take.
public final class Modem implements Station, AutoCloseable {

    /// As long as a short message takes on a good day.
    public static final Duration AIR_TIME = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(Modem.class);

    private static final char CR = '\r';
    private static final char LF = '\n';
    private static final char BACKSPACE = '\b';
    private static final char ESC = 0x1B;
    private static final char CTRL_Z = 0x1A;

    /// A command line, or a PDU in hex; what is longer is answered with an error.
    private static final int LINE_MAX = 1_024;

    /// What a program does not read is lost, as a real stick's small buffer would lose it.
    private static final int OUTPUT_OCTETS_MAX = 256 * 1_024;

    private static final int UNSOLICITED_MAX = 200;

    /// How long `AT+CNMA` may take before the network counts the message as not received (3GPP TS 27.005 §3.4.4 leaves
    /// the time to the timers of TS 24.011; this is at their upper end).
    private static final Duration ACKNOWLEDGE = Duration.ofSeconds(15);

    private static final Duration USSD = Duration.ofMillis(300);
    private static final Duration CONTROL = Duration.ofSeconds(5);

    /// What the control API tells.
    ///
    /// @param pty empty while it is unplugged
    public record Status(
            Optional<Path> pty,
            Duration airTime,
            Fault fault,
            boolean inUse,
            int stored,
            int capacity,
            long sent,
            long received) {}

    /// What the control API changes; what is empty stays.
    ///
    /// @param pin what the SIM wants after [Fault.PinRequired]; any four to eight digits will do if empty
    public record Change(Optional<Duration> airTime, Optional<Fault> fault, Optional<String> pin) {}

    private record Incoming(Parcel parcel, Consumer<Reception> answer) {}

    private record Later(long at, List<String> lines) {}

    private enum Mode {
        COMMAND,
        PROMPT,
        ON_AIR
    }

    private final Identity identity;
    private final Smsc smsc;
    private final Path link;
    private final Doorbell doorbell;
    private final Thread thread;
    private final State state = new State();
    private final Arrivals arrivals = new Arrivals(state);
    private final Firmware firmware;
    private final Queue<Incoming> arriving = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();

    // The rest is the modem thread's own, but for what is volatile.
    private final Deque<Incoming> held = new ArrayDeque<>();
    private final Deque<List<String>> unsolicited = new ArrayDeque<>();
    private final Deque<Later> later = new ArrayDeque<>();
    private final Deque<Command> rest = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private String lastLine = "";
    private byte[] input = new byte[0];
    private int inputAt;
    private byte[] output = new byte[0];
    private int outputAt;
    private Mode mode = Mode.COMMAND;
    private Optional<Reply.Body> body = Optional.empty();
    private Optional<Reply.Sending> sending = Optional.empty();
    private Reply sent = Reply.OK;
    private long airHalf;
    private long airEnd;
    private Optional<Incoming> unacknowledged = Optional.empty();
    private long acknowledgeBy;
    private Optional<Pty> pty = Optional.empty();
    private boolean resetting;
    private Duration airTime = AIR_TIME;
    private long sentCount;
    private long receivedCount;
    private volatile boolean closing;
    private volatile Status status;

    /// Plugs a stick in, which works from [#start] on.
    ///
    /// @param link where the port is to be found, whatever its real name
    public Modem(Identity identity, Smsc smsc, Path link) throws IOException {
        this.identity = identity;
        this.smsc = smsc;
        this.link = link;
        doorbell = new Doorbell();
        firmware = new Firmware(identity, smsc, state, new Surroundings());
        plugIn();
        status = snapshot();
        // The native call that waits pins its carrier, so this is no virtual thread.
        thread = Thread.ofPlatform().daemon().name(identity.name()).unstarted(this::live);
    }

    public void start() {
        smsc.attach(identity.number(), this);
        thread.start();
    }

    public Identity identity() {
        return identity;
    }

    public Path link() {
        return link;
    }

    public Status status() {
        return status;
    }

    // ---- from other threads ----

    @Override
    public void deliver(Parcel parcel, Consumer<Reception> answer) {
        arriving.add(new Incoming(parcel, answer));
        doorbell.ring();
    }

    /// Returns when it is done.
    public Status change(Change change) {
        var done = new CompletableFuture<Status>();
        orders.add(() -> {
            try {
                apply(change);
                status = snapshot();
                done.complete(status);
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        doorbell.ring();
        try {
            return done.get(CONTROL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(identity.name() + " did not change", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        closing = true;
        doorbell.ring();
        try {
            thread.join(CONTROL);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- the thread ----

    private void live() {
        try {
            while (!closing) {
                turn();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("{} has died", identity.name(), e);
        } finally {
            unplug();
            doorbell.close();
        }
    }

    private void turn() throws IOException {
        for (var order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
        for (var parcel = arriving.poll(); parcel != null; parcel = arriving.poll()) {
            held.add(parcel);
        }
        passTime();
        read();
        receive();
        tellUnsolicited();
        write();
        status = snapshot();
        if (orders.isEmpty() && arriving.isEmpty() && !closing) {
            doorbell.await(pty, mode != Mode.ON_AIR && unread() == 0, outputAt < output.length, nanosToNext());
        }
    }

    private Status snapshot() {
        return new Status(
                pty.map(Pty::path),
                airTime,
                state.fault,
                pty.map(Pty::inUse).orElse(false),
                state.sim.sm().used(),
                state.sim.sm().capacity(),
                sentCount,
                receivedCount);
    }

    private long nanosToNext() {
        long now = System.nanoTime();
        long nanos = Long.MAX_VALUE;
        if (mode == Mode.ON_AIR) {
            nanos = Math.min(nanos, (sending.isPresent() ? airHalf : airEnd) - now);
        }
        if (unacknowledged.isPresent()) {
            nanos = Math.min(nanos, acknowledgeBy - now);
        }
        if (!later.isEmpty()) {
            nanos = Math.min(nanos, later.getFirst().at() - now);
        }
        return Math.max(0, nanos);
    }

    private void passTime() {
        long now = System.nanoTime();
        if (mode == Mode.ON_AIR && sending.isPresent() && now - airHalf >= 0) {
            sent = sending.get().handOver();
            sending = Optional.empty();
        }
        if (mode == Mode.ON_AIR && sending.isEmpty() && now - airEnd >= 0) {
            mode = Mode.COMMAND;
            if (sent instanceof Reply.Ok) {
                sentCount++;
            }
            finish(sent);
        }
        if (unacknowledged.isPresent() && now - acknowledgeBy >= 0) {
            // Who does not acknowledge gets no more directly (3GPP TS 27.005 §3.4.4).
            state.settings.cnmiText = 0;
            state.settings.cnmiReport = 0;
            fail();
        }
        while (!later.isEmpty() && now - later.getFirst().at() >= 0) {
            tell(later.removeFirst().lines());
        }
    }

    // ---- the port ----

    private void plugIn() {
        try {
            var opened = Pty.open();
            pty = Optional.of(opened);
            var beside = link.resolveSibling(link.getFileName() + ".new");
            Files.deleteIfExists(beside);
            Files.createSymbolicLink(beside, opened.path());
            Files.move(beside, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException("no pty for " + link, e);
        }
    }

    private void unplug() {
        if (pty.isEmpty()) {
            return;
        }
        try {
            Files.deleteIfExists(link);
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", link, e.getMessage());
        }
        hangUp();
        pty.get().close();
        pty = Optional.empty();
        absentAll();
    }

    /// Nobody has the port open any more: what was begun is dropped, as when DTR goes low.
    private void hangUp() {
        silence();
        if (mode == Mode.PROMPT) {
            mode = Mode.COMMAND;
            body = Optional.empty();
        }
    }

    /// Nothing that is under way is answered.
    private void silence() {
        line.setLength(0);
        input = new byte[0];
        inputAt = 0;
        output = new byte[0];
        outputAt = 0;
        rest.clear();
        unsolicited.clear();
        fail();
    }

    private void fail() {
        var failed = unacknowledged;
        unacknowledged = Optional.empty();
        failed.ifPresent(incoming -> incoming.answer().accept(Reception.FAILED));
    }

    private void absentAll() {
        mode = Mode.COMMAND;
        sending = Optional.empty();
        body = Optional.empty();
        later.clear();
        for (var incoming = held.poll(); incoming != null; incoming = held.poll()) {
            incoming.answer().accept(Reception.ABSENT);
        }
    }

    private int unread() {
        return input.length - inputAt;
    }

    private void read() throws IOException {
        if (pty.isEmpty()) {
            return;
        }
        if (pty.get().noteUsers()) {
            hangUp();
        }
        if (state.fault instanceof Fault.Hung) {
            while (pty.get().read().length > 0) {}
            return;
        }
        while (mode != Mode.ON_AIR) {
            if (unread() == 0) {
                input = pty.get().read();
                inputAt = 0;
                if (input.length == 0) {
                    return;
                }
            }
            while (unread() > 0 && mode != Mode.ON_AIR) {
                take((char) (input[inputAt++] & 0xFF));
            }
        }
    }

    private void write() throws IOException {
        if (pty.isEmpty()) {
            return;
        }
        while (outputAt < output.length) {
            int octets = pty.get().write(output, outputAt, output.length - outputAt);
            if (octets == 0) {
                return;
            }
            outputAt += octets;
        }
    }

    /// What is said to nobody is lost: the next program finds no old answers.
    private void put(String text) {
        if (pty.isEmpty() || !pty.get().inUse()) {
            return;
        }
        var octets = text.getBytes(StandardCharsets.ISO_8859_1);
        int waiting = output.length - outputAt;
        if (waiting + octets.length > OUTPUT_OCTETS_MAX) {
            return;
        }
        var all = new byte[waiting + octets.length];
        System.arraycopy(output, outputAt, all, 0, waiting);
        System.arraycopy(octets, 0, all, waiting, octets.length);
        output = all;
        outputAt = 0;
    }

    // ---- what a program types ----

    private void take(char c) {
        switch (mode) {
            case COMMAND -> takeCommand(c);
            case PROMPT -> takeBody(c);
            case ON_AIR -> throw new IllegalStateException("nothing is read while on air");
        }
    }

    private void takeCommand(char c) {
        if (c == LF || c == ESC || c == CTRL_Z || c == 0) {
            return;
        }
        if (state.settings.echo) {
            put(String.valueOf(c));
        }
        if (c == BACKSPACE) {
            line.setLength(Math.max(0, line.length() - 1));
        } else if (c != CR) {
            if (line.length() <= LINE_MAX) {
                line.append(c);
            }
        } else {
            var typed = line.toString().strip();
            line.setLength(0);
            begin(typed);
        }
    }

    private void begin(String typed) {
        var whole = typed;
        if (whole.equalsIgnoreCase("A/")) {
            whole = lastLine;
        }
        if (whole.length() < 2 || !whole.regionMatches(true, 0, "AT", 0, 2)) {
            return;
        }
        lastLine = whole;
        var commands = whole.length() > LINE_MAX ? Optional.<List<Command>>empty() : Command.read(whole.substring(2));
        if (commands.isEmpty()) {
            finish(new Reply.Cme(Reply.Cme.INVALID_CHARACTERS));
            return;
        }
        rest.clear();
        rest.addAll(commands.get());
        runRest();
    }

    private void runRest() {
        while (!rest.isEmpty()) {
            var command = rest.removeFirst();
            Reply reply;
            try {
                reply = firmware.run(command);
            } catch (RuntimeException e) {
                LOG.error("{} cannot answer {}", identity.name(), command, e);
                reply = new Reply.Cme(0);
            }
            switch (reply) {
                case Reply.Ok(var lines) -> putLines(lines);
                case Reply.Cme _, Reply.Cms _ -> {
                    finish(reply);
                    return;
                }
                case Reply.Prompt(var then) -> {
                    body = Optional.of(then);
                    mode = Mode.PROMPT;
                    put("\r\n> ");
                    return;
                }
                case Reply.OnAir(var message) -> {
                    goOnAir(message);
                    return;
                }
            }
        }
        putResult("OK", "0");
        if (resetting) {
            resetting = false;
            startAnew();
        }
    }

    private void takeBody(char c) {
        if (c == ESC) {
            mode = Mode.COMMAND;
            body = Optional.empty();
            line.setLength(0);
            finish(Reply.OK);
        } else if (c == CTRL_Z) {
            var typed = line.toString();
            line.setLength(0);
            mode = Mode.COMMAND;
            var then = body.orElseThrow();
            body = Optional.empty();
            switch (then.ended(typed)) {
                case Reply.OnAir(var message) -> goOnAir(message);
                case Reply.Prompt _ -> throw new IllegalStateException("a prompt behind a prompt");
                case Reply.Ok ok -> finish(ok);
                case Reply.Cme cme -> finish(cme);
                case Reply.Cms cms -> finish(cms);
            }
        } else {
            if (state.settings.echo) {
                put(String.valueOf(c));
            }
            boolean text = state.settings.cmgf == 1;
            if (c == CR && text) {
                put("\r\n> ");
                line.append(LF);
            } else if (c == BACKSPACE) {
                line.setLength(Math.max(0, line.length() - 1));
            } else if (c != CR && c != LF && line.length() <= LINE_MAX) {
                line.append(c);
            }
        }
    }

    private void goOnAir(Reply.Sending message) {
        mode = Mode.ON_AIR;
        sending = Optional.of(message);
        long now = System.nanoTime();
        airHalf = now + airTime.toNanos() / 2;
        airEnd = now + airTime.toNanos();
        passTime();
    }

    // ---- what it says ----

    /// Ends the command line with this, or goes on with what is left of it.
    private void finish(Reply reply) {
        switch (reply) {
            case Reply.Ok(var lines) -> {
                putLines(lines);
                runRest();
            }
            case Reply.Cms(int code) -> {
                rest.clear();
                putResult("+CMS ERROR: " + code, "4");
            }
            case Reply.Cme(int code) -> {
                rest.clear();
                putResult(state.settings.cmee == 0 ? "ERROR" : "+CME ERROR: " + code, "4");
            }
            case Reply.Prompt _, Reply.OnAir _ -> throw new IllegalStateException("no end: " + reply);
        }
    }

    private void putLines(List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        put(state.settings.verbose ? "\r\n" : "");
        for (var each : lines) {
            put(each + "\r\n");
        }
    }

    private void putResult(String words, String digit) {
        if (!state.settings.quiet) {
            put(state.settings.verbose ? "\r\n" + words + "\r\n" : digit + "\r");
        }
    }

    /// Takes note of something that nobody asked for; nobody there means that nobody hears it.
    private void tell(List<String> lines) {
        if (pty.isPresent() && pty.get().inUse() && !(state.fault instanceof Fault.Hung) && !lines.isEmpty()) {
            if (unsolicited.size() >= UNSOLICITED_MAX) {
                unsolicited.removeFirst();
            }
            unsolicited.addLast(lines);
        }
    }

    /// Whether a line can be written without falling into another one.
    private boolean isBetweenLines() {
        return mode == Mode.ON_AIR || (mode == Mode.COMMAND && line.isEmpty());
    }

    private void tellUnsolicited() {
        while (isBetweenLines() && !unsolicited.isEmpty() && !isBuffering()) {
            put("\r\n" + String.join("\r\n", unsolicited.removeFirst()) + "\r\n");
        }
    }

    /// `AT+CNMI=0`: what comes is told when the mode changes.
    private boolean isBuffering() {
        return state.settings.cnmiMode == 0
                && (unsolicited.getFirst().getFirst().startsWith("+CMT")
                        || unsolicited.getFirst().getFirst().startsWith("+CDS"));
    }

    // ---- what the network brings ----

    private boolean isReachable() {
        return pty.isPresent() && !(state.fault instanceof Fault.Hung) && state.isRegistered();
    }

    private void receive() {
        var waiting = new ArrayList<>(held);
        held.clear();
        for (var incoming : waiting) {
            if (!received(incoming)) {
                held.addLast(incoming);
            }
        }
    }

    /// @return false if it has to wait for the port
    private boolean received(Incoming incoming) {
        if (!isReachable()) {
            incoming.answer().accept(Reception.ABSENT);
            return true;
        }
        var parcel = incoming.parcel();
        if (parcel instanceof Parcel.Report
                && mode == Mode.ON_AIR
                && !smsc.settings().receiptBeforeResponse()) {
            return false;
        }
        if (arrivals.showsDirectly(parcel) && pty.map(Pty::inUse).orElse(false)) {
            if (!isBetweenLines() || unacknowledged.isPresent() || state.settings.cnmiMode == 0) {
                return false;
            }
            put("\r\n" + String.join("\r\n", arrivals.shown(parcel)) + "\r\n");
            if (state.settings.csms == 1) {
                unacknowledged = Optional.of(incoming);
                acknowledgeBy = System.nanoTime() + ACKNOWLEDGE.toNanos();
            } else {
                receivedCount++;
                incoming.answer().accept(Reception.DELIVERED);
            }
            return true;
        }
        if (!arrivals.hasRoom(parcel)) {
            incoming.answer().accept(Reception.ABSENT);
            return true;
        }
        tell(arrivals.store(parcel));
        receivedCount++;
        incoming.answer().accept(Reception.DELIVERED);
        return true;
    }

    // ---- faults ----

    private void apply(Change change) {
        change.airTime().ifPresent(wanted -> airTime = wanted);
        if (change.fault().isEmpty()) {
            return;
        }
        var was = state.fault;
        state.fault = change.fault().get();
        if (state.fault.equals(was)) {
            return;
        }
        LOG.info("modem={} fault={}", identity.name(), state.fault.label());
        if (was instanceof Fault.PinRequired) {
            state.sim.unlock();
        }
        switch (state.fault) {
            case Fault.Unplugged _ -> unplug();
            case Fault.Hung _ -> {
                silence();
                absentAll();
            }
            case Fault.PinRequired _ -> state.sim.lock(change.pin());
            case Fault.None _, Fault.NoNetwork _, Fault.StorageFull _, Fault.Refuse _ -> {}
        }
        if (!(state.fault instanceof Fault.Unplugged) && pty.isEmpty()) {
            firmware.powerOn();
            plugIn();
        }
        if (state.fault instanceof Fault.PinRequired) {
            tell(List.of("+CPIN: SIM PIN"));
        } else if (was instanceof Fault.PinRequired) {
            tell(List.of("+CPIN: READY"));
        }
        boolean hadNetwork = !(was instanceof Fault.NoNetwork || was instanceof Fault.PinRequired);
        boolean hasNetwork = !(state.fault instanceof Fault.NoNetwork || state.fault instanceof Fault.PinRequired);
        if (hadNetwork != hasNetwork) {
            firmware.tellRegistration();
        }
        smsc.alert(identity.number());
    }

    private void startAnew() {
        firmware.powerOn();
        unsolicited.clear();
        fail();
        if (state.fault instanceof Fault.PinRequired) {
            state.sim.lock(Optional.empty());
        }
        tell(List.of("RDY"));
        tell(List.of("+CFUN: 1"));
        tell(List.of(state.fault instanceof Fault.PinRequired ? "+CPIN: SIM PIN" : "+CPIN: READY"));
        tell(List.of("Call Ready"));
        tell(List.of("SMS Ready"));
        smsc.alert(identity.number());
    }

    private final class Surroundings implements Around {
        @Override
        public void unsolicited(List<String> lines) {
            tell(lines);
        }

        @Override
        public void unsolicitedLater(List<String> lines) {
            later.addLast(new Later(System.nanoTime() + USSD.toNanos(), lines));
        }

        @Override
        public void alert() {
            smsc.alert(identity.number());
        }

        @Override
        public boolean acknowledged(boolean positive) {
            if (unacknowledged.isEmpty()) {
                return false;
            }
            var incoming = unacknowledged.get();
            unacknowledged = Optional.empty();
            if (positive) {
                receivedCount++;
            }
            incoming.answer().accept(positive ? Reception.DELIVERED : Reception.FAILED);
            return true;
        }

        @Override
        public void reset() {
            resetting = true;
        }
    }
}
