package dev.parley.modem;

import dev.parley.at.Answer;
import dev.parley.at.AtEvent;
import dev.parley.at.AtMachine;
import dev.parley.at.Command;
import dev.parley.at.Final;
import dev.parley.at.Urc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A conversation with a modem: one command at a time, its result, and a note of each URC that comes
/// meanwhile. Belongs to one thread.
final class Dialogue {
    private static final Logger log = LoggerFactory.getLogger(Dialogue.class);

    private static final byte ESC = 0x1B;
    static final byte CTRL_Z = 0x1A;

    /// Some modems leave out the `OK` after an answer (Wavecom's `+CPIN`, others' `+CMGS`): this long is
    /// waited for it.
    private static final Duration OK_AFTER_ANSWER = Duration.ofSeconds(2);

    /// A result that may be that of a command given up before is believed when nothing follows it for so
    /// long: a modem works off one command after the other, so that the last result is the own one. As
    /// long is waited for an answer that some give after the `OK` (GenPro E10).
    private static final Duration SETTLED = Duration.ofMillis(250);

    /// The same in place of a prompt, where the mistake would cost a part.
    private static final Duration PROMPT_SETTLED = Duration.ofSeconds(3);

    /// A command that was given up can still end, a submission long after the network's own timers.
    private static final Duration OWED = Duration.ofSeconds(10);

    private static final Duration SUBMISSION_OWED = Duration.ofMinutes(5);

    /// Nothing for so long means that what was cancelled has nothing more to say.
    private static final Duration QUIET = Duration.ofMillis(100);

    /// A text in quotes whose next line does not come for so long ends where it is.
    private static final Duration QUOTE_PAUSE = Duration.ofSeconds(1);

    /// At most this long for [#QUIET], with a modem that is never quiet.
    private static final Duration QUIET_MAX = Duration.ofSeconds(2);

    private final String link;
    private final Port port;
    private final Consumer<Urc> notes;
    private final AtMachine machine = new AtMachine();
    private final Deque<AtEvent> events = new ArrayDeque<>();
    private ByteBuffer unread = ByteBuffer.allocate(0);
    private boolean booted;

    /// A command was given up whose result may still come, until then at most.
    private boolean owed;

    private long owedUntil;

    /// This modem has given an answer after its `OK`.
    private boolean answersLate;

    Dialogue(String link, Port port, Consumer<Urc> notes) {
        this.link = link;
        this.port = port;
        this.notes = notes;
    }

    /// Runs a command to its end, or to the end of `limit`.
    Final command(Command command, Duration limit) throws PortGone {
        begin(command);
        return result(command, limit, OWED);
    }

    /// Begins a command that asks for a PDU.
    ///
    /// @return empty at the prompt: [#pdu] is next; otherwise how the command ended instead
    Optional<Final> prompted(Command command, Duration limit) throws PortGone {
        begin(command);
        var deadline = in(limit);
        var ambiguous = false;
        while (true) {
            switch (next(deadline)) {
                case AtEvent.Prompted() -> {
                    owed = false; // with the next command the one before is over
                    return Optional.empty();
                }
                case AtEvent.Finished(var result) -> {
                    if (!owed()) {
                        return Optional.of(result);
                    }
                    log.debug("link={} < {}, perhaps of the command given up before", link, result.words());
                    owed = false;
                    ambiguous = true;
                    machine.resume(command);
                    deadline = Math.min(deadline, in(PROMPT_SETTLED));
                }
                case AtEvent.Unsolicited(var urc) -> note(urc);
                case null -> {
                    var soFar = machine.abandon();
                    // Whoever's the result was, nothing has been handed over.
                    return Optional.of(ambiguous ? new Final.Ok(soFar) : new Final.Silence(soFar));
                }
            }
            if (booted) {
                machine.abandon();
                return Optional.of(new Final.Rebooted());
            }
        }
    }

