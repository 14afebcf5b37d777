package dev.parley.modem;

import java.util.List;

/// What came of asking a modem something: the network by a USSD code, or the modem itself by a command.
public sealed interface ModemAnswer {

    /// @param lines as the network or the modem wrote them; at least one
    record Told(List<String> lines) implements ModemAnswer {
        public Told {
            lines = List.copyOf(lines);
        }

        static Told of(String text) {
            return new Told(List.of(text));
        }

        /// All of it as one text.
        public String text() {
            return String.join("\n", lines);
        }
    }

    /// @param why a sentence for a person
    record Refused(String why) implements ModemAnswer {}
}
