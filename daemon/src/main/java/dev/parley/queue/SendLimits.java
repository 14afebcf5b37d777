package dev.parley.queue;

import java.util.OptionalInt;

/// How many parts a link may take, as a SIM's contract has it. The windows slide: there is no midnight
/// at which a
/// SIM may suddenly send twice as much.
///
/// @param perMinute parts in any 60 seconds
/// @param perDay parts in any 24 hours
public record SendLimits(OptionalInt perMinute, OptionalInt perDay) {
    public static final SendLimits NONE = new SendLimits(OptionalInt.empty(), OptionalInt.empty());

    public SendLimits {
        if (perMinute.orElse(1) < 1 || perDay.orElse(1) < 1) {
            throw new IllegalArgumentException("perMinute " + perMinute + ", perDay " + perDay + " (at least 1)");
        }
    }

    boolean any() {
        return perMinute.isPresent() || perDay.isPresent();
    }
}
