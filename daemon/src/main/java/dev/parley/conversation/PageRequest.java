package dev.parley.conversation;

import dev.parley.problem.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Which part of a list is wanted.
///
/// @param limit 1 to 200
/// @param cursor [Page#next] of the page before; empty for the first
public record PageRequest(int limit, Optional<String> cursor) {
    static final int LIMIT_MAX = 200;

    /// What the texts of one page may have together. A text of 255 SMS has 39,000 characters: two hundred of them at
    /// once, for every request at work, are more memory than there is. Of usual texts this is more than a thousand.
    static final int CHARACTERS_MAX = 128 * 1024;

    public PageRequest {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("limit " + limit + " (expected 1 to " + LIMIT_MAX + ")");
        }
    }

    /// Where it begins in a list that is in the order of a time; refused with `bad-cursor` where there is no such
    /// place.
    Outcome<Optional<Place>> place() {
        var place = cursor.flatMap(Cursors::timed);
        return cursor.isPresent() && place.isEmpty() ? Outcome.refused(Cursors.bad()) : Outcome.done(place);
    }

    /// The first of these, as many as fit a page: at least one, at most `limit`.
    static <T> List<T> fitting(List<T> found, int limit, ToIntFunction<T> characters) {
        int size = 0;
        int together = 0;
        for (var each : found.subList(0, Math.min(limit, found.size()))) {
            together += characters.applyAsInt(each);
            if (size > 0 && together > CHARACTERS_MAX) {
                break;
            }
            size++;
        }
        return found.subList(0, size);
    }
}
