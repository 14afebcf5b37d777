package dev.parley.modem;

import com.fazecast.jSerialComm.SerialPort;
import dev.parley.at.Cpms;
import dev.parley.link.Console;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkNews;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.Storage;
import dev.parley.link.SubmitOutcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A GSM modem on a serial port.
///
/// One platform thread, named for the link, owns the modem; what others want is left for it in one place
/// for a part and in a few flags, and it is woken.
public final class ModemLink implements Link, Console {
    private static final Logger log = LoggerFactory.getLogger(ModemLink.class);

    /// How long to leave alone a modem that does not answer, after the port was closed.
    private static final Duration SILENT_PAUSE = Duration.ofSeconds(2);

    /// After a mistake of ours.
    private static final Duration BUG_PAUSE = Duration.ofSeconds(5);

    /// How much longer than the hand-over in progress may take the end of the thread is waited for.
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    /// Longer than the network has for its answer.
    private static final Duration USSD_MAX = Session.USSD_ANSWER.plusSeconds(5);

    private static final Duration COMMAND_MAX = Session.COMMAND_ANSWER.plusSeconds(5);

    private final String name;
    private final ModemSettings settings;
    private final PinMemory pins;
    private final Clock clock;
    private final ModemFinder finder;

    private final BlockingQueue<Input> inbox = new ArrayBlockingQueue<>(Port.INBOX_MAX);
    private final AtomicReference<@Nullable Submission> waiting = new AtomicReference<>();
    private final AtomicReference<@Nullable Question> asked = new AtomicReference<>();
    private volatile LinkStatus status;
    private volatile Optional<Storage> storage = Optional.empty();
    private volatile boolean paused;
    private volatile boolean reopen;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    // Of the owning thread alone
    private final LinkNews news;
    private final Lasting lasting;
    private Optional<Path> at = Optional.empty();

    /// @param name the link's name in the configuration
    /// @param pins where it is remembered which PINs were refused
    public ModemLink(String name, ModemSettings settings, PinMemory pins, Clock clock) {
        this(name, settings, pins, clock, new ModemFinder(ModemProbe::modemPorts));
    }

