package dev.parley.at;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells final results, answers, prompts, echoes and URCs apart, octet by octet, wherever they are split
/// or interleaved.
///
/// One command runs at a time: [#begin] before its octets are written, then octets are fed until
/// [AtEvent.Finished] comes. Not thread-safe; its owner is the modem's one thread.
public final class AtMachine {

    /// Longest line that is read: a PDU of 176 octets has 352 digits, a USSD answer in UCS-2 728. The
    /// rest of a longer one is dropped up to its end.
    static final int LINE_MAX = 2_048;

    /// Most answers to one command: a listing of the largest memory seen (500 slots) with room. What a
    /// listing shows beyond it is shown again by the next, once these have been deleted.
    static final int ANSWERS_MAX = 1_024;

    /// Most lines of one quoted USSD text (182 characters at most) before its closing quote is given up.
    static final int QUOTED_LINES_MAX = 16;

    /// A PDU has at least so many digits; shorter hexadecimal lines in a menu are its own.
    private static final int OWED_DIGITS_MIN = 20;

    /// Most fields of the header of a PDU: some modems put an empty one between the name and the
    /// length.
    private static final int PDU_FIELDS_MAX = 3;

    /// A line that says so without a name is short; longer ones are somebody's text.
    private static final int FULL_MAX = 16;

    private static final Set<String> BOOTED =
            Set.of("RDY", "APP RDY", "*SYSSTART", "MODEM:STARTUP", "START", "STARTUP", "POWER ON", "PBREADY");

    private static final Set<String> READY = Set.of("SMS READY", "SMS DONE", "PB DONE", "CALL READY");

    /// Lines without a name that come at any moment and answer nothing: of somebody's call (V.250
    /// §5.7.1), and of the supply (SIM800 series, spelt as it spells them). None is a PDU or an
    /// answer, wherever it stands.
    private static final Pattern NOISE = Pattern.compile("RING|NO CARRIER|NO ANSWER|NO DIALTONE|BUSY"
            + "|NORMAL POWER DOWN|POWERED DOWN|(UNDER|OVER)-VOLTAGE (WARNNING|POWER DOWN)");

    /// `ERROR`, and what is said in its place: `NA` by a Samsung Z810.
    private static final Pattern PLAIN_ERROR =
            Pattern.compile("ERROR|(COMMAND )?NOT SUPPORT.*|UNKNOWN COMMAND|TOO MANY PARAMETERS|NA", Pattern.DOTALL);

    /// The end of a call.
    private static final Pattern CALL_ENDED =
            Pattern.compile("NO CARRIER|BUSY|NO ANSWER|NO DIALTONE|CONNECT( .*)?", Pattern.DOTALL);

    /// An error with a number or words behind it.
    private static final Pattern ERROR = Pattern.compile("(.{0,12}?)ERROR:(.*)", Pattern.DOTALL);

    /// Registration of each kind of network.
    private static final Set<String> REGISTRATION = Set.of("+CREG", "+CGREG", "+CEREG", "+C5GREG");

    private final StringBuilder line = new StringBuilder();
    private boolean atLineStart = true;

    private Optional<Command> running = Optional.empty();
    private final List<Answer> answers = new ArrayList<>();
    private boolean prompted;
    private String echoLeft = "";

    /// Headers whose PDU has not come yet, the last one on top: it owns the next line that is nobody
    /// else's.
    private final Deque<Owed> owed = new ArrayDeque<>();

    /// The start of a quoted text that goes on over further lines.
    private final List<String> quoted = new ArrayList<>();

    /// The first of its lines that may be the end of a command; -1 where there is none.
    private int quotedResult = -1;

    /// A submission was given up after its PDU: its `+CMGS` may still come.
    private boolean submissionOwed;

    /// The `OK` of a `+CMGS` that was given up is still to come; it must not end the command that runs
    /// by now.
    private boolean lateOkDue;

    private sealed interface Owed {
        record Unsolicited(String name, boolean anyLine) implements Owed {}

        record OfAnswer(int index) implements Owed {}
    }

