package dev.parley.modem;

import dev.parley.at.Command;
import dev.parley.at.Cops;
import dev.parley.at.Cpms;
import dev.parley.at.Creg;
import dev.parley.at.Csca;
import dev.parley.at.Csq;
import dev.parley.at.Cusd;
import dev.parley.at.Final;
import dev.parley.at.SimState;
import dev.parley.at.UssdForm;
import dev.parley.link.Console;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A modem's life on one open port, from the first `AT` to the last octet, told top to bottom.
final class Session {
    private static final Logger log = LoggerFactory.getLogger(Session.class);

    /// A modem that was just plugged in needs up to ten seconds before it answers.
    private static final int FIRST_TRIES = 10;

    /// After so many silences it may be one that was told to be silent (V.250 §6.2.5, §6.2.6).
    private static final int MUTE_TRIES = 2;

    private static final Duration FIRST_ANSWER = Duration.ofSeconds(1);

    /// SIM800 refuses SMS commands until it has said `SMS Ready`, some 15 s after power-on.
    private static final Duration SMS_READY_MAX = Duration.ofSeconds(60);

    /// A SIM that is busy after its start is so for some seconds; beyond this the link works without
    /// what it refuses, and goes on asking.
    private static final Duration ARRANGED_MAX = Duration.ofSeconds(45);

    /// What was refused is asked for again so soon, and twice as long after each time, up to the second.
    private static final Duration ARRANGE_AGAIN = Duration.ofSeconds(4);

    private static final Duration ARRANGE_AGAIN_MAX = Duration.ofMinutes(5);

    /// A modem that says it is registered, and then that there is no network, is asked no faster than
    /// this.
    private static final Duration NO_NETWORK_MAX = Duration.ofMinutes(1);

    /// How long the network may take to answer a USSD code; most do in five seconds.
    static final Duration USSD_ANSWER = Duration.ofSeconds(20);

    /// So many parts in a row without a result, and the modem is told to start anew.
    private static final int SILENCES_MAX = 2;

    /// A change of signal by less is no news.
    private static final int SIGNAL_STEP_DB = 4;

    /// What a modem says of a USSD code in a form that it does not take: not allowed, not supported,
    /// invalid characters, incorrect parameters, unknown, retry (TS 27.007 §9.2.1; 258 is SIM7600's).
    private static final Set<Integer> REFUSES_FORM = Set.of(Final.NO_CODE, 3, 4, 25, 50, 100, 258);

    /// Who may say that the modem is registered, for calls, for packets, in LTE and in 5G.
    private static final List<String> NETWORKS = List.of("AT+CREG?", "AT+CEREG?", "AT+CGREG?", "AT+C5GREG?");

    /// How long a command of a person's may keep the modem from its work.
    static final Duration COMMAND_ANSWER = Duration.ofSeconds(15);

    private final String link;
    private final PinMemory pins;
    private final Clock clock;
    private final LinkListener listener;
    private final ModemLink.Owner owner;
    private final Lasting lasting;
    private final Parking parking;
    private final Notes notes;
    private final ModemSettings.Pace pace;
    private final Modem modem;

    private Dialect dialect = Dialect.GENERIC;
    private Arrangement arrangement = Arrangement.NONE;
    private Duration arrangeAgain = ARRANGE_AGAIN;
    private long arrangeAt;
    private final Readback readback = new Readback();
    private boolean simBusy;
    private boolean smscMissing;
    private boolean resetDue;
    private long smscAt;
    private long lookAt;
    private String registeredBy = NETWORKS.getFirst();
    private Duration noNetworkFor = Duration.ZERO;

    /// As far as the modem has told.
    private Optional<Creg> registration = Optional.empty();

    private int silences;

    Session(Modem modem, PinMemory pins, Clock clock, LinkListener listener) {
        this.link = modem.link();
        this.pins = pins;
        this.clock = clock;
        this.listener = listener;
        this.owner = modem.owner();
        this.lasting = modem.lasting();
        this.parking = lasting.parking;
        this.notes = lasting.notes;
        this.pace = modem.pace();
        this.modem = modem;
    }

    /// Lives until the port has to be closed.
    ///
    /// @return [Ended.Next#SILENT] if the modem does not answer, even after it was told to start anew
    Ended.Next live() throws PortGone {
        try {
            var talks = talks();
            while (talks) {
                try {
                    begin();
                    serve();
                } catch (Ended e) {
                    talks = switch (e.next()) {
                        case START_OVER -> talks();
                        case SILENT -> revived();
                        case REOPEN, CLOSED -> throw e;
                    };
                }
            }
            return Ended.Next.SILENT;
        } catch (Ended e) {
            return e.next();
        }
    }

