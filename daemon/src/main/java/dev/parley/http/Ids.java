package dev.parley.http;

import dev.parley.problem.Problem;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// Ids as the API shows them: opaque texts. Only the one spelling we gave out is an id.
final class Ids {
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    private Ids() {}

    static Optional<Long> parse(String text) {
        return ID.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /// @param otherwise what is wrong with a request that names what is no id
    static long require(String text, Supplier<Problem> otherwise) {
        return parse(text).orElseThrow(() -> new Refused(otherwise.get()));
    }
}
