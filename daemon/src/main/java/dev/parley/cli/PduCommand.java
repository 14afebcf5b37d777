package dev.parley.cli;

import dev.parley.config.Scalars;
import dev.parley.sms.Address;
import dev.parley.sms.Decoded;
import dev.parley.sms.Description;
import dev.parley.sms.Pdu;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.Submit;
import dev.parley.sms.ValidityPeriod;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `parley pdu …`: what stands in the PDUs that modems give and take.
@Command(name = "pdu", description = "Decodes and encodes the PDUs of GSM modems.")
final class PduCommand implements Runnable {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int REFERENCES = 256;

    /// A number without a sign and a unit, not zero.
    private static final Pattern VALIDITY = Pattern.compile("(?=.*[1-9])[0-9]{1,9}[smhdw]");

    @Override
    public void run() {
        throw new Misuse("Say what to do: parley pdu decode or parley pdu encode.");
    }

    @Command(
            description = {
                "Prints each PDU as one line of JSON.",
                "A PDU begins with the SMSC's address, as +CMGR and +CMT give it, or with 00 for none.",
                "White space in it counts for nothing. A malformed one is printed as",
                "{\"error\", \"field\", \"offset\"}, and the exit status is 1."
            },
            mixinStandardHelpOptions = true)
    int decode(
            @Mixin Output output, // JSON with and without --json
            @Parameters(paramLabel = "HEX", arity = "1..*", description = "PDUs.") List<String> pdus) {
        int status = 0;
        for (var pdu : pdus) {
            var decoded = decoded(pdu);
            output.out().println(JsonMapper.shared().writeValueAsString(Description.of(decoded)));
            if (decoded instanceof Decoded.Malformed) {
                status = 1;
            }
        }
        return status;
    }

    /// White space counts for nothing: it comes along where a PDU is copied from.
    private static Decoded decoded(String hex) {
        var digits = new StringBuilder(hex.length());
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if (HexFormat.isHexDigit(c)) {
                digits.append(c);
            } else if (!Character.isWhitespace(c)) {
                return new Decoded.Malformed("hex", digits.length() / 2, "no hexadecimal digit at position " + (i + 1));
            }
        }
        return digits.length() % 2 == 0
                ? decoded(HEX.parseHex(digits))
                : new Decoded.Malformed("hex", digits.length() / 2, "an odd number of digits");
    }

    private static Decoded decoded(byte[] pdu) {
        var decoded = Pdu.decodeFromModem(pdu);
        return decoded instanceof Decoded.Malformed(var field, int offset, var why)
                        && Pdu.decodeFromModem(Pdu.withSmsc(Optional.empty(), pdu)) instanceof Decoded.Ok
                ? new Decoded.Malformed(
                        field, offset, why + "; with 00 in front, for no SMSC's address, it can be read")
                : decoded;
    }

    @Command(
            description = {
                "Prints a text as a modem takes it: a line LENGTH HEX for each part,",
                "where LENGTH is for AT+CMGS and HEX for its prompt.",
                "A text that begins with - stands behind --."
            },
            mixinStandardHelpOptions = true)
    void encode(
            @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "The recipient.") String to,
            @Option(names = "--report", description = "Ask for a status report.") boolean report,
            @Option(
                            names = "--validity",
                            paramLabel = "DURATION",
                            description =
                                    "How long the SMSC keeps trying, such as 30m, 48h or 5d (default: as it likes).")
                    @Nullable
                    String validity,
            @Parameters(paramLabel = "TEXT", description = "The text.") String text,
            @Mixin Output output) {
        Address.wrongWith(to).ifPresent(why -> {
            throw new Misuse("--to: " + why);
        });
        var address = Address.ofNumber(to);
        var period = validity == null ? new ValidityPeriod.SmscDefault() : relative(validity);
        int reference = ThreadLocalRandom.current().nextInt(REFERENCES);
        switch (Segmenter.split(text, SplitOptions.plain(reference))) {
            case Split.TooLong(int parts) ->
                throw new Failure("the text needs " + parts + " parts; at most 255 are possible");
            case Split.Parts parts -> {
                for (var segment : parts.segments()) {
                    var tpdu = Submit.of(segment, address, report, period).encode();
                    var hex = HEX.formatHex(Pdu.withSmsc(Optional.empty(), tpdu));
                    output.say(tpdu.length + " " + hex, Output.object("length", tpdu.length, "hex", hex));
                }
            }
        }
    }

    private static ValidityPeriod relative(String given) {
        return Optional.of(given)
                .filter(VALIDITY.asMatchPredicate())
                .flatMap(Scalars::duration)
                .map(ValidityPeriod.Relative::new)
                .orElseThrow(() -> new Misuse(
                        "--validity is \"" + given + "\"; expected a number and s, m, h, d or w, such as 48h"));
    }
}
