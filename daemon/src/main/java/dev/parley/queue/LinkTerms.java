package dev.parley.queue;

import dev.parley.link.ReferenceSpelling;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// What the queue is told of a link beside the link itself: values, by which one sees whether a configuration changed.
///
/// @param limits how many parts it may take
/// @param spelling how its network spells references in reports, before anything is learned of it; as its kind has it
/// where empty
/// @param account the same word for links that are bound to one SMPP account, of whatever line: the SMSC gives each
/// receipt to any of them; empty for a link with an account, or a SIM, of its own
/// @param weight its share of the parts of its line, 1 to [#WEIGHT_MAX]; empty for one that takes parts only while
/// none with a weight, and none before it, can
public record LinkTerms(
        SendLimits limits,
        Optional<Supplier<ReferenceSpelling>> spelling,
        Optional<String> account,
        OptionalInt weight) {

    /// Finer shares than thousandths nobody can see.
    public static final int WEIGHT_MAX = 1_000;

    public static final LinkTerms NONE =
            new LinkTerms(SendLimits.NONE, Optional.empty(), Optional.empty(), OptionalInt.empty());

    public LinkTerms {
        if (weight.orElse(1) < 1 || weight.orElse(1) > WEIGHT_MAX) {
            throw new IllegalArgumentException("weight " + weight.getAsInt() + " (1 to " + WEIGHT_MAX + ")");
        }
    }

    public LinkTerms with(SendLimits other) {
        return new LinkTerms(other, spelling, account, weight);
    }

    public LinkTerms with(Supplier<ReferenceSpelling> other) {
        return new LinkTerms(limits, Optional.of(other), account, weight);
    }

    public LinkTerms ofAccount(String name) {
        return new LinkTerms(limits, spelling, Optional.of(name), weight);
    }

    public LinkTerms weighing(int share) {
        return new LinkTerms(limits, spelling, account, OptionalInt.of(share));
    }
}