    // Talking at all

    private boolean talks() throws PortGone, Ended {
        for (var i = 0; i < FIRST_TRIES; i++) {
            owner.check();
            if (modem.dialogue().answers(1, shorter(FIRST_ANSWER, pace.answer()))) {
                return true;
            }
            if (i >= MUTE_TRIES) {
                // Somebody may have left it without words, or with numbers.
                modem.dialogue().shout(Command.of("ATQ0V1"));
            }
        }
        return false;
    }

    /// The first rung of the ladder: the modem is told to start anew, in case that it hears what it does
    /// not answer.
    private boolean revived() throws PortGone, Ended {
        log.warn("link={} the modem does not answer, tells it to start anew", link);
        owner.tell(LinkState.FAULT, "The modem does not answer; Parley tries to restart it.");
        modem.dialogue().shout(dialect.reset);
        return talks();
    }

    // Start-up

    private void begin() throws PortGone, Ended {
        modem.dialogue().forgetBoot();
        notes.begin();
        lasting.late.giveUp();
        if (!parking.isParked()) {
            owner.tell(LinkState.CONNECTING, "");
        }
        modem.ask("ATE0"); // some keep their echo all the same, which the grammar does not mind
        patiently("AT+CMEE=1");
        identify();
        for (var command : dialect.init) {
            modem.ask(command);
        }
        switchOn();
        new SimGate(modem, pins).pass(dialect);
        readyForMessages();
        arrangeMessages();
        modem.ask("AT+CREG=1");
        registration = Optional.empty();
        if (!knowsSmsc()) {
            log.warn("link={} the SIM names no SMSC; if sending fails, set it with AT+CSCA", link);
        }
        readback.begin(modem);
    }

    private boolean knowsSmsc() throws PortGone, Ended {
        return Csca.address(modem.ask("AT+CSCA?")).isPresent();
    }

    private void identify() throws PortGone, Ended {
        var manufacturer = modem.ask(Command.text("AT+CGMI"), pace.answer()).firstLine();
        var model = modem.ask(Command.text("AT+CGMM"), pace.answer()).firstLine();
        var configured = modem.settings().dialect();
        dialect = configured.orElseGet(() -> Dialect.of(manufacturer, model));
        log.info(
                "link={} modem \"{}\" \"{}\", dialect {}{}",
                link,
                manufacturer,
                model,
                dialect,
                configured.isPresent() ? " (configured)" : "");
    }

    /// Repeats a command that is refused because the modem is not done with its start (`+CME ERROR: 14`
    /// and 515).
    private void patiently(String command) throws PortGone, Ended {
        for (var i = 0; i < 10 && SimState.isBusy(modem.ask(command)); i++) {
            modem.pause(pace.recheck());
        }
    }

    /// `+CFUN` 0 and 4 mean that the radio is off (TS 27.007 §8.2).
    private void switchOn() throws PortGone, Ended {
        var functionality = modem.ask("AT+CFUN?").firstLine();
        if (functionality.equals("0") || functionality.equals("4")) {
            log.info("link={} switches the radio on", link);
            modem.askSlowly(Command.of("AT+CFUN=1"));
        }
    }

    /// PDU mode, once the modem takes SMS commands at all.
    private void readyForMessages() throws PortGone, Ended {
        var until = System.nanoTime() + SMS_READY_MAX.toNanos();
        var saidReady = false;
        while (!modem.ask("AT+CMGF=0").ok()) {
            if (System.nanoTime() > until) {
                owner.tell(LinkState.FAULT, "The modem refuses PDU mode (AT+CMGF=0); use another modem.");
            }
            if (notes.smsReady.take().isPresent() && !saidReady) {
                saidReady = true; // once: it may say so all day
            } else {
                modem.pause(pace.recheck());
            }
        }
    }

    /// Where messages go and how they are told. A SIM that is busy now is asked again until it is not:
    /// who is ready can receive.
    private void arrangeMessages() throws PortGone, Ended {
        var until = in(ARRANGED_MAX);
        arrangement = arranger().arrange();
        while (arrangement.missing() == Arrangement.Missing.SOON && !due(until)) {
            modem.pause(pace.recheck());
            arrangement = arranger().arrange();
        }
        log.debug("link={} reads and empties {}", link, arrangement.memories());
        arrangeAgain = ARRANGE_AGAIN;
        arrangeAt = in(arrangeAgain);
        if (arrangement.polls()) {
            log.info("link={} the modem cannot tell of new messages; it is asked for them", link);
        }
        if (arrangement.memories().isEmpty()) {
            log.warn("link={} the modem has no memory for messages: it can send and not receive", link);
        }
        notes.listEverything();
    }

