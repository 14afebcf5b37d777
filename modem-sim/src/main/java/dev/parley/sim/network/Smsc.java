package dev.parley.sim.network;

import dev.parley.sms.Address;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Dcs;
import dev.parley.sms.Segment;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.UserData;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The short message service centre: takes messages from phones, modems and SMPP systems, keeps them, hands them on and
/// reports.
///
/// A text to a modem's number reaches that modem. A phone's text to any other number reaches the SMPP system, if one is
/// bound or was, else the phone of that number; an SMPP system's or a modem's text reaches a phone, unless an SMPP
/// system
/// uses that number as its own.
public final class Smsc implements AutoCloseable {

    /// Phones in memory; another number than these is refused.
    public static final int HANDSETS_MAX = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Smsc.class);

    private static final long FIRST_ID = 1_000_001;

    /// What a phone sent, as the SMSC took it.
    public sealed interface Texted {
        record Sent(int parts, String encoding) implements Texted {}

        record TooLong(int parts) implements Texted {}

        record NotTaken(String why) implements Texted {}
    }

    /// What the SMSC has seen since it started.
    ///
    /// @param submitted by modems and SMPP systems
    /// @param waiting not with their recipients yet
    public record Counts(long submitted, long delivered, long failed, long expired, long reports, long waiting) {}

    private final ScheduledThreadPoolExecutor clock;
    private final Map<String, Handset> handsets = new ConcurrentHashMap<>();
    private final Map<String, Station> sticks = new ConcurrentHashMap<>();
    private final Map<String, Mailbox> texts = new ConcurrentHashMap<>();
    private final Map<String, Mailbox> systemTexts = new ConcurrentHashMap<>();
    private final Map<Origin, Mailbox> reports = new ConcurrentHashMap<>();
    private final List<Esme> bound = new CopyOnWriteArrayList<>();
    private final Set<String> systemNumbers = ConcurrentHashMap.newKeySet();
    private final Map<Long, ScheduledFuture<?>> scheduled = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicLong nextId = new AtomicLong(FIRST_ID);
    private final AtomicLong submitted = new AtomicLong();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();
    private final AtomicLong reported = new AtomicLong();
    private final Station anySystem = new AnySystem();
    private final Journal journal = new Journal();
    private volatile boolean everBound;
    private volatile SmscSettings settings = SmscSettings.USUAL;
    private volatile BiConsumer<ShortMessage, Integer> observer = (_, _) -> {};

    public Smsc() {
        clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("smsc-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    public SmscSettings settings() {
        return settings;
    }

    public void settings(SmscSettings settings) {
        this.settings = settings;
    }

    public Counts counts() {
        long waiting = scheduled.size();
        for (var mailbox : texts.values()) {
            waiting += mailbox.size();
        }
        for (var mailbox : systemTexts.values()) {
            waiting += mailbox.size();
        }
        return new Counts(submitted.get(), delivered.get(), failed.get(), expired.get(), reported.get(), waiting);
    }

    // ---- phones ----

    /// Every phone in use, by number.
    public List<Handset> handsets() {
        return List.copyOf(new TreeMap<>(handsets).values());
    }

    public Optional<Handset> handset(String number) {
        return Optional.ofNullable(handsets.get(number));
    }

    /// The phone with this number, which exists from now on.
    public Handset used(String number) {
        var known = handsets.get(number);
        if (known != null) {
            return known;
        }
        if (handsets.size() >= HANDSETS_MAX) {
            throw new IllegalStateException("more than " + HANDSETS_MAX + " phones");
        }
        return handsets.computeIfAbsent(number, _ -> new Handset(number, this::autoReply, this::shown));
    }

    /// What happens, for whoever watches.
    public Journal journal() {
        return journal;
    }

    /// Parts that wait for a phone that is off.
    public int waitingFor(String number) {
        var mailbox = texts.get(number);
        return mailbox == null ? 0 : mailbox.size();
    }

    private void shown(Handset handset, Received text) {
        journal.note(
                "text",
                Map.of(
                        "phone", handset.number(),
                        "direction", "in",
                        "peer", text.from(),
                        "text", text.text(),
                        "parts", text.parts(),
                        "encoding", text.encoding()));
    }

    public void change(Handset handset, Handset.Settings settings) {
        handset.settings(settings);
        var mailbox = texts.get(handset.number());
        if (mailbox != null) {
            mailbox.alert();
        }
    }

    /// A phone sends a text, in as many parts as it takes.
    public Texted text(Handset from, String to, String text) {
        return text(from, to, text, false);
    }

    private Texted text(Handset from, String to, String text, boolean automatic) {
        if (Address.wrongWith(to).isPresent()) {
            return new Texted.NotTaken(Address.wrongWith(to).get());
        }
        var split = Segmenter.split(text, SplitOptions.plain(from.nextReference()));
        return switch (split) {
            case Split.TooLong(int parts) -> new Texted.TooLong(parts);
            case Split.Parts parts -> {
                for (Segment segment : parts.segments()) {
                    var refused = taken(from, automatic, to, 0, Dcs.of(segment.alphabet()), UserData.of(segment));
                    if (refused.isPresent()) {
                        yield refused.get();
                    }
                }
                journal.note(
                        "text",
                        Map.of(
                                "phone",
                                from.number(),
                                "direction",
                                "out",
                                "peer",
                                to,
                                "text",
                                text,
                                "parts",
                                parts.segments().size(),
                                "encoding",
                                parts.alphabet().label()));
                yield new Texted.Sent(parts.segments().size(), parts.alphabet().label());
            }
        };
    }

    /// A phone, or a machine with a SIM, sends 8-bit data: a WAP push, a ring tone, a setting. What
    /// does not fit one message is sent in parts.
    ///
    /// @param port of the program that it is for, 0 to 65535; empty for data without a header
    /// @param pid TP-PID, 0 to 255
    public Texted data(Handset from, String to, byte[] data, Optional<Integer> port, int pid) {
        if (Address.wrongWith(to).isPresent()) {
            return new Texted.NotTaken(Address.wrongWith(to).get());
        }
        var parts = DataParts.of(data, port, from.nextReference());
        if (parts.size() > DataParts.PARTS_MAX) {
            return new Texted.TooLong(parts.size());
        }
        for (var part : parts) {
            var refused = taken(from, false, to, pid, Dcs.of(Alphabet.DATA8), part);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        return new Texted.Sent(parts.size(), Alphabet.DATA8.label());
    }

    private Optional<Texted.NotTaken> taken(
            Handset from, boolean automatic, String to, int pid, Dcs dcs, UserData userData) {
        var submission = new Submission(
                new Origin.Phone(from.number(), automatic),
                Address.ofNumber(from.number()),
                Address.ofNumber(to),
                pid,
                dcs,
                userData,
                Optional.empty(),
                ReportWish.NONE,
                0);
        return switch (submit(submission)) {
            case Submitted.Accepted _ -> Optional.empty();
            case Submitted.NoSuchNumber _ -> Optional.of(new Texted.NotTaken("Nobody has the number " + to + "."));
            case Submitted.Congested _ ->
                Optional.of(new Texted.NotTaken("Too many texts wait for " + to + " already."));
        };
    }

    private void autoReply(Handset handset, ShortMessage received) {
        var answersItself = received.origin() instanceof Origin.Phone(var _, boolean automatic) && automatic;
        var reply = handset.settings().autoReply();
        if (reply.isEmpty() || answersItself || received.from().isName()) {
            return;
        }
        var texted = text(handset, received.from().number(), reply.get(), true);
        if (!(texted instanceof Texted.Sent)) {
            LOG.warn("an automatic reply was not taken: {}", texted);
        }
    }

    // ---- modems ----

    /// A SIM card with its number comes into the network.
    public void attach(String number, Station stick) {
        sticks.put(number, stick);
    }

    /// The phone, modem or system can be reached again, or has room again.
    public void alert(String number) {
        for (var mailbox : new Mailbox[] {texts.get(number), reports.get(new Origin.Stick(number))}) {
            if (mailbox != null) {
                mailbox.alert();
            }
        }
    }

    // ---- SMPP systems ----

    public void bind(Esme session) {
        bound.add(session);
        if (session.mayReceive()) {
            everBound = true;
            alertSystems();
        }
    }

    public void unbind(Esme session) {
        bound.remove(session);
    }

    private void alertSystems() {
        systemTexts.values().forEach(Mailbox::alert);
        reports.forEach((origin, mailbox) -> {
            if (origin instanceof Origin.SmppSystem) {
                mailbox.alert();
            }
        });
    }

    private Optional<Esme> receiver(Optional<String> systemId) {
        var able = bound.stream()
                .filter(Esme::mayReceive)
                .filter(session -> systemId.isEmpty() || systemId.get().equals(session.systemId()))
                .toList();
        return able.isEmpty()
                ? Optional.empty()
                : Optional.of(able.get(Math.floorMod(turn.getAndIncrement(), able.size())));
    }

    /// Texts to a system's numbers go to any session that may receive, one at a time for each number: their order is
    /// part of what the network promises.
    private final class AnySystem implements Station {
        @Override
        public void deliver(Parcel parcel, Consumer<Reception> answer) {
            var session = receiver(Optional.empty());
            if (session.isPresent()) {
                session.get().deliver(parcel, answer);
            } else {
                answer.accept(Reception.ABSENT);
            }
        }
    }

    /// Receipts have no order among themselves.
    private record Receipts(Smsc smsc, String systemId) implements Station {
        @Override
        public int window() {
            return smsc.receiver(Optional.of(systemId)).map(Esme::window).orElse(1);
        }

        @Override
        public void deliver(Parcel parcel, Consumer<Reception> answer) {
            var session = smsc.receiver(Optional.of(systemId));
            if (session.isPresent()) {
                session.get().deliver(parcel, answer);
            } else {
                answer.accept(Reception.ABSENT);
            }
        }
    }

    // ---- store and forward ----

    /// Takes a message. It is kept before this returns.
    public Submitted submit(Submission submission) {
        var origin = submission.origin();
        if (submission.to().isName() || submission.to().number().isEmpty()) {
            return new Submitted.NoSuchNumber();
        }
        if (origin instanceof Origin.SmppSystem) {
            systemNumbers.add(submission.from().number());
        }
        var now = Instant.now();
        var latest = now.plus(settings.validityMax());
        var message = new ShortMessage(
                nextId.getAndIncrement(),
                origin,
                submission.from(),
                submission.to(),
                submission.pid(),
                submission.dcs(),
                submission.userData(),
                now,
                submission.expires().filter(latest::isAfter).orElse(latest),
                submission.wish(),
                submission.mr());
        if (submission.notBefore().filter(now::isBefore).isPresent()) {
            schedule(message, submission.notBefore().get());
        } else if (!mailboxFor(message).add(new Parcel.Text(message))) {
            return new Submitted.Congested();
        }
        if (!(origin instanceof Origin.Phone)) {
            submitted.incrementAndGet();
        }
        return new Submitted.Accepted(message);
    }

    private void schedule(ShortMessage message, Instant at) {
        Runnable begin = () -> {
            if (scheduled.remove(message.id()) != null && !mailboxFor(message).add(new Parcel.Text(message))) {
                failed.incrementAndGet();
                report(message, Parcel.Report.REJECTED);
            }
        };
        // In one step for the clock's thread, which may be there before the entry is.
        scheduled.compute(
                message.id(),
                (_, _) -> clock.schedule(
                        begin, Duration.between(Instant.now(), at).toMillis(), TimeUnit.MILLISECONDS));
    }

    /// Takes a message back that its recipient does not have yet.
    ///
    /// @return false if there is no such message any more
    public boolean cancel(ShortMessage message) {
        if (scheduled.remove(message.id()) != null || mailboxFor(message).cancel(message.id())) {
            report(message, Parcel.Report.DELETED);
            return true;
        }
        return false;
    }

    private Mailbox mailboxFor(ShortMessage message) {
        var number = subscriber(message.to().number());
        var stick = sticks.get(number);
        if (stick != null) {
            return texts.computeIfAbsent(number, _ -> new Mailbox(stick, new TextOutcome(), clock));
        }
        boolean toSystem = switch (message.origin()) {
            case Origin.Phone _ -> everBound;
            case Origin.Stick _, Origin.SmppSystem _ -> systemNumbers.contains(number);
        };
        if (toSystem) {
            systemNumbers.add(number);
            return systemTexts.computeIfAbsent(number, _ -> new Mailbox(anySystem, new TextOutcome(), clock));
        }
        return texts.computeIfAbsent(number, _ -> new Mailbox(used(number), new TextOutcome(), clock));
    }

    /// Somebody may write a number of the network's without its `+`.
    private String subscriber(String number) {
        if (!number.startsWith("+")) {
            var international = "+" + number;
            if (sticks.containsKey(international) || handsets.containsKey(international)) {
                return international;
            }
        }
        return number;
    }

    /// Tells of each outcome, final or not, whether or not its sender wants to hear of it.
    ///
    /// @param observer gets the message and the TP-ST; must not block
    public void observe(BiConsumer<ShortMessage, Integer> observer) {
        this.observer = observer;
    }

    private void report(ShortMessage message, int status) {
        observer.accept(message, status);
        if (message.wish().wants(status)) {
            tell(message, status);
        }
    }

    /// The recipient cannot be reached yet. Its sender hears of that if it asked to, or if this SMSC
    /// tells everybody who wants to hear of all outcomes.
    private void deferred(ShortMessage message) {
        observer.accept(message, Parcel.Report.STILL_TRYING);
        var wish = message.wish();
        if (wish.intermediate() || (settings.temporaryReports() && wish.success() && wish.failure())) {
            tell(message, Parcel.Report.STILL_TRYING);
        }
    }

    private void tell(ShortMessage message, int status) {
        var report = new Parcel.Report(message, status, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        var delay = settings.receiptDelay();
        if (delay.isZero()) {
            post(report);
        } else {
            var _ = clock.schedule(() -> post(report), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void post(Parcel.Report report) {
        var mailbox = switch (report.message().origin()) {
            case Origin.Phone _ -> Optional.<Mailbox>empty();
            case Origin.Stick origin ->
                Optional.ofNullable(sticks.get(origin.number()))
                        .map(stick ->
                                reports.computeIfAbsent(origin, _ -> new Mailbox(stick, new ReportOutcome(), clock)));
            case Origin.SmppSystem origin ->
                Optional.of(reports.computeIfAbsent(
                        origin, _ -> new Mailbox(new Receipts(this, origin.systemId()), new ReportOutcome(), clock)));
        };
        if (mailbox.isPresent() && !mailbox.get().add(report)) {
            LOG.warn("a report was dropped: {} wait already", Mailbox.WAITING_MAX);
        }
    }

    private final class TextOutcome implements Mailbox.Outcome {
        @Override
        public void delivered(Parcel parcel) {
            delivered.incrementAndGet();
            report(parcel.message(), Parcel.Report.DELIVERED);
        }

        @Override
        public void rejected(Parcel parcel) {
            failed.incrementAndGet();
            report(parcel.message(), Parcel.Report.REJECTED);
        }

        @Override
        public void expired(Parcel parcel) {
            expired.incrementAndGet();
            report(parcel.message(), Parcel.Report.EXPIRED);
        }

        @Override
        public void deferred(Parcel parcel) {
            Smsc.this.deferred(parcel.message());
        }
    }

    private final class ReportOutcome implements Mailbox.Outcome {
        @Override
        public void delivered(Parcel parcel) {
            reported.incrementAndGet();
        }

        @Override
        public void rejected(Parcel parcel) {
            LOG.warn("a report was refused: message={}", parcel.message().id());
        }

        @Override
        public void expired(Parcel parcel) {
            throw new IllegalStateException("a report has no validity");
        }

        @Override
        public void deferred(Parcel parcel) {}
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
