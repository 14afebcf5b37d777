package dev.parley.link;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/// How the network of a link spells in reports the references that it gave.
public interface ReferenceSpelling {

    /// As it gave them. Whoever asks has compared them already.
    ReferenceSpelling EXACT = new ReferenceSpelling() {};

    /// The part that is meant by a reference which none has in that spelling.
    ///
    /// @param parts the unsettled parts of one account with one recipient
    default <T> Found<T> among(
            Collection<T> parts, Function<? super T, Optional<String>> referenceOf, String reported) {
        return new Found.None<>();
    }

    /// Whether the network is not known to spell them in two ways.
    default boolean isExact() {
        return true;
    }

    /// What was found.
    sealed interface Found<T> {
        record One<T>(T part) implements Found<T> {}

        record None<T>() implements Found<T> {}

        /// Settling one would be a guess.
        record Several<T>() implements Found<T> {}
    }
}
