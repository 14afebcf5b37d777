package dev.parley.modem;

import java.time.Duration;
import java.util.Optional;

/// When a modem that finds no network has its radio switched off and on (`+CFUN`, TS 27.007 §8.2).
///
/// Some search for ever once they have lost their network, and are back in it the second that their
/// radio was switched. A network that is gone for a while (a lift, a mast's maintenance) comes back by
/// itself and costs no switching. Outlives connections, because the second rung starts the modem anew.
final class Search {

    static final Duration FIRST = Duration.ofMinutes(2);

    static final Duration LONGEST = Duration.ofHours(1);

    /// What is done.
    enum Step {
        /// The radio off and on.
        RADIO,
        /// The whole modem.
        RESET
    }

    private boolean searching;
    private long since;
    private int steps;

    /// There is a network.
    void found() {
        searching = false;
        steps = 0;
    }

    /// There is none.
    ///
    /// @param now of [System#nanoTime]
    void lost(long now) {
        if (!searching) {
            searching = true;
            since = now;
        }
    }

    /// The step to take now, if it is time for one.
    Optional<Step> step(long now) {
        if (!searching || now - since < pause().toNanos()) {
            return Optional.empty();
        }
        since = now;
        steps++;
        return Optional.of(steps % 2 == 1 ? Step.RADIO : Step.RESET);
    }

    /// When [#step] is to be asked again.
    Optional<Long> at() {
        return searching ? Optional.of(since + pause().toNanos()) : Optional.empty();
    }

    private Duration pause() {
        var pause = FIRST.multipliedBy(1L << Math.min(steps, 10));
        return pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
}
