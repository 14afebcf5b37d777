package dev.parley.modem;

import dev.parley.at.Cnmi;
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
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

    /// `+CFUN` and what else touches the network or the SIM: so many times the time of a plain command.
    private static final int SLOW = 4;

    /// SIM800 refuses SMS commands until it has said `SMS Ready`, some 15 s after power-on.
    private static final Duration SMS_READY_MAX = Duration.ofSeconds(60);

    /// After a fault that was the modem's own, parts wait this long; doubled each time, up to the second.
    private static final Duration PARKED = Duration.ofSeconds(5);

    private static final Duration PARKED_MAX = Duration.ofMinutes(5);

    /// How long the network may take to answer a USSD code; most do in five seconds.
    static final Duration USSD_ANSWER = Duration.ofSeconds(20);

    /// So many parts in a row without a result, and the modem is told to start anew.
    private static final int SILENCES_MAX = 2;

    /// A change of signal by less is no news.
    private static final int SIGNAL_STEP_DB = 4;

    /// What a modem says of a USSD code in a form that it does not take: not allowed, not supported,
    /// invalid characters, incorrect parameters, unknown, retry (TS 27.007 §9.2.1; 258 is SIM7600's).
    private static final Set<Integer> REFUSES_FORM = Set.of(Final.NO_CODE, 3, 4, 25, 50, 100, 258);

    /// How long a command of a person's may keep the modem from its work.
    static final Duration COMMAND_ANSWER = Duration.ofSeconds(15);

    /// What a session needs of the link that it belongs to.
    interface Owner extends Announcer, Modem.Leave {
        /// The part that waits, if any: the caller completes it.
        Optional<Submission> takeSubmission();

        boolean submissionWaits();

        /// What waits to be asked, if anything.
        Optional<Question> question();

        void answered(Question question);

        void storage(Optional<Cpms.Usage> usage);

        boolean paused();

        void signal(Optional<Integer> dbm);

        void operator(Optional<String> name);
    }

    private final String link;
    private final ModemSettings settings;
    private final PinMemory pins;
    private final Clock clock;
    private final LinkListener listener;
    private final Owner owner;
    private final Map<String, Long> unreleased;
    private final Submitter.Late late;
    private final Dialogue dialogue;
    private final Notes notes;
    private final Modem modem;

    private Dialect dialect = Dialect.GENERIC;
    private boolean polls;
    private boolean acknowledges;
    private List<String> memories = List.of();
    private Optional<Cpms.Choice> choice = Optional.empty();
    private Optional<Command> telling = Optional.empty();
    private Creg registration = Creg.UNKNOWN;
    private boolean registrationKnown;
    private long parkedUntil;
    private Optional<String> parkedWhy = Optional.empty();
    private Duration parkedFor = PARKED;
    private Optional<Integer> signal = Optional.empty();
    private int silences;

    Session(
            String link,
            ModemSettings settings,
            PinMemory pins,
            Clock clock,
            LinkListener listener,
            Owner owner,
            Map<String, Long> unreleased,
            Submitter.Late late,
            Dialogue dialogue,
            Notes notes) {
        this.link = link;
        this.settings = settings;
        this.pins = pins;
        this.clock = clock;
        this.listener = listener;
        this.owner = owner;
        this.unreleased = unreleased;
        this.late = late;
        this.dialogue = dialogue;
        this.notes = notes;
        this.modem = new Modem(dialogue, notes, settings.pace(), owner);
    }

    /// Lives until the port has to be closed.
    ///
    /// @return [Ended.Next#SILENT] if the modem does not answer, even after it was told to start anew
    Ended.Next live() throws PortGone {
        try {
            if (!talks()) {
                return Ended.Next.SILENT;
            }
            while (true) {
                try {
                    begin();
                    serve();
                } catch (Ended e) {
                    if (e.next() == Ended.Next.SILENT) {
                        if (!revived()) {
                            return Ended.Next.SILENT;
                        }
                    } else if (e.next() != Ended.Next.START_OVER) {
                        return e.next();
                    } else if (!talks()) {
                        return Ended.Next.SILENT;
                    }
                }
            }
        } catch (Ended e) {
            return e.next();
        }
    }

    // Talking at all

    private boolean talks() throws PortGone, Ended {
        for (var i = 0; i < FIRST_TRIES; i++) {
            modem.checkLeave();
            if (dialogue.answers(1, shorter(FIRST_ANSWER, settings.pace().answer()))) {
                return true;
            }
            if (i >= MUTE_TRIES) {
                dialogue.shout(Command.of("ATQ0V1")); // somebody may have left it without words, or with numbers
            }
        }
        return false;
    }

    /// The first rung of the ladder: the modem is told to start anew, in case that it hears what it does not answer.
    private boolean revived() throws PortGone, Ended {
        log.warn("link={} the modem does not answer, tells it to start anew", link);
        owner.tell(LinkState.FAULT, "The modem does not answer; Parley tries to restart it.");
        dialogue.shout(Command.of(dialect.reset()));
        return talks();
    }

    // Start-up

    private void begin() throws PortGone, Ended {
        dialogue.tookBoot();
        notes.begin();
        late.giveUp();
        if (parkedWhy.isEmpty()) {
            owner.tell(LinkState.CONNECTING, "");
        }
        modem.ask("ATE0"); // some keep their echo all the same, which the grammar does not mind
        patiently("AT+CMEE=1");
        identify();
        for (var command : dialect.init()) {
            modem.ask(command);
        }
        switchOn();
        new SimGate(link, modem, settings.pin(), pins, owner).pass(dialect);
        readyForMessages();
        arrangeMessages();
        modem.ask("AT+CREG=1");
        registrationKnown = false;
        registration = Creg.UNKNOWN;
        if (Csca.address(modem.ask("AT+CSCA?")).isEmpty()) {
            log.warn("link={} the SIM names no SMSC; if sending fails, set it with AT+CSCA", link);
        }
    }

    private void identify() throws PortGone, Ended {
        var manufacturer =
                firstLine(modem.ask(Command.text("AT+CGMI"), settings.pace().answer()));
        var model = firstLine(modem.ask(Command.text("AT+CGMM"), settings.pace().answer()));
        var found = settings.dialect().orElseGet(() -> Dialect.of(manufacturer, model));
        log.info(
                "link={} modem \"{}\" \"{}\", dialect {}{}",
                link,
                manufacturer,
                model,
                found,
                settings.dialect().isPresent() ? " (configured)" : "");
        dialect = found;
    }

    static String firstLine(Final result) {
        return result.answers().stream()
                .map(answer -> answer.text().strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }

    /// Repeats a command that is refused because the modem is not done with its start (`+CME ERROR: 14` and 515).
    private void patiently(String command) throws PortGone, Ended {
        for (var i = 0; i < 10; i++) {
            var busy = SimState.of(modem.ask(command))
                    .filter(state -> state == SimState.BUSY)
                    .isPresent();
            if (!busy) {
                return;
            }
            modem.idle(settings.pace().recheck());
        }
    }

    /// `+CFUN` 0 and 4 mean that the radio is off (TS 27.007 §8.2).
    private void switchOn() throws PortGone, Ended {
        var functionality = firstLine(modem.ask("AT+CFUN?"));
        if (functionality.equals("0") || functionality.equals("4")) {
            log.info("link={} switches the radio on", link);
            modem.ask(Command.of("AT+CFUN=1"), slowly());
        }
    }

    /// PDU mode, once the modem takes SMS commands at all.
    private void readyForMessages() throws PortGone, Ended {
        var until = System.nanoTime() + SMS_READY_MAX.toNanos();
        while (!modem.ask("AT+CMGF=0").ok()) {
            if (System.nanoTime() > until) {
                owner.tell(LinkState.FAULT, "The modem refuses PDU mode (AT+CMGF=0); use another modem.");
            }
            if (!notes.takeSmsReady()) {
                modem.idle(settings.pace().recheck());
            }
        }
    }

    /// Where messages go and how they are told: chosen from what the modem offers, never assumed.
    private void arrangeMessages() throws PortGone, Ended {
        acknowledges = modem.ask("AT+CSMS=1").ok();
        var offered = Cpms.offered(modem.ask("AT+CPMS=?"));
        var chosen = chosen(offered);
        if (chosen.isEmpty()) {
            offered = offered.withoutBoth();
            chosen = chosen(offered);
        }
        if (chosen.isEmpty()) {
            chosen = used();
        }
        memories = chosen.isPresent() ? offered.toEmpty(chosen.get()) : List.of();
        log.debug("link={} reads and empties {}", link, memories);
        choice = chosen;
        var ways = Cnmi.offered(modem.ask("AT+CNMI=?"));
        // Without +CSMS: 1 a report that comes directly is lost with us; one that is stored waits.
        var direct =
                acknowledges || dialect.directReports() || !offered.toRead().contains("SR");
        telling = ways.choose(direct ? List.of(1, 2, 0) : List.of(2, 1, 0)).map(cnmi -> cnmi.command(ways));
        polls = !tellsOfMessages();
        if (telling.isEmpty()) {
            // It does not say what it can. It may tell all the same, and is not relied on.
            var _ = modem.ask("AT+CNMI=2,1,0," + (direct ? 1 : 2) + ",0").ok()
                    || modem.ask("AT+CNMI=2,1").ok();
        }
        if (polls) {
            log.info("link={} the modem cannot tell of new messages; it is asked for them", link);
        }
        if (memories.isEmpty()) {
            log.warn("link={} the modem has no memory for messages: it can send and not receive", link);
        }
        notes.listEverything();
    }

    private Optional<Cpms.Choice> chosen(Cpms.Offered offered) throws PortGone, Ended {
        var choice = offered.choose(dialect.memories());
        return choice.isPresent() && modem.ask(choice.get().command(), slowly()).ok() ? choice : Optional.empty();
    }

    /// The memory that the modem reads from, where it does not say which there are (Samsung J700) or
    /// takes none of those that it has named.
    private Optional<Cpms.Choice> used() throws PortGone, Ended {
        return Cpms.usage(modem.ask("AT+CPMS?"))
                .flatMap(Cpms.Usage::memory)
                .filter(Cpms::isName)
                .map(memory -> new Cpms.Choice(memory, memory, Optional.empty()));
    }

    private boolean tellsOfMessages() throws PortGone, Ended {
        return telling.isPresent()
                && modem.ask(telling.get(), settings.pace().answer()).ok();
    }

    // Service

    private void serve() throws PortGone, Ended {
        var pace = settings.pace();
        var mailbox = new Mailbox(link, modem, listener, clock, unreleased, memories, choice, acknowledges);
        var submitter = new Submitter(link, modem, settings, late);
        var lookAt = System.nanoTime();
        var healthAt = System.nanoTime();
        var sweepAt = System.nanoTime() + pace.sweep().toNanos();
        while (true) {
            modem.checkLeave();
            modem.stillTheSame();
            takeNotes();
            if (notes.takeSmsReady()) {
                healthAt = System.nanoTime(); // all that a modem says that sets its speed by the first `AT`
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
                healthAt = in(pace.health());
            }
            if (parkedWhy.isPresent() && due(parkedUntil)) {
                unpark();
            }
            announce(mailbox);
            if (due(sweepAt)) {
                notes.listEverything();
                sweepAt = in(polls ? pace.poll() : pace.sweep());
            }
            if (mailbox.dueIn().filter(Duration::isZero).isPresent()) {
                mailbox.empty();
                if (mailbox.tookAcknowledgementFailed()) {
                    tellsOfMessages();
                }
                announce(mailbox);
            }
            var question = owner.question();
            if (question.isPresent() && answerable(question.get())) {
                answer(question.get());
            }
            if (sendable()) {
                var submission = owner.takeSubmission();
                if (submission.isPresent()) {
                    submitter.submit(submission.get());
                    judge(submitter.verdict());
                    healthAt = in(pace.health()); // it has just shown that it lives
                    continue;
                }
            }
            if (mailbox.dueIn().filter(Duration::isZero).isPresent()
                    || (sendable() && owner.submissionWaits())
                    || owner.question().filter(this::answerable).isPresent()) {
                continue;
            }
            var next = Math.min(healthAt, sweepAt);
            if (!registered()) {
                next = Math.min(next, lookAt);
            }
            if (parkedWhy.isPresent()) {
                next = Math.min(next, parkedUntil);
            }
            var limit = Duration.ofNanos(Math.max(0, next - System.nanoTime()));
            modem.idle(mailbox.dueIn().map(mail -> shorter(mail, limit)).orElse(limit));
        }
    }

    private boolean answerable(Question question) {
        return registered() || question.kind() == Question.Kind.COMMAND;
    }

    private void answer(Question question) throws PortGone, Ended {
        ModemAnswer answer = new ModemAnswer.Refused("The connection to the modem broke off.");
        try {
            answer = switch (question.kind()) {
                case USSD -> ussd(question.text());
                case COMMAND -> {
                    log.info(
                            "link={} runs {} for a person",
                            link,
                            question.text().split("=", 2)[0]);
                    yield new ModemAnswer.Told(modem.dialogue().console(question.text(), COMMAND_ANSWER));
                }
            };
        } finally {
            owner.answered(question);
            question.answer(answer);
        }
        if (question.kind() == Question.Kind.COMMAND
                && AtConsole.danger(question.text()).isPresent()) {
            throw new Ended(Ended.Next.START_OVER); // whatever it has changed
        }
    }

    /// USSD (TS 27.007 §7.15). The answer comes as a URC, from some modems before the `OK`.
    private ModemAnswer ussd(String code) throws PortGone, Ended {
        notes.takeUssd();
        var result = modem.ask(dialect.ussd().command(code), slowly());
        for (var form : UssdForm.values()) {
            if (form != dialect.ussd() && refusesForm(result)) {
                result = modem.ask(form.command(code), slowly());
            }
        }
        var told = result.answers().stream()
                .findFirst()
                .map(line -> Cusd.of(line.text()))
                .or(notes::takeUssd);
        var until = in(USSD_ANSWER);
        while (result.ok() && told.isEmpty() && !due(until)) {
            modem.idle(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            told = notes.takeUssd();
        }
        if (told.flatMap(cusd -> asOptional(cusd.status())).equals(Optional.of(1))) {
            modem.ask("AT+CUSD=2"); // it waits for an answer, which nobody gives
        }
        if (told.isPresent()) {
            return answer(told.get());
        }
        return new ModemAnswer.Refused(
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

    private static Optional<Integer> asOptional(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    private ModemAnswer answer(Cusd cusd) {
        return switch (cusd.status().orElse(0)) {
            case 4 -> new ModemAnswer.Refused("The network does not support this code.");
            case 5 -> new ModemAnswer.Refused("The network took too long.");
            default ->
                cusd.text().isEmpty()
                        ? new ModemAnswer.Refused("The network ended it without a text.")
                        : ModemAnswer.Told.of(cusd.readable(dialect.ussd() == UssdForm.PACKED));
        };
    }

    private static boolean due(long at) {
        return System.nanoTime() - at >= 0;
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    private Duration slowly() {
        return settings.pace().answer().multipliedBy(SLOW);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private boolean registered() {
        return registration.registered();
    }

    private boolean sendable() {
        return registered() && parkedWhy.isEmpty() && !owner.paused();
    }

    private void announce(Mailbox mailbox) {
        owner.storage(mailbox.usage());
        if (parkedWhy.isPresent()) {
            owner.tell(LinkState.FAULT, parkedWhy.get());
        } else if (!registered()) {
            owner.tell(LinkState.SEARCHING, registrationKnown ? sentence(registration) : "");
        } else {
            var full = mailbox.usage()
                    .filter(Cpms.Usage::nearlyFull)
                    .map(usage -> "The modem's message storage is nearly full: " + usage.used() + " of " + usage.total()
                            + ".");
            owner.tell(owner.paused() ? LinkState.PAUSED : LinkState.READY, full.orElse(""));
        }
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
        notes.takeRegistration().ifPresent(status -> {
            registration = status;
            registrationKnown = true;
        });
        var sim = notes.takeSim();
        if (sim.isPresent() && sim.get() != SimState.READY) {
            throw new Ended(Ended.Next.START_OVER);
        }
        notes.takeLateSubmission().ifPresent(this::tookLate);
    }

    private void tookLate(OptionalInt mr) {
        late.came(mr)
                .ifPresentOrElse(
                        part -> log.info("link={} part={} was sent after all: a late +CMGS", link, part),
                        () -> log.info("link={} a late +CMGS of a part that is not known any more", link));
    }

    private void askForNetwork() throws PortGone, Ended {
        for (var command : List.of("AT+CREG?", "AT+CEREG?")) { // a modem that knows LTE alone answers the second only
            var status = Creg.of(modem.ask(command));
            if (status.isPresent()) {
                registrationKnown = true;
                registration = status.get();
                if (registered()) {
                    modem.ask("AT+COPS=3,0"); // names, not numbers
                    owner.operator(Cops.operator(modem.ask(Command.of("AT+COPS?"), slowly())));
                    return;
                }
            }
        }
    }

    /// Asks an idle modem how it is, which also shows that it still answers.
    private void examine(Mailbox mailbox) throws PortGone, Ended {
        var strength = Csq.dbm(modem.ask("AT+CSQ"));
        var now = strength.isPresent() ? Optional.of(strength.getAsInt()) : Optional.<Integer>empty();
        if (now.isPresent() != signal.isPresent()
                || (now.isPresent() && Math.abs(now.get() - signal.orElseThrow()) >= SIGNAL_STEP_DB)) {
            signal = now;
            owner.signal(now);
        }
        var status = Creg.of(modem.ask("AT+CREG?"));
        if (status.isPresent() && !status.get().registered() && registered()) {
            registration = Creg.UNKNOWN; // asked again at once, in both ways
        }
        stillReadsPdus();
        stillTells();
        mailbox.look();
    }

    /// In text mode `AT+CMGS=19` would send the digits of a PDU to the number 19. A modem that has
    /// started anew without a word (SIM800 that sets its speed by itself), or that somebody else talks
    /// to, may be in it.
    private void stillReadsPdus() throws PortGone, Ended {
        if (firstLine(modem.ask("AT+CMGF?")).equals("1")) {
            log.info("link={} the modem is in text mode: it has forgotten its settings", link);
            throw new Ended(Ended.Next.START_OVER);
        }
    }

    /// A modem that was not acknowledged in time switches direct delivery off by itself (TS 27.005 §3.4.4), whoever it
    /// was that failed to: a process that died, for one. What came since lies in the memories.
    private void stillTells() throws PortGone, Ended {
        if (telling.isEmpty() || polls) {
            return;
        }
        if (!tellsAsWanted(telling.get())) {
            log.info("link={} the modem has changed how it tells of messages, tells it again", link);
            // One that changes it for reasons of its own is asked for messages from now on.
            polls = !tellsOfMessages() || !tellsAsWanted(telling.get());
            notes.listEverything();
        }
    }

    /// The fifth field, `bfr`, is about the moment of setting and is read back as anything.
    private boolean tellsAsWanted(Command wanted) throws PortGone, Ended {
        var now = firstLine(modem.ask("AT+CNMI?")).replace(" ", "");
        var fields = List.of(wanted.text().substring("AT+CNMI=".length()).split(",", -1));
        return now.isEmpty() || now.startsWith(String.join(",", fields.subList(0, Math.min(4, fields.size()))));
    }

    // What a submission showed

    private void judge(Submitter.Verdict verdict) throws PortGone, Ended {
        silences = verdict == Submitter.Verdict.SILENT ? silences + 1 : 0;
        switch (verdict) {
            case FINE -> parkedFor = PARKED;
            case BOOTED -> throw new Ended(Ended.Next.START_OVER);
            case SILENT -> silent();
            case NO_NETWORK -> registration = Creg.UNKNOWN;
            case FAULT -> park();
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

    /// The part was not to blame, and the next would fail alike: parts wait while the modem is looked after.
    private void park() throws PortGone, Ended {
        var sim = SimState.of(modem.ask("AT+CPIN?"));
        if (sim.isPresent() && sim.get() != SimState.READY) {
            throw new Ended(Ended.Next.START_OVER);
        }
        parkedWhy = Optional.of("The modem or its SIM refuses to send; Parley tries again by itself.");
        parkedUntil = in(parkedFor);
        parkedFor = shorter(parkedFor.multipliedBy(2), PARKED_MAX);
        notes.listEverything(); // a full memory is one of the reasons
    }

    private void unpark() throws PortGone, Ended {
        var sim = SimState.of(modem.ask("AT+CPIN?"));
        parkedWhy = Optional.empty();
        if (sim.isPresent() && sim.get() != SimState.READY) {
            throw new Ended(Ended.Next.START_OVER);
        }
    }
}
