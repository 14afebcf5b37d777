package dev.parley.cli;

import dev.parley.sms.Address;
import dev.parley.sms.Decoded;
import dev.parley.sms.Description;
import dev.parley.sms.Pdu;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.Submit;
import dev.parley.sms.ValidityPeriod;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// `parley pdu …`: what stands in the PDUs that modems give and take.
@Command(
        name = "pdu",
        description = "Decodes and encodes the PDUs of GSM modems.",
        subcommands = {PduCommand.Decode.class, PduCommand.Encode.class},
        mixinStandardHelpOptions = true)
final class PduCommand implements Runnable {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: parley pdu decode or parley pdu encode.");
    }

    @Command(
            name = "decode",
            description = {
                "Prints each PDU as one line of JSON.",
                "A PDU begins with the SMSC's address, as +CMGR and +CMT give it, or with 00 for none.",
                "White space in it counts for nothing. A malformed one is printed as",
                "{\"error\", \"field\", \"offset\"}, and the exit status is 1."
            },
            mixinStandardHelpOptions = true)
    static final class Decode implements Callable<Integer> {

        private static final JsonMapper JSON = JsonMapper.builder().build();

        @Mixin
        private Output output = new Output(); // JSON with and without --json

        @Parameters(paramLabel = "HEX", arity = "1..*", description = "PDUs.")
        private List<String> pdus = List.of();

        @Override
        public Integer call() {
            var out = output.out();
            int status = 0;
            for (var pdu : pdus) {
                var decoded = decoded(pdu);
                out.println(JSON.writeValueAsString(Description.of(decoded)));
                if (decoded instanceof Decoded.Malformed) {
                    status = 1;
                }
            }
            out.flush();
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
                    return new Decoded.Malformed(
                            "hex", digits.length() / 2, "no hexadecimal digit at position " + (i + 1));
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
    }

    @Command(
            name = "encode",
            description = {
                "Prints a text as a modem takes it: a line LENGTH HEX for each part,",
                "where LENGTH is for AT+CMGS and HEX for its prompt.",
                "A text that begins with - stands behind --."
            },
            mixinStandardHelpOptions = true)
    static final class Encode implements Callable<Integer> {

        private static final int REFERENCES = 256;

        @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "The recipient.")
        private String to = "";

        @Option(names = "--report", description = "Ask for a status report.")
        private boolean report;

        @Option(
                names = "--validity",
                paramLabel = "DURATION",
                description = "How long the SMSC keeps trying, such as 30m, 48h or 5d (default: as it likes).")
        private @Nullable String validity;

        @Parameters(paramLabel = "TEXT", description = "The text.")
        private String text = "";

        @Mixin
        private Output output = new Output();

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            Address.wrongWith(to).ifPresent(why -> {
                throw new ParameterException(spec.commandLine(), "--to: " + why);
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
            return 0;
        }

        private ValidityPeriod relative(String given) {
            return duration(given)
                    .map(ValidityPeriod.Relative::new)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(),
                            "--validity is \"" + given + "\"; expected a number and s, m, h, d or w, such as 48h"));
        }

        /// A number without a sign and a unit, not zero.
        static Optional<Duration> duration(String given) {
            int digits = given.length() - 1;
            if (digits < 1 || digits > 9) {
                return Optional.empty();
            }
            long number = 0;
            for (int i = 0; i < digits; i++) {
                char c = given.charAt(i);
                if (c < '0' || c > '9') {
                    return Optional.empty();
                }
                number = number * 10 + (c - '0');
            }
            if (number == 0) {
                return Optional.empty();
            }
            return switch (given.charAt(digits)) {
                case 's' -> Optional.of(Duration.ofSeconds(number));
                case 'm' -> Optional.of(Duration.ofMinutes(number));
                case 'h' -> Optional.of(Duration.ofHours(number));
                case 'd' -> Optional.of(Duration.ofDays(number));
                case 'w' -> Optional.of(Duration.ofDays(7 * number));
                default -> Optional.empty();
            };
        }
    }
}