    /// From now on answers are expected, of this command.
    ///
    /// @throws IllegalStateException if another still runs: two commands at once is a mistake of ours
    public void begin(Command command) {
        if (running.isPresent()) {
            throw new IllegalStateException(running.get().text() + " still runs, cannot begin " + command.text());
        }
        running = Optional.of(command);
        answers.clear();
        prompted = false;
        echoLeft = command.text();
        owed.removeIf(header -> header instanceof Owed.OfAnswer);
    }

    /// The result of the command that has just ended was not its own, or its answer comes after it:
    /// from now on they are expected once more.
    public void resume(Command command) {
        var asked = prompted;
        begin(command);
        prompted = asked;
        echoLeft = "";
    }

    /// Gives up the running command and returns what it answered so far. What comes late is told apart
    /// as far as can be.
    public List<Answer> abandon() {
        var soFar = List.copyOf(answers);
        if (wants(Command.Kind.PROMPT) && prompted) {
            submissionOwed = true;
        }
        running = Optional.empty();
        answers.clear();
        owed.removeIf(header -> header instanceof Owed.OfAnswer);
        quoted.clear();
        quotedResult = -1;
        return soFar;
    }

    /// True once the running command has an answer of its own, which some modems leave without a final
    /// result.
    public boolean answered() {
        return !answers.isEmpty();
    }

    /// Takes octets as they were read, in any portions.
    public List<AtEvent> feed(byte[] octets) {
        var events = new ArrayList<AtEvent>();
        for (var octet : octets) {
            take((char) (octet & 0xFF), events);
        }
        return events;
    }

    private void take(char c, List<AtEvent> events) {
        switch (c) {
            // Ctrl-Z and ESC end a line too: they come back in the echo of a PDU or of a cancelled
            // prompt.
            case '\r', '\n', 0x1A, 0x1B -> {
                var text = line.toString();
                line.setLength(0);
                atLineStart = true;
                if (!text.isBlank()) {
                    takeLine(text.stripTrailing(), events);
                }
            }
            case 0 -> {} // NUL at power-on
            default -> {
                if (atLineStart && c == '>' && (quoted.isEmpty() || (wants(Command.Kind.PROMPT) && !prompted))) {
                    endQuoted(events);
                    // Acted on at once: whether CRLF came before or a blank comes after differs
                    // (LARA-L6, SIM7670G).
                    prompted = true;
                    events.add(new AtEvent.Prompted());
                } else if (!(atLineStart && c == ' ') && line.length() < LINE_MAX) {
                    line.append(c);
                    atLineStart = false;
                }
            }
        }
    }

    /// Whether a text in quotes goes on: its end may come with the next line, or never.
    public boolean isQuoting() {
        return !quoted.isEmpty();
    }

    /// Nothing has followed for a while: a text in quotes that nobody has closed ends here.
    public List<AtEvent> pause() {
        var events = new ArrayList<AtEvent>();
        endQuoted(events);
        return events;
    }

    /// Nobody closes the quote. A bare result among its lines, which a closed text may hold as words,
    /// was one then, and what follows it is no part of the text either.
    private void endQuoted(List<AtEvent> events) {
        if (quoted.isEmpty()) {
            return;
        }
        var lines = List.copyOf(quoted);
        var end = quotedResult < 0 ? lines.size() : quotedResult;
        quoted.clear();
        quotedResult = -1;
        events.add(ussd(lines.subList(0, end)));
        for (var line : lines.subList(end, lines.size())) {
            takeLine(line, events);
        }
    }

    private static AtEvent ussd(List<String> lines) {
        return new AtEvent.Unsolicited(new Urc.Ussd(Cusd.of(Lines.valueOf(String.join("\n", lines)))));
    }

    private void takeQuoted(String raw, List<AtEvent> events) {
        if (quotedResult < 0
                && running.isPresent()
                && resultIn(withoutNoiseInFront(raw)).isPresent()) {
            quotedResult = quoted.size();
        }
        quoted.add(raw);
        if (closesQuote(String.join("\n", quoted))) {
            events.add(ussd(quoted));
            quoted.clear();
            quotedResult = -1;
        } else if (quoted.size() >= QUOTED_LINES_MAX
                || quoted.stream().mapToInt(String::length).sum() > LINE_MAX) {
            endQuoted(events);
        }
    }

