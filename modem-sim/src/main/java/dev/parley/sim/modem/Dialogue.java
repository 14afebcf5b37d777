package dev.parley.sim.modem;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a program and a stick say to each other: the line that is typed, with its echo, one command
/// after another, the prompt, and the air time of a message.
final class Dialogue {

    private static final Logger LOG = LoggerFactory.getLogger(Dialogue.class);

    private static final char CR = '\r';
    private static final char LF = '\n';
    private static final char BACKSPACE = '\b';
    private static final char ESC = 0x1B;
    private static final char CTRL_Z = 0x1A;

    /// A command line, or a PDU in hex; what is longer is answered with an error.
    private static final int LINE_MAX = 1_024;

    private enum Mode {
        COMMAND,
        PROMPT,
        ON_AIR
    }

    private final String name;
    private final State state;
    private final Firmware firmware;
    private final Port port;
    private final Runnable done;
    private final Deque<Command> rest = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private String lastLine = "";
    private Mode mode = Mode.COMMAND;
    private Optional<Reply.Body> body = Optional.empty();
    private Optional<Reply.Sending> sending = Optional.empty();
    private Reply sent = Reply.OK;
    private long airHalf;
    private long airEnd;
    private Duration airTime;
    private long sentCount;

    /// @param name of the modem, for the log
    /// @param done what to do when a line has got its `OK`
    Dialogue(String name, Duration airTime, State state, Firmware firmware, Port port, Runnable done) {
        this.name = name;
        this.airTime = airTime;
        this.state = state;
        this.firmware = firmware;
        this.port = port;
        this.done = done;
    }

    // ---- state ----

    Duration airTime() {
        return airTime;
    }

    void airTime(Duration wanted) {
        airTime = wanted;
    }

    /// How many messages were sent.
    long sentCount() {
        return sentCount;
    }

    /// While a message is on air nothing is taken.
    boolean isOnAir() {
        return mode == Mode.ON_AIR;
    }

    /// Whether a line can be written without falling into another one.
    boolean isBetweenLines() {
        return mode == Mode.ON_AIR || (mode == Mode.COMMAND && line.isEmpty());
    }

    /// The program has gone: what it typed is dropped, but not a message on air.
    void hangUp() {
        line.setLength(0);
        rest.clear();
        if (mode == Mode.PROMPT) {
            mode = Mode.COMMAND;
            body = Optional.empty();
        }
    }

    /// As [#hangUp], and a message on air is dropped too.
    void stop() {
        hangUp();
        mode = Mode.COMMAND;
        sending = Optional.empty();
    }

    /// How long until [#passTime] has something to do.
    long nanosToNext(long now) {
        return mode == Mode.ON_AIR ? (sending.isPresent() ? airHalf : airEnd) - now : Long.MAX_VALUE;
    }

    void passTime(long now) {
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
    }

    // ---- what a program types ----

    void take(char c) {
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
            port.put(String.valueOf(c));
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
                LOG.error("{} cannot answer {}", name, command, e);
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
                    port.put("\r\n> ");
                    return;
                }
                case Reply.OnAir(var message) -> {
                    goOnAir(message);
                    return;
                }
            }
        }
        putResult("OK", "0");
        done.run();
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
                port.put(String.valueOf(c));
            }
            boolean text = state.settings.cmgf == 1;
            if (c == CR && text) {
                port.put("\r\n> ");
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
        passTime(now);
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
        port.put(state.settings.verbose ? "\r\n" : "");
        for (var each : lines) {
            port.put(each + "\r\n");
        }
    }

    private void putResult(String words, String digit) {
        if (!state.settings.quiet) {
            port.put(state.settings.verbose ? "\r\n" + words + "\r\n" : digit + "\r");
        }
    }
}
