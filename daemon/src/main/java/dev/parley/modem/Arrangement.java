package dev.parley.modem;

import dev.parley.at.Command;
import dev.parley.at.Cpms;
import java.util.List;
import java.util.Optional;

/// Where this modem's messages go and how it tells of them.
///
/// @param memories the memories to read and to empty, the main one first; empty where there is none
/// @param acknowledges whether the modem waits for `+CNMA` after what it hands over (`+CSMS: 1`)
/// @param telling the `+CNMI` that was chosen; empty where the modem offers nothing
/// @param polls whether it has to be asked for new messages
/// @param missing what it did not take, and so has to be asked again
record Arrangement(
        List<String> memories,
        Optional<Cpms.Choice> choice,
        boolean acknowledges,
        Optional<Command> telling,
        boolean polls,
        Missing missing) {

    /// Whether a refusal may be one of the moment. No conclusion from one lasts for the session.
    enum Missing {
        NOTHING,
        /// Something that it may take later; it works without.
        LATER,
        /// Its SIM is busy: in seconds.
        SOON
    }

    static final Arrangement NONE =
            new Arrangement(List.of(), Optional.empty(), false, Optional.empty(), true, Missing.LATER);

    /// The same for a modem that does not keep to what it was told.
    Arrangement polling() {
        return new Arrangement(memories, choice, acknowledges, telling, true, missing);
    }
}