    /// Sends the digits and the Ctrl-Z that hands them over.
    ///
    /// @param command the one that [#prompted] has begun
    Final pdu(Command command, byte[] digits, Duration limit) throws PortGone {
        var octets = Arrays.copyOf(digits, digits.length + 1);
        octets[digits.length] = CTRL_Z;
        port.write(octets);
        return result(command, limit, SUBMISSION_OWED);
    }

    /// Leaves a prompt without sending anything: ESC, never Ctrl-Z (TS 27.005 §4.3).
    void cancelPrompt() throws PortGone {
        machine.abandon();
        port.write(new byte[] {ESC});
        awaitQuiet(QUIET);
    }

    /// Whether the modem answers `AT`. ESC first, in case it waits for a PDU or for the rest of one.
    boolean answers(int tries, Duration limit) throws PortGone {
        for (var i = 0; i < tries; i++) {
            machine.abandon();
            port.write(new byte[] {ESC, '\r'});
            var before = owed();
            var result = command(Command.of("AT"), limit);
            if (!(result instanceof Final.Silence)) {
                awaitQuiet(QUIET); // an `OK` to the ESC must not end the next command
                owed = before; // of two results one may have been that `OK`, and not the one that is owed
                return true;
            }
        }
        return false;
    }

    /// Sends a command whose answer, if any, is of no interest.
    void shout(Command command) throws PortGone {
        machine.abandon();
        log.debug("link={} > {}", link, command.text());
        port.write(command.octets());
    }

    /// Waits until something comes from the modem, or somebody wakes its owner, or the time is over.
    void idle(Duration limit) throws PortGone {
        var event = next(in(limit), true);
        while (event != null) {
            switch (event) {
                case AtEvent.Unsolicited(var urc) -> note(urc);
                // A dead process left a command open. What was typed since must not be sent.
                case AtEvent.Prompted() -> port.write(new byte[] {ESC});
                case AtEvent.Finished _ -> {}
            }
            event = events.poll();
        }
    }

    /// Its settings are made anew.
    void forgetBoot() {
        booted = false;
    }

    /// Whether the modem has started anew and forgotten every setting.
    boolean booted() {
        return booted;
    }

    private void begin(Command command) throws PortGone {
        // What lies there before a command is written answers something else.
        if (awaitQuiet(Duration.ZERO)) {
            port.write(new byte[] {ESC});
            awaitQuiet(QUIET);
        }
        if (log.isTraceEnabled()) {
            log.trace("link={} > {}", link, isSecret(command) ? "AT+CPIN=…" : command.text());
        }
        machine.begin(command);
        port.write(command.octets());
    }

    /// Whoever typed it, and however.
    private static boolean isSecret(Command command) {
        return command.text().toUpperCase(Locale.ROOT).contains("+CPIN=");
    }

    /// The result of a command. One that may be another's, or the `OK` before the answer, is believed when nothing
    /// follows it for so long.
    ///
    /// @param owedFor how long after its end by silence the command can still end by itself
    private Final result(Command command, Duration limit, Duration owedFor) throws PortGone {
        var deadline = in(limit);
        var doubtful = Optional.<Final>empty();
        var answered = false;
        while (true) {
            switch (next(deadline)) {
                case AtEvent.Finished(var result) -> {
                    log.trace("link={} < {}", link, result.words());
                    if (doubtful.isPresent()) {
                        log.debug(
                                "link={} < {} after {}, which was not its own",
                                link,
                                result.words(),
                                doubtful.get().words());
                        owed = false;
                    } else if (isCertain(command, result)) {
                        return result;
                    }
                    boolean isFirst = doubtful.isEmpty();
                    doubtful = Optional.of(result);
                    answered = false;
                    machine.resume(command);
                    deadline = in(SETTLED);
                    if (isFirst) {
                        continue; // a boot from before the command says nothing of it
                    }
                }
                case AtEvent.Unsolicited(var urc) -> note(urc);
                // The one at which a PDU was given is past; this is a command that a dead process left
                // open.
                case AtEvent.Prompted() -> port.write(new byte[] {ESC});
                case null -> {
                    var answers = machine.abandon();
                    if (doubtful.isEmpty()) {
                        owe(owedFor);
                        return new Final.Silence(answers);
                    }
                    answersLate |= !answers.isEmpty();
                    return answers.isEmpty() ? doubtful.get() : new Final.Ok(answers);
                }
            }
            if (booted) {
                machine.abandon();
                return new Final.Rebooted();
            }
            if (!answered && machine.answered()) {
                answered = true;
                deadline = doubtful.isPresent()
                        ? in(owed() ? OK_AFTER_ANSWER : SETTLED)
                        : System.nanoTime() + Math.max(OK_AFTER_ANSWER.toNanos(), limit.toNanos() / 4);
            }
        }
    }

