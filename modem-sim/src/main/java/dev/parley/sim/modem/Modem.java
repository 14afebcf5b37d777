package dev.parley.sim.modem;

import dev.parley.sim.network.Parcel;
import dev.parley.sim.network.Reception;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.Station;
import dev.parley.sim.pty.Doorbell;
import java.io.IOException;
import java.nio.file.Path;
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

/// One stick: its thread, what the network brings it, what it says unasked, and its faults.
public final class Modem implements Station, AutoCloseable {

    /// As long as a short message takes on a good day.
    public static final Duration AIR_TIME = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(Modem.class);

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

    private final Identity identity;
    private final Smsc smsc;
    private final Path link;
    private final Doorbell doorbell;
    private final Thread thread;
    private final State state = new State();
    private final Arrivals arrivals = new Arrivals(state);
    private final Port port;
    private final Firmware firmware;
    private final Dialogue dialogue;
    private final Queue<Incoming> arriving = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();

    // The rest is the modem thread's own, but for what is volatile.
    private final Deque<Incoming> held = new ArrayDeque<>();
    private final Deque<List<String>> unsolicited = new ArrayDeque<>();
    private final Deque<Later> later = new ArrayDeque<>();
    private Optional<Incoming> unacknowledged = Optional.empty();
    private long acknowledgeBy;
    private boolean resetting;
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
        port = new Port(link);
        doorbell = new Doorbell();
        firmware = new Firmware(identity, smsc, state, new Surroundings());
        dialogue = new Dialogue(identity.name(), AIR_TIME, state, firmware, port, this::lineDone);
        port.plugIn();
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
        port.write();
        status = snapshot();
        if (orders.isEmpty() && arriving.isEmpty() && !closing) {
            port.await(doorbell, !dialogue.isOnAir(), nanosToNext());
        }
    }

    private Status snapshot() {
        return new Status(
                port.path(),
                dialogue.airTime(),
                state.fault,
                port.isInUse(),
                state.sim.sm().used(),
                state.sim.sm().capacity(),
                dialogue.sentCount(),
                receivedCount);
    }

    private long nanosToNext() {
        long now = System.nanoTime();
        long nanos = dialogue.nanosToNext(now);
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
        dialogue.passTime(now);
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

    private void unplug() {
        if (port.isPluggedIn()) {
            silence();
            port.unplug();
            absentAll();
        }
    }

    /// What was not read, written or told yet is dropped.
    private void silence() {
        port.clear();
        unsolicited.clear();
        fail();
    }

    private void fail() {
        var failed = unacknowledged;
        unacknowledged = Optional.empty();
        failed.ifPresent(incoming -> incoming.answer().accept(Reception.FAILED));
    }

    private void absentAll() {
        dialogue.stop();
        later.clear();
        for (var incoming = held.poll(); incoming != null; incoming = held.poll()) {
            incoming.answer().accept(Reception.ABSENT);
        }
    }

    private void read() throws IOException {
        if (port.noteUsers()) {
            // Nobody has it open any more: what was begun is dropped, as when DTR goes low.
            dialogue.hangUp();
            silence();
        }
        if (state.fault instanceof Fault.Hung) {
            port.ignoreInput();
            return;
        }
        while (!dialogue.isOnAir() && port.hasInput()) {
            dialogue.take(port.take());
        }
    }

    private void lineDone() {
        if (resetting) {
            resetting = false;
            startAnew();
        }
    }

    // ---- what it says ----

    /// Takes note of something that nobody asked for; nobody there means that nobody hears it.
    private void tell(List<String> lines) {
        if (port.isInUse() && !(state.fault instanceof Fault.Hung) && !lines.isEmpty()) {
            if (unsolicited.size() >= UNSOLICITED_MAX) {
                unsolicited.removeFirst();
            }
            unsolicited.addLast(lines);
        }
    }

    private void tellUnsolicited() {
        while (dialogue.isBetweenLines() && !unsolicited.isEmpty() && !isBuffering()) {
            port.put("\r\n" + String.join("\r\n", unsolicited.removeFirst()) + "\r\n");
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
        return port.isPluggedIn() && !(state.fault instanceof Fault.Hung) && state.isRegistered();
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
                && dialogue.isOnAir()
                && !smsc.settings().receiptBeforeResponse()) {
            return false;
        }
        if (arrivals.showsDirectly(parcel) && port.isInUse()) {
            if (!dialogue.isBetweenLines() || unacknowledged.isPresent() || state.settings.cnmiMode == 0) {
                return false;
            }
            port.put("\r\n" + String.join("\r\n", arrivals.shown(parcel)) + "\r\n");
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
        change.airTime().ifPresent(dialogue::airTime);
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
        if (!(state.fault instanceof Fault.Unplugged) && !port.isPluggedIn()) {
            firmware.powerOn();
            port.plugIn();
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