    private Arranger arranger() {
        return new Arranger(modem, dialect);
    }

    /// What was refused is asked again, ever more seldom: "not yet" is not "never".
    private void arrangeAgain(Mailbox mailbox) throws PortGone, Ended {
        var now = arranger().arrange();
        mailbox.arrange(now);
        if (!now.equals(arrangement)) {
            log.info(
                    "link={} the modem takes now what it refused: reads {}{}",
                    link,
                    now.memories(),
                    now.polls() ? "" : ", tells of messages");
            arrangement = now;
            notes.listEverything();
        }
        arrangeAgain = shorter(arrangeAgain.multipliedBy(2), ARRANGE_AGAIN_MAX);
        arrangeAt = in(arrangeAgain);
    }

    // Service

    private void serve() throws PortGone, Ended {
        var mailbox = new Mailbox(modem, listener, clock, arrangement);
        var submitter = new Submitter(modem, clock);
        lookAt = System.nanoTime();
        var healthAt = System.nanoTime();
        var sweepAt = in(arrangement.polls() ? pace.poll() : pace.sweep());
        var glanceAt = in(pace.poll());
        var saidReady = false;
        var examinedAt = System.nanoTime();
        while (true) {
            owner.check();
            modem.stillTheSame();
            takeNotes();
            if (notes.smsReady.take().isPresent() && !saidReady) {
                saidReady = true;
                healthAt = System.nanoTime(); // all that a modem says that sets its speed by the first `AT`
            }
            if (arrangement.missing() != Arrangement.Missing.NOTHING && due(arrangeAt)) {
                arrangeAgain(mailbox);
                sweepAt = sooner(sweepAt, in(arrangement.polls() ? pace.poll() : pace.sweep()));
            }
            if (!registered() && due(lookAt)) {
                askForNetwork();
                lookAt = in(pace.recheck());
                if (registered()) {
                    healthAt = System.nanoTime();
                }
            }
            if (due(healthAt)) {
                examine(mailbox);
                examinedAt = System.nanoTime();
                healthAt = in(pace.health());
            }
            switchRadio();
            if (parking.isParked() && due(parkedUntil())) {
                unpark();
            }
            announce(mailbox);
            if (due(sweepAt)) {
                notes.listEverything();
                sweepAt = in(arrangement.polls() ? pace.poll() : pace.sweep());
            } else if (!notes.tells() && !arrangement.polls() && due(glanceAt)) {
                mailbox.look(); // it has not shown yet that it tells
                glanceAt = in(pace.poll());
            }
            if (mailbox.dueIn().filter(Duration::isZero).isPresent()) {
                mailbox.empty();
                if (mailbox.unacknowledged.take().isPresent()
                        && arrangement.telling().isPresent()) {
                    arranger().tells(arrangement.telling().get());
                }
                if (mailbox.untold.take().isPresent() && !arrangement.polls()) {
                    log.info("link={} the modem does not tell of messages as it says; it is asked for them", link);
                    arrangement = arrangement.polling();
                    sweepAt = in(pace.poll());
                }
                announce(mailbox);
            }
            var question = owner.question();
            if (question.isPresent() && answerable(question.get())) {
                answer(question.get());
            }
            var submission = sendable() ? owner.takeSubmission() : Optional.<Submission>empty();
            if (submission.isPresent()) {
                submitter.submit(submission.get());
                judge(submitter);
                // It has just shown that it lives, though not that it has its settings.
                healthAt =
                        sooner(in(pace.health()), examinedAt + 2 * pace.health().toNanos());
                continue;
            }
            if (mailbox.dueIn().filter(Duration::isZero).isPresent()
                    || (sendable() && owner.submissionWaits())
                    || owner.question().filter(this::answerable).isPresent()) {
                continue;
            }
            var next = sooner(healthAt, sweepAt);
            next = registered() ? next : sooner(next, lookAt);
            next = notes.tells() || arrangement.polls() ? next : sooner(next, glanceAt);
            next = arrangement.missing() == Arrangement.Missing.NOTHING ? next : sooner(next, arrangeAt);
            next = parking.isParked() ? sooner(next, parkedUntil()) : next;
            next = sooner(next, lasting.search.at().orElse(next));
            var limit = Duration.ofNanos(Math.max(0, next - System.nanoTime()));
            modem.idle(mailbox.dueIn().map(mail -> shorter(mail, limit)).orElse(limit));
        }
    }