    /// Whether a line inside of a text in quotes is no line of it, so that the quote is one that nobody
    /// closes (gammu #150): an error with its name, an answer or a URC with its name, a message that is
    /// due. A network's menu has no such lines: names begin with a letter, and `+1: top up` is of a menu.
    private boolean endsQuote(String raw) {
        var text = withoutNoiseInFront(raw);
        return Lines.nameOf(text).matches("[+^][A-Z].*")
                || (text.startsWith("+")
                        && running.isPresent()
                        && resultIn(text).isPresent())
                || (!owed.isEmpty() && text.length() >= OWED_DIGITS_MIN && Lines.isHex(text));
    }

    private void takeLine(String raw, List<AtEvent> events) {
        if (!quoted.isEmpty() && endsQuote(raw)) {
            endQuoted(events);
        } else if (!quoted.isEmpty()) {
            takeQuoted(raw, events);
            return;
        }
        var text = withoutEcho(withoutNoiseInFront(raw));
        if (text.isEmpty()) {
            return;
        }
        var name = Lines.nameOf(text);
        var value = Lines.valueOf(text);
        if (owedAnyLine()) {
            deliverBody(text, events);
        } else if (isMessageUrc(name) && !isWholeReport(name, value)) {
            owed.push(new Owed.Unsolicited(name, inTextMode(name, value)));
        } else if (isOwnHeader(name)) {
            lateOkDue = false;
            addAnswer(new Answer(value, Optional.empty()));
            owed.push(new Owed.OfAnswer(answers.size() - 1));
        } else if (!endsCommand(text, events)) {
            takeOther(text, name, value, events);
        }
    }

    private void takeOther(String text, String name, String value, List<AtEvent> events) {
        if (name.equals("+CUSD") && !closesQuote(text)) {
            quoted.add(text);
        } else if (isOwnAnswer(name, value)) {
            lateOkDue = false;
            addAnswer(Answer.of(wants(Command.Kind.EVERYTHING) ? text : value));
        } else {
            var urc = urcOf(text, name, value);
            if (!(urc instanceof Urc.Other)
                    || NOISE.matcher(text.toUpperCase(Locale.ROOT)).matches()) {
                events.add(new AtEvent.Unsolicited(urc));
                if (wants(Command.Kind.EVERYTHING)) {
                    addAnswer(Answer.of(text));
                }
            } else if (name.isEmpty() && !owed.isEmpty()) {
                deliverBody(text, events);
            } else if (wants(Command.Kind.EVERYTHING) || (wants(Command.Kind.TEXT) && name.isEmpty())) {
                addAnswer(Answer.of(text));
            } else {
                urcInside(text)
                        .ifPresentOrElse(
                                tail -> takeLine(tail, events), () -> events.add(new AtEvent.Unsolicited(urc)));
            }
        }
    }

    private boolean wants(Command.Kind kind) {
        return running.isPresent() && running.get().kind() == kind;
    }

    private void addAnswer(Answer answer) {
        if (answers.size() < ANSWERS_MAX) {
            answers.add(answer);
        }
    }

    // Echoes and noise

    /// Octets outside of ASCII in front of a line are what a UART makes of a modem that is switched on.
    private static String withoutNoiseInFront(String text) {
        var start = 0;
        while (start < text.length() && (text.charAt(start) <= 0x20 || text.charAt(start) > 0x7E)) {
            start++;
        }
        return text.substring(start);
    }

    /// The echo may be there, be doubled, be glued to what follows or be cut by a URC; nothing depends
    /// on it.
    private String withoutEcho(String text) {
        if (running.isEmpty()) {
            return text;
        }
        var rest = text;
        var command = running.get().text();
        while (rest.regionMatches(true, 0, command, 0, command.length())) {
            rest = rest.substring(command.length());
            echoLeft = "";
        }
        if (!rest.isEmpty()
                && echoLeft.regionMatches(true, 0, rest, 0, rest.length())
                && (echoLeft.length() < command.length() || rest.length() > 1)) {
            echoLeft = echoLeft.substring(rest.length());
            return "";
        }
        return rest;
    }

