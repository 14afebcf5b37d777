package dev.parley.conversation;

import dev.parley.problem.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/// Cursors as callers hold them: text that means nothing to them.
public final class Cursors {
    private static final Pattern TIMED = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");

    private Cursors() {}

    static String of(Place place) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, place.at()) + "-" + place.id();
    }

    /// Empty if it is none of ours.
    static Optional<Place> timed(String cursor) {
        var parts = TIMED.matcher(cursor);
        return parts.matches()
                ? Optional.of(new Place(
                        Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS),
                        Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    /// Empty if it is none of ours.
    public static Optional<Long> id(String cursor) {
        return ID.matcher(cursor).matches() ? Optional.of(Long.parseLong(cursor)) : Optional.empty();
    }

    /// What follows a message in a thread, towards now.
    static String newer(long id) {
        return "after-" + id;
    }

    /// Empty if it leads elsewhere.
    static Optional<Long> newer(String cursor) {
        return cursor.startsWith("after-") ? id(cursor.substring(6)) : Optional.empty();
    }

    public static Problem bad() {
        return new Problem(
                400,
                "bad-cursor",
                "This cursor is not one that this list gave; leave it out to begin at the newest.",
                Optional.of("cursor"));
    }
}