    private void owe(Duration time) {
        var until = in(time);
        owedUntil = owed() ? Math.max(owedUntil, until) : until;
        owed = true;
    }

    private boolean owed() {
        owed = owed && System.nanoTime() - owedUntil < 0;
        return owed;
    }

    /// What carries an answer of its own is the command's own result.
    private boolean isCertain(Command command, Final result) {
        if (!result.answers().isEmpty()) {
            return true;
        }
        var wantsAnswer = switch (command.kind()) {
            case NAMED -> command.text().endsWith("?");
            case PROMPT -> true;
            case PDUS, TEXT -> answersLate;
            case EVERYTHING -> false;
        };
        return !owed() && !(result.ok() && wantsAnswer);
    }

    private void note(Urc urc) {
        if (urc instanceof Urc.Booted) {
            booted = true;
            owed = false;
        } else if (urc instanceof Urc.LateSubmission) {
            owed = false; // the grammar keeps the OK that follows apart
        }
        notes.accept(urc);
    }

    /// Takes what comes until nothing has for so long, as far as that is ever so.
    ///
    /// @return whether the modem has asked for a PDU meanwhile
    private boolean awaitQuiet(Duration pause) throws PortGone {
        var asks = false;
        var end = in(QUIET_MAX);
        while (System.nanoTime() < end) {
            switch (next(in(pause))) {
                case null -> {
                    return asks;
                }
                case AtEvent.Unsolicited(var urc) -> note(urc);
                case AtEvent.Prompted() -> asks = true;
                case AtEvent.Finished _ -> {}
            }
        }
        return asks;
    }

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    private @Nullable AtEvent next(long deadline) throws PortGone {
        return next(deadline, false);
    }

    /// The next event.
    ///
    /// @return null when the time is over, or when woken and `wakeable`
    private @Nullable AtEvent next(long deadline, boolean wakeable) throws PortGone {
        while (events.isEmpty()) {
            if (unread.hasRemaining()) {
                // One at a time: what follows a result may belong to another command than what came
                // before it.
                events.addAll(machine.feed(new byte[] {unread.get()}));
                if (wakeable && events.isEmpty() && !unread.hasRemaining()) {
                    return null;
                }
                continue;
            }
            Input input;
            var left = Math.max(0, deadline - System.nanoTime());
            var pauses = machine.isQuoting() && left > QUOTE_PAUSE.toNanos();
            try {
                input = port.inbox().poll(pauses ? QUOTE_PAUSE.toNanos() : left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new PortGone("the link is being closed");
            }
            switch (input) {
                case null -> {
                    if (!pauses) {
                        return null;
                    }
                    events.addAll(machine.pause());
                }
                case Input.Octets(var octets) -> {
                    if (log.isTraceEnabled()) {
                        log.trace("link={} < {}", link, new String(octets, StandardCharsets.ISO_8859_1));
                    }
                    unread = ByteBuffer.wrap(octets);
                }
                case Input.Lost(var why) -> throw new PortGone(why);
                case Input.Woken() -> {
                    if (wakeable) {
                        return null;
                    }
                }
            }
        }
        return events.poll();
    }

    /// For an operator's console: everything that was said.
    List<String> console(String line, Duration limit) throws PortGone {
        var result = command(Command.everything(line), limit);
        var lines = new ArrayList<>(result.answers().stream().map(Answer::text).toList());
        lines.add(result.words());
        return lines;
    }
}