    /// A URC that a modem put into the middle of a line, behind an echo or noise. Only those are looked
    /// for of which a loss would hurt.
    private static Optional<String> urcInside(String text) {
        for (var name : List.of("+CMTI:", "+CDSI:", "+CMT:", "+CDS:")) {
            var at = text.indexOf(name, 1);
            if (at > 0) {
                return Optional.of(text.substring(at));
            }
        }
        return Optional.empty();
    }

    // Answers

    private boolean isOwnHeader(String name) {
        return wants(Command.Kind.PDUS) && running.get().name().equals(name);
    }

    private boolean isOwnAnswer(String name, String value) {
        if (running.isEmpty() || name.isEmpty() || !name.equals(running.get().name())) {
            return false;
        }
        return switch (running.get().kind()) {
            // A +CMGS before the PDU was asked for belongs to the one given up before.
            case PROMPT -> prompted;
            case NAMED, TEXT, EVERYTHING -> !REGISTRATION.contains(name) || Creg.isAnswer(value);
            case PDUS -> true;
        };
    }

    // Final results

    private boolean endsCommand(String text, List<AtEvent> events) {
        var result = resultIn(text);
        if (result.isEmpty()) {
            return false;
        }
        if (running.isEmpty()) {
            lateOkDue = false;
            return true; // nobody waits for it: late, or the end of something that was cancelled
        }
        if (lateOkDue && result.get() instanceof Final.Ok) {
            lateOkDue = false;
            return true;
        }
        owed.removeIf(header -> header instanceof Owed.OfAnswer);
        running = Optional.empty();
        events.add(new AtEvent.Finished(result.get()));
        answers.clear();
        return true;
    }

    private Optional<Final> resultIn(String text) {
        var upper = Lines.upper(text);
        if (upper.equals("OK")) {
            return Optional.of(new Final.Ok(answers));
        }
        if (PLAIN_ERROR.matcher(upper).matches()) {
            return Optional.of(new Final.PlainError());
        }
        if (CALL_ENDED.matcher(upper).matches()) {
            // The end of somebody's call, unless it was us who dialled.
            return running.filter(Command::dials).<Final>map(_ -> new Final.PlainError());
        }
        var error = ERROR.matcher(upper);
        if (!error.matches()) {
            return Optional.empty();
        }
        var rest = text.substring(error.start(2)).strip();
        var code = Lines.number(rest).orElse(Final.NO_CODE);
        return Optional.of(
                switch (error.group(1).strip()) {
                    case "+CMS", "CMS" ->
                        new Final.CmsError(code == Final.NO_CODE ? CmsCause.codeInWords(rest) : code, rest);
                    case "+CME", "CME" -> new Final.CmeError(code, rest);
                    default -> new Final.PlainError();
                });
    }

    // URCs

    private static boolean isMessageUrc(String name) {
        return name.equals("+CMT") || name.equals("+CDS") || name.equals("+CBM");
    }

    /// `+CMT: [<alpha>],<length>` in PDU mode, `+CMT: <oa>,[<alpha>],<scts>…` in text mode, which only
    /// a modem that has restarted is in; with `+CSDH=1` it ends with a length too. The line after it
    /// is its text then, whatever it looks like.
    private static boolean inTextMode(String name, String value) {
        var fields = Lines.fields(value);
        return !name.equals("+CBM")
                && fields.size() >= 3
                && (fields.size() > PDU_FIELDS_MAX
                        || Lines.number(fields.getLast()).isEmpty());
    }

    /// `+CDS: <fo>,<mr>,[<ra>],[<tora>],<scts>,<dt>,<st>` of text mode says it all, and no line
    /// belongs to it.
    private static boolean isWholeReport(String name, String value) {
        return name.equals("+CDS") && Lines.fields(value).size() > PDU_FIELDS_MAX;
    }

    private boolean owedAnyLine() {
        return owed.peek() instanceof Owed.Unsolicited header && header.anyLine();
    }