    ModemLink(String name, ModemSettings settings, PinMemory pins, Clock clock, ModemFinder finder) {
        this.finder = finder;
        this.name = name;
        this.settings = settings;
        this.pins = pins;
        this.clock = clock;
        this.news = new LinkNews(log, name);
        this.lasting = new Lasting(name);
        this.status = LinkStatus.of(LinkState.DISCONNECTED, "", clock.instant());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LinkKind kind() {
        return ModemKind.KIND;
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    /// A modem does one thing at a time.
    @Override
    public int window() {
        return 1;
    }

    @Override
    public Runnable submit(OutboundPart part, Consumer<SubmitOutcome> told) {
        var handingOver = Thread.ofVirtual().name("submit-" + name).start(() -> {
            SubmitOutcome outcome;
            try {
                outcome = submit(part);
            } catch (InterruptedException e) {
                outcome = new SubmitOutcome.NotHandedOver("Parley is stopping");
            } catch (RuntimeException e) {
                outcome = new SubmitOutcome.Uncertain("a mistake of ours: " + e);
            }
            told.accept(outcome);
        });
        return handingOver::interrupt;
    }

    /// The same, and waits for the outcome. An interrupt ends only the wait for the modem's attention; once the
    /// hand-over has begun it is held off until the outcome is known.
    ///
    /// @throws InterruptedException if interrupted before anything was handed over
    SubmitOutcome submit(OutboundPart part) throws InterruptedException {
        if (!takesParts()) {
            return notReady();
        }
        var submission = new Submission(part);
        if (!waiting.compareAndSet(null, submission)) {
            return new SubmitOutcome.NotHandedOver("the modem is busy with another part");
        }
        try {
            // Whoever ends the readiness says so first and then empties the place, so that one of us
            // sees the other.
            if (!takesParts() && submission.take()) {
                return notReady();
            }
            wake();
            return submission.await();
        } finally {
            waiting.compareAndSet(submission, null);
        }
    }

    /// Asks the network something by a USSD code, such as the balance of a prepaid SIM (TS 22.090).
    /// Blocks until it has answered, at most some 25 seconds; parts wait meanwhile.
    ///
    /// @param code of `0` to `9`, `*`, `#` and `+`
    @Override
    public Console.Answer ussd(String code) throws InterruptedException {
        if (!code.matches(USSD_CODE)) {
            throw new IllegalArgumentException("USSD code " + code);
        }
        var state = status.state();
        if (state != LinkState.READY && state != LinkState.PAUSED) {
            return new Console.Answer.Refused("The link is " + state.label() + ".");
        }
        return ask(new Question(Question.Kind.USSD, code), USSD_MAX);
    }

    /// Runs a command line of a person's between the link's own. Blocks for at most some 20 seconds;
    /// parts wait meanwhile. After a command that may change a setting ([AtConsole#danger]) the link
    /// sets the modem up anew.
    ///
    /// @param line as [Console#COMMAND_LINE] has it
    @Override
    public Console.Answer command(String line) throws InterruptedException {
        if (!line.matches(COMMAND_LINE)) {
            throw new IllegalArgumentException("command line " + line);
        }
        var state = status.state();
        return switch (state) {
            case READY, PAUSED, SEARCHING, FAULT -> ask(new Question(Question.Kind.COMMAND, line), COMMAND_MAX);
            case DISCONNECTED, CONNECTING, LOCKED, CLOSED ->
                new Console.Answer.Refused(("The link is " + state.label() + ". " + status.sentence()).strip());
        };
    }

    private Console.Answer ask(Question question, Duration limit) throws InterruptedException {
        if (!asked.compareAndSet(null, question)) {
            return new Console.Answer.Refused("The modem is being asked something already.");
        }
        try {
            wake();
            return question.await(limit);
        } finally {
            asked.compareAndSet(question, null);
        }
    }

    @Override
    public Optional<Console> console() {
        return Optional.of(this);
    }

    @Override
    public boolean isLong(String line) {
        return AtConsole.isLong(line);
    }

    @Override
    public Optional<String> danger(String line) {
        return AtConsole.danger(line);
    }

    @Override
    public Optional<Storage> storage() {
        return storage;
    }

    private boolean takesParts() {
        return status.state() == LinkState.READY && !paused && !closed;
    }

    private SubmitOutcome notReady() {
        return new SubmitOutcome.NotHandedOver("the link is " + (paused ? LinkState.PAUSED : status.state()).label());
    }

    @Override
    public synchronized void start(LinkListener listener) {
        if (thread != null) {
            throw new IllegalStateException("link " + name + " has been started before");
        }
        thread = Thread.ofPlatform().name(name).start(() -> live(listener));
    }

    @Override
    public void pause() {
        paused = true;
        wake();
    }

    @Override
    public void resume() {
        paused = false;
        wake();
    }

    @Override
    public void restart() {
        reopen = true;
        wake();
    }

    @Override
    public void close() {
        closed = true;
        wake();
        var owner = thread;
        if (owner == null) {
            return;
        }
        try {
            owner.join(settings.airTimeout().plus(CLOSE_GRACE));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (owner.isAlive()) {
            log.warn("link={} does not end by itself, interrupts it", name);
            owner.interrupt();
        }
    }

    /// Has a thread run at the program's end before the serial library closes every port, which it does
    /// by a shutdown hook of its own, beside all others: a port that goes away between `AT+CMGS` and its
    /// result leaves a text of which nobody knows whether it was sent.
    public static void beforePortsClose(Thread stop) {
        SerialPort.addShutdownHook(stop);
    }

    /// An owner that has so much to read that there is no room will look at the flags soon enough.
    private void wake() {
        var _ = inbox.offer(new Input.Woken());
    }

    // The owner's thread

    private void live(LinkListener listener) {
        var owner = new Owner(listener);
        var ladder = 0;
        while (!closed) {
            reopen = false;
            try {
                var end = onPort(owner, listener);
                if (end == Ended.Next.SILENT) {
                    ladder++;
                    owner.tell(
                            LinkState.FAULT,
                            "The modem does not answer; if this lasts, unplug it and plug it in again.");
                    if (ladder >= 2) {
                        at.ifPresent(UsbReset::attempt);
                    }
                    pauseFor(SILENT_PAUSE);
                } else {
                    ladder = 0;
                }
            } catch (PortTrouble e) {
                owner.tell(
                        e.kind() == PortTrouble.Kind.MISSING ? LinkState.DISCONNECTED : LinkState.FAULT, e.sentence());
                pauseFor(settings.pace().search());
            } catch (PortGone e) {
                ladder = 0;
                owner.tell(LinkState.DISCONNECTED, "The connection to the modem was lost; plug it in again.");
                pauseFor(settings.pace().search().dividedBy(4));
            } catch (RuntimeException e) {
                log.error("link={} failed, starts anew", name, e);
                owner.tell(LinkState.FAULT, "Parley failed while it talked to the modem and starts anew; see the log.");
                pauseFor(BUG_PAUSE);
            }
        }
        owner.tell(LinkState.CLOSED, "");
    }

    private Ended.Next onPort(Owner owner, LinkListener listener) throws PortTrouble, PortGone {
        inbox.clear();
        var path = finder.find(settings.where(), settings.baud());
        at = Optional.of(path);
        try (var port = Port.open(path, settings.baud(), name, inbox)) {
            var dialogue = new Dialogue(name, port, lasting.notes::take);
            var modem = new Modem(name, settings, dialogue, lasting, owner);
            return new Session(modem, pins, clock, listener).live();
        } finally {
            lasting.notes.disconnected();
            owner.signal = Optional.empty();
            owner.operator = Optional.empty();
            storage = Optional.empty();
        }
    }

    /// Waits, unless somebody wants something.
    private void pauseFor(Duration time) {
        var until = System.nanoTime() + time.toNanos();
        try {
            for (var left = time.toNanos(); left > 0 && !closed && !reopen; left = until - System.nanoTime()) {
                var _ = inbox.poll(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            closed = true; // only close() interrupts
        }
    }

    /// The link, as its session sees it.
    final class Owner {
        private final LinkListener listener;
        Optional<Integer> signal = Optional.empty();
        Optional<String> operator = Optional.empty();

        private Owner(LinkListener listener) {
            this.listener = listener;
        }

        /// The state of the link from now on; the same again is no news.
        ///
        /// @param sentence what a person should know and can do; empty where the state says it all
        void tell(LinkState state, String sentence) {
            var before = status;
            var since = before.state() == state ? before.since() : clock.instant();
            var now = new LinkStatus(state, sentence, since, signal, operator);
            if (!now.equals(before)) {
                status = now;
                var isNews = before.state() != state || !before.sentence().equals(sentence);
                if (isNews && (!closed || state == LinkState.CLOSED)) { // a port that we close is not lost
                    news.tell(before.state(), now);
                }
                try {
                    listener.stateChanged(ModemLink.this, now);
                } catch (RuntimeException e) {
                    log.error("link={} its change to {} could not be told", name, state.label(), e);
                }
            }
            if (state != LinkState.READY) {
                // One that has been left for a modem that is not ready any more.
                takeSubmission().ifPresent(submission -> submission.outcome().complete(notReady()));
            }
        }

        /// The part that waits, if any: the caller completes it.
        Optional<Submission> takeSubmission() {
            return Optional.ofNullable(waiting.get()).filter(Submission::take);
        }

        boolean submissionWaits() {
            var submission = waiting.get();
            return submission != null && !submission.taken().get();
        }

        /// What waits to be asked, if anything.
        Optional<Question> question() {
            return Optional.ofNullable(asked.get());
        }

        void answered(Question question) {
            asked.compareAndSet(question, null);
        }

        void storage(Optional<Cpms.Usage> usage) {
            storage = usage.filter(known -> known.total() > 0).map(known -> new Storage(known.used(), known.total()));
        }

        boolean paused() {
            return paused;
        }

        /// Looks whether there is a reason to stop.
        ///
        /// @throws Ended if the link is to be closed or restarted
        void check() throws Ended {
            if (closed) {
                throw new Ended(Ended.Next.CLOSED);
            }
            if (reopen) {
                throw new Ended(Ended.Next.REOPEN);
            }
        }
    }
}
