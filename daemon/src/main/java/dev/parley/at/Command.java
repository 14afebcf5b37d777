package dev.parley.at;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// One command line as it goes to the modem, without its CR, and what may answer it.
///
/// @param text the command line, beginning with `AT`
/// @param name the name that answers carry before their colon, such as `+CPMS`; empty where nothing but a final result
///     is expected
/// @param kind how the answer is built
public record Command(String text, String name, Kind kind) {

    private static final Pattern COMMAND = Pattern.compile("..([+^*#$%&@!_A-Z][A-Z0-9_+]*)");

    /// How the lines between a command and its final result are to be read.
    public enum Kind {
        /// Lines that begin with the command's name (TS 27.007 §4.2).
        NAMED,
        /// Header lines with the command's name, each followed by a PDU (TS 27.005 §4.1 and §4.2).
        PDUS,
        /// Bare text such as the manufacturer's name (TS 27.007 §5.1).
        TEXT,
        /// A `>` first, then, after the PDU, a line with the command's name (TS 27.005 §4.3).
        PROMPT,
        /// Every line that is no final result, as an operator at a console wants it.
        EVERYTHING
    }

    public Command {
        if (text.chars().anyMatch(c -> c < 0x20 || c > 0x7E)) {
            throw new IllegalArgumentException("an AT command is one line of printable ASCII: " + text);
        }
    }

    /// A command whose answers carry its own name, which is what stands between `AT` and `=`, `?` or `;`.
    public static Command of(String text) {
        return new Command(text, nameIn(text), Kind.NAMED);
    }

    /// A command that answers with bare lines, such as `AT+CGMM`.
    public static Command text(String text) {
        return new Command(text, nameIn(text), Kind.TEXT);
    }

    /// A command that answers with headers and PDUs: `AT+CMGL`, `AT+CMGR`.
    public static Command pdus(String text) {
        return new Command(text, nameIn(text), Kind.PDUS);
    }

    /// A command that asks for a PDU: `AT+CMGS`, `AT+CMGW`.
    public static Command prompt(String text) {
        return new Command(text, nameIn(text), Kind.PROMPT);
    }

    /// A command typed by a person: all that comes back is wanted.
    public static Command everything(String text) {
        return new Command(text, nameIn(text), Kind.EVERYTHING);
    }

    /// The octets on the wire (V.250 §5.2.1: `AT`, body, S3).
    public byte[] octets() {
        return (text + "\r").getBytes(StandardCharsets.US_ASCII);
    }

    /// A dialling command is the only one that `NO CARRIER` and `BUSY` can answer (V.250 §6.3.1, §6.3.5).
    boolean dials() {
        return text.length() > 2 && (text.charAt(2) == 'D' || text.charAt(2) == 'A' || text.charAt(2) == 'O');
    }

    private static String nameIn(String text) {
        var command = COMMAND.matcher(text);
        return command.lookingAt() ? command.group(1) : "";
    }
}