    private void deliverBody(String text, List<AtEvent> events) {
        switch (owed.pop()) {
            case Owed.OfAnswer(int index) -> {
                if (index < answers.size()) {
                    answers.set(index, new Answer(answers.get(index).text(), Optional.of(text)));
                }
            }
            case Owed.Unsolicited unsolicited ->
                events.add(new AtEvent.Unsolicited(
                        switch (unsolicited.name()) {
                            case "+CMT" -> new Urc.Message(text);
                            case "+CDS" -> new Urc.Report(text);
                            default -> new Urc.Broadcast(text);
                        }));
        }
    }

    private Urc urcOf(String text, String name, String value) {
        var upper = Lines.upper(text);
        if (name.isEmpty()) {
            if (BOOTED.contains(upper) || upper.startsWith("^SYSSTART")) { // also `^SYSSTART AIRPLANE MODE`
                return new Urc.Booted(text);
            }
            if (READY.contains(upper)) {
                return new Urc.Ready(text);
            }
            return saysFull(upper) && text.length() <= FULL_MAX ? new Urc.MemoryFull(text) : new Urc.Other(text);
        }
        var fields = Lines.fields(value);
        return switch (name) {
            case "+CMTI" -> new Urc.MessageStored(memory(fields), index(fields));
            case "+CDSI" -> new Urc.ReportStored(memory(fields), index(fields));
            case "+CMGS" -> {
                lateOkDue = submissionOwed;
                submissionOwed = false;
                yield new Urc.LateSubmission(Cmgs.reference(value));
            }
            case "+CREG", "+CGREG", "+CEREG", "+C5GREG" ->
                Creg.ofUrc(value).<Urc>map(Urc.Registration::new).orElseGet(() -> new Urc.Other(text));
            case "+CPIN" -> SimState.named(value).<Urc>map(Urc.Sim::new).orElseGet(() -> new Urc.Other(text));
            case "+CUSD" -> new Urc.Ussd(Cusd.of(value));
            case "*ATREADY" -> new Urc.Booted(text); // SIMCom A7600 series
            case "+CFUN" -> value.equals("1") ? new Urc.Booted(text) : new Urc.Other(text);
            // Cinterion: 1 full, 2 full and a message waits at the SC (MC75i AT command set, ^SMGO).
            case "^SMGO" -> value.equals("1") || value.equals("2") ? new Urc.MemoryFull(text) : new Urc.Other(text);
            default -> saysFull(upper) ? new Urc.MemoryFull(text) : new Urc.Other(text);
        };
    }

    /// `^SMMEMFULL: "SM"` of Huawei, `+QIND: "smsfull","SM"` of Quectel, `+SMS FULL` and `*SMSFULL` of
    /// others. The indicator of `+CIEV` (TS 27.007 §8.10) says with a 0 that there is room again.
    private static boolean saysFull(String upper) {
        return (upper.contains("SMSFULL") || upper.contains("SMS FULL") || upper.contains("MEMFULL"))
                && !(upper.startsWith("+CIEV") && upper.endsWith(",0"));
    }

    private static Optional<String> memory(List<String> fields) {
        return fields.stream()
                .map(String::strip)
                .filter(field -> Cpms.isName(field) && Lines.number(field).isEmpty())
                .findFirst();
    }

    private static Optional<Integer> index(List<String> fields) {
        return fields.size() < 2 ? Optional.empty() : Lines.number(fields.getLast());
    }

    /// True for a `+CUSD` whose text has ended: its quotes are paired and the last has nothing behind
    /// it but another field. If that is the data coding scheme it closes however many there are, for
    /// texts hold quotes of their own.
    private static boolean closesQuote(String line) {
        if (line.indexOf('"') < 0) {
            return true;
        }
        var behind = line.substring(line.lastIndexOf('"') + 1).strip();
        boolean paired = line.chars().filter(c -> c == '"').count() % 2 == 0;
        return behind.startsWith(",")
                ? paired || Lines.number(behind.substring(1)).isPresent()
                : paired && behind.isEmpty();
    }
}
