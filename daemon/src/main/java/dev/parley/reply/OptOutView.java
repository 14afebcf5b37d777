package dev.parley.reply;

import dev.parley.conversation.ConversationView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether a number wants texts of a line, with how that came about.
///
/// @param display the number as people write it where the line is
/// @param state `opted-out`, `suspected` (a user has to decide), `opted-in`
/// @param decideBy when a suspected one counts as opted out
/// @param history oldest first
public record OptOutView(
        String id,
        ConversationView.LineRef line,
        String number,
        String display,
        String state,
        Instant since,
        Optional<Instant> decideBy,
        List<Change> history) {

    /// One thing that happened.
    ///
    /// @param what `opted-out`, `opted-in`, `suspected`, `confirmed`, `dismissed`, `expired`
    /// @param by the name of the user who decided
    /// @param text what the number wrote
    public record Change(
            Instant at, String what, Optional<String> by, Optional<String> message, Optional<String> text) {}
}
