package dev.parley.http;

import java.util.Optional;
import java.util.regex.Pattern;

/// Ids as the API shows them: opaque texts. Only the one spelling we gave out is an id.
final class Ids {
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    private Ids() {}

    static Optional<Long> parse(String text) {
        return ID.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
