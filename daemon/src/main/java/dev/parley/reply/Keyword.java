package dev.parley.reply;

import java.util.Optional;

/// What a text asks of us, apart from what it says to the others.
sealed interface Keyword {

    /// Opts the number out of the line.
    record Stop() implements Keyword {}

    /// Opts it in again.
    record Start() implements Keyword {}

    /// Opts it in again if it is opted out, else an ordinary text.
    record Yes() implements Keyword {}

    record Help() implements Keyword {}

    /// Leaves one group.
    ///
    /// @param tag the group's, where the text names it
    record Leave(Optional<Integer> tag) implements Keyword {}

    /// Comes back to a group that it left.
    record Join(int tag) implements Keyword {}

    /// A bare number or tag and nothing else: the answer to a question if one is open, else an ordinary
    /// text.
    record Answer(int tag) implements Keyword {}

    /// Wording that a reasonable person would read as an opt-out, though it is none of the words.
    record FreerOptOut() implements Keyword {}

    record None() implements Keyword {}
}
