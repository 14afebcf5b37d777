package dev.parley.link;

import java.util.List;
import java.util.Optional;

/// What a person may ask the device of a link, or the network through it.
public interface Console {

    /// What a USSD code may be made of, and so what cannot end the string of `+CUSD`.
    String USSD_CODE = "[0-9*#+]{1,100}";

    /// One line of printable ASCII. Longer ones are not for a person to type, nor for a modem to take.
    String COMMAND_LINE = "(?i)AT[ -~]{0,198}";

    /// Whether a line keeps the device busy for minutes, for which a daemon does not lend it.
    boolean isLong(String line);

    /// Why a line is not run without being told so; empty for one that only asks.
    Optional<String> danger(String line);

    /// Runs a command line of a person's between the link's own. Blocks for at most some 20 seconds.
    ///
    /// @param line as [#COMMAND_LINE] has it
    Answer command(String line) throws InterruptedException;

    /// Asks the network something, such as the balance of a prepaid SIM. Blocks for at most some 25 seconds.
    ///
    /// @param code as [#USSD_CODE] has it
    Answer ussd(String code) throws InterruptedException;

    /// What came of it.
    sealed interface Answer {

        /// @param lines as the network or the device wrote them; at least one
        record Told(List<String> lines) implements Answer {
            public Told {
                lines = List.copyOf(lines);
            }

            public static Told of(String text) {
                return new Told(List.of(text));
            }

            /// All of it as one text.
            public String text() {
                return String.join("\n", lines);
            }
        }

        /// @param why a sentence for a person
        record Refused(String why) implements Answer {}
    }
}