    private boolean answerable(Question question) {
        return registered() || question.kind() == Question.Kind.COMMAND;
    }

    private void answer(Question question) throws PortGone, Ended {
        Console.Answer answer = new Console.Answer.Refused("The connection to the modem broke off.");
        try {
            answer = switch (question.kind()) {
                case USSD -> ussd(question.text());
                case COMMAND -> {
                    log.info(
                            "link={} runs {} for a person",
                            link,
                            question.text().split("=", 2)[0]);
                    yield new Console.Answer.Told(modem.dialogue().console(question.text(), COMMAND_ANSWER));
                }
            };
        } finally {
            owner.answered(question);
            question.answer().complete(answer);
        }
        if (question.kind() == Question.Kind.COMMAND
                && AtConsole.danger(question.text()).isPresent()) {
            throw new Ended(Ended.Next.START_OVER); // whatever it has changed
        }
    }

    /// USSD (TS 27.007 §7.15). The answer comes as a URC, from some modems before the `OK`.
    private Console.Answer ussd(String code) throws PortGone, Ended {
        notes.ussd.take();
        var result = modem.askSlowly(dialect.ussd().command(code));
        for (var form : UssdForm.values()) {
            if (form != dialect.ussd() && refusesForm(result)) {
                result = modem.askSlowly(form.command(code));
            }
        }
        var told = result.answers().stream()
                .findFirst()
                .map(line -> Cusd.of(line.text()))
                .or(notes.ussd::take);
        var until = in(USSD_ANSWER);
        while (result.ok() && told.isEmpty() && !due(until)) {
            modem.idle(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            told = notes.ussd.take();
        }
        if (told.flatMap(Cusd::status).equals(Optional.of(1))) {
            modem.ask("AT+CUSD=2"); // it waits for an answer, which nobody gives
        }
        if (told.isPresent()) {
            return answer(told.get());
        }
        return new Console.Answer.Refused(
                result.ok()
                        ? "The network did not answer within " + USSD_ANSWER.toSeconds() + " s."
                        : "The modem refuses the code: " + result.words() + ".");
    }

    private static boolean refusesForm(Final result) {
        return switch (result) {
            case Final.PlainError _ -> true;
            case Final.CmeError(int code, var _) -> REFUSES_FORM.contains(code);
            case Final.Ok _, Final.CmsError _, Final.Silence _, Final.Rebooted _ -> false;
        };
    }

    private Console.Answer answer(Cusd cusd) {
        return switch (cusd.status().orElse(0)) {
            case 4 -> new Console.Answer.Refused("The network does not support this code.");
            case 5 -> new Console.Answer.Refused("The network took too long.");
            default ->
                cusd.text().isEmpty()
                        ? new Console.Answer.Refused("The network ended it without a text.")
                        : Console.Answer.Told.of(cusd.readable(dialect.ussd() == UssdForm.PACKED));
        };
    }

    private static boolean due(long at) {
        return System.nanoTime() - at >= 0;
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    private static long sooner(long one, long other) {
        return one - other < 0 ? one : other;
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean registered() {
        return registration.filter(Creg::registered).isPresent();
    }

    private boolean sendable() {
        return registered() && !parking.isParked() && !owner.paused();
    }

    private void announce(Mailbox mailbox) {
        owner.storage(mailbox.usage());
        if (parking.isParked()) {
            owner.tell(LinkState.FAULT, parking.why().orElseThrow());
        } else if (!registered()) {
            owner.tell(LinkState.SEARCHING, registration.map(Session::sentence).orElse(""));
        } else {
            owner.tell(owner.paused() ? LinkState.PAUSED : LinkState.READY, hints(mailbox));
        }
    }

    /// What a person should know of a link that works.
    private String hints(Mailbox mailbox) {
        var hints = new ArrayList<String>();
        parking.hint().ifPresent(hints::add);
        if (arrangement.memories().isEmpty()) {
            hints.add("The modem has no memory for messages: it can send, but cannot receive texts; use another modem"
                    + " or SIM.");
        }
        if (lasting.undeleted.isStuck()) {
            hints.add("Messages cannot be deleted from the modem or its SIM, which will be full one day and then"
                    + " receives nothing; delete them in a phone, or use another SIM.");
        }
        mailbox.usage()
                .filter(Cpms.Usage::nearlyFull)
                .ifPresent(usage -> hints.add(
                        "The modem's message storage is nearly full: " + usage.used() + " of " + usage.total() + "."));
        return String.join(" ", hints);
    }

    private static String sentence(Creg registration) {
        return "The modem is "
                + switch (registration) {
                    case DENIED -> "refused by the network; check that the SIM is active and may roam here.";
                    case EMERGENCY_ONLY -> "in a network that permits emergency calls only; check the SIM.";
                    case NOT_SEARCHING -> "not searching for a network; check the antenna and the SIM.";
                    default -> "searching for a network.";
                };
    }

    private void takeNotes() throws Ended {
        // Of which network it tells may not be the one that carries texts: that it is lost is asked for.
        notes.registration
                .take()
                .ifPresent(
                        told -> registration = Optional.of(told.registered() || !registered() ? told : Creg.UNKNOWN));
        var sim = notes.sim.take();
        if (sim.isPresent() && sim.get() != SimState.READY) {
            throw new Ended(Ended.Next.START_OVER);
        }
        notes.lateSubmission
                .take()
                .ifPresent(submission -> lasting.late
                        .came(submission)
                        .ifPresentOrElse(
                                part -> log.info("link={} part={} was sent after all: a late +CMGS", link, part),
                                () -> log.info("link={} a late +CMGS of a part that is not known any more", link)));
    }

    /// Any of them will do: a modem in an LTE or 5G network, or one that its network lets use packets
    /// alone, says so by one of the others and not by `+CREG` (TS 27.007 §7.2, §10.1), and whether it
    /// carries texts a text will show.
    private void askForNetwork() throws PortGone, Ended {
        var told = Optional.<Creg>empty();
        for (var command : NETWORKS) {
            var status = Creg.of(modem.ask(command));
            if (status.filter(Creg::registered).isPresent()) {
                registeredBy = command;
                registration = status;
                modem.ask("AT+COPS=3,0"); // names, not numbers
                owner.operator = Cops.operator(modem.askSlowly(Command.of("AT+COPS?")));
                return;
            }
            told = told.or(() -> status);
        }
        registration = told.or(() -> registration);
    }

    /// A search that does not end is taken up the ladder.
    private void switchRadio() throws PortGone, Ended {
        if (registered()) {
            lasting.search.found();
            return;
        }
        lasting.search.lost(System.nanoTime());
        var step = lasting.search.step(System.nanoTime());
        if (step.isEmpty()) {
            return;
        }
        switch (step.get()) {
            case RADIO -> {
                log.info("link={} has found no network for a while, switches the radio off and on", link);
                if (!modem.askSlowly(Command.of("AT+CFUN=4")).ok()) {
                    modem.askSlowly(Command.of("AT+CFUN=0"));
                }
                modem.askSlowly(Command.of("AT+CFUN=1"));
                lookAt = System.nanoTime();
            }
            case RESET -> reset("has found no network for long");
        }
    }

    private void reset(String why) throws PortGone, Ended {
        log.warn("link={} {}, starts the modem anew", link, why);
        modem.askSlowly(dialect.reset);
        throw new Ended(Ended.Next.START_OVER);
    }

    /// Asks an idle modem how it is, which also shows that it still answers.
    private void examine(Mailbox mailbox) throws PortGone, Ended {
        var now = Csq.dbm(modem.ask("AT+CSQ"));
        var before = owner.signal;
        if (now.isPresent() != before.isPresent()
                || (now.isPresent() && Math.abs(now.get() - before.get()) >= SIGNAL_STEP_DB)) {
            owner.signal = now;
        }
        if (registered()) {
            var status = Creg.of(modem.ask(registeredBy));
            if (status.isPresent() && !status.get().registered()) {
                registration = Optional.of(Creg.UNKNOWN); // asked again at once, in every way
                lookAt = System.nanoTime();
            }
        }
        stillHasSim();
        stillHasSettings();
        stillTells();
        mailbox.look();
    }

    /// A SIM that asks for its PIN again, or is gone, is another start. One that is busy may be just
    /// that, once.
    private void stillHasSim() throws PortGone, Ended {
        var sim = SimState.of(modem.ask("AT+CPIN?"));
        var busy = sim.filter(SimState.BUSY::equals).isPresent();
        if (sim.isPresent() && sim.get() != SimState.READY && (!busy || simBusy)) {
            log.info(
                    "link={} the SIM is not ready any more: {}", link, sim.get().words());
            throw new Ended(Ended.Next.START_OVER);
        }
        simBusy = busy;
    }

    /// In text mode `AT+CMGS=19` would send the digits of a PDU to the number 19. A modem that has
    /// started anew without a word (SIM800 that sets its speed by itself), or that somebody else talks
    /// to, may be in it, and has forgotten the rest too.
    private void stillHasSettings() throws PortGone, Ended {
        if (modem.ask("AT+CMGF?").firstLine().equals("1") || readback.isLost(modem)) {
            log.info("link={} the modem has forgotten its settings, is set up anew", link);
            throw new Ended(Ended.Next.START_OVER);
        }
    }

    /// A modem that was not acknowledged in time switches direct delivery off by itself (TS 27.005
    /// §3.4.4), whoever it was that failed to: a process that died, for one. What came since lies in the
    /// memories.
    private void stillTells() throws PortGone, Ended {
        var telling = arrangement.telling();
        if (telling.isEmpty() || arrangement.polls()) {
            return;
        }
        if (!arranger().tellsAsWanted(telling.get())) {
            log.info("link={} the modem has changed how it tells of messages, tells it again", link);
            if (!arranger().tells(telling.get())) {
                arrangement = arrangement.polling(); // it changes that for reasons of its own
            }
            notes.listEverything();
        }
    }

    // What a submission showed

    private void judge(Submitter submitter) throws PortGone, Ended {
        var verdict = submitter.verdict();
        silences = verdict == Submitter.Verdict.SILENT ? silences + 1 : 0;
        switch (verdict) {
            case FINE -> {}
            case ACCEPTED -> {
                parking.fine();
                smscMissing = false;
                noNetworkFor = Duration.ZERO;
            }
            case BOOTED -> throw new Ended(Ended.Next.START_OVER);
            case SILENT -> silent();
            case NO_NETWORK -> {
                // It may say in the same breath that it is registered: then it is not believed at once.
                registration = Optional.of(Creg.UNKNOWN);
                noNetworkFor =
                        shorter(noNetworkFor.isZero() ? pace.recheck() : noNetworkFor.multipliedBy(2), NO_NETWORK_MAX);
                lookAt = in(noNetworkFor);
            }
            case FAULT ->
                park("The modem or its SIM refuses to send (" + submitter.why() + "); Parley tries again by itself.");
            case NO_SMSC -> {
                smscMissing = true;
                park(
                        "The SIM does not name its SMSC (service centre), so that nothing can be sent: set its number, which"
                                + " the network's operator tells, with AT+CSCA=\"+…\". Texts wait, and go when it is there.");
            }
            case SUSPECT -> {
                park("The modem or its SIM refuses every text, whoever it is for (" + submitter.why()
                        + "); texts wait while Parley restarts the modem and tries again. If this lasts, check the SIM's"
                        + " contract and credit.");
                resetDue = true; // at the end of the pause: reports of what was sent just before are on their way
            }
        }
    }

    /// Some answer `AT` for ever and no `+CMGS` any more, until they are started anew.
    private void silent() throws PortGone, Ended {
        modem.stillThere();
        if (silences >= SILENCES_MAX) {
            silences = 0;
            log.warn("link={} the modem answers, but does not say what became of {} parts", link, SILENCES_MAX);
            throw new Ended(Ended.Next.SILENT);
        }
    }

    /// The part was not to blame, and the next would fail alike: parts wait while the modem is looked
    /// after.
    private void park(String why) throws PortGone, Ended {
        stillHasSim();
        parking.park(why, System.nanoTime());
        smscAt = in(pace.poll());
        notes.listEverything(); // a full memory is one of the reasons
    }

    /// A missing number is looked for all the time: whoever sets it wants to see it work.
    private long parkedUntil() {
        return smscMissing ? sooner(parking.until(), smscAt) : parking.until();
    }

    private void unpark() throws PortGone, Ended {
        if (smscMissing && !due(parking.until())) {
            smscAt = in(pace.poll());
            if (!knowsSmsc()) {
                return;
            }
        }
        if (resetDue) {
            resetDue = false;
            if (parking.mayReset(System.nanoTime())) {
                reset("refuses every text");
            }
        }
        parking.unpark();
        stillHasSim();
    }
}
