package dev.parley.queue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/// Whose turn it is among links that share by weight. Each part gives every link that could take it a
/// credit of its weight, and the one that takes it pays what all of them got: so the turns of a link are
/// spread evenly among those of the others, and over a round (as many parts as the weights add up to)
/// each has exactly its share. Who cannot take a part gets no credit for it, and so has nothing to catch
/// up with when it is back.
///
/// Not safe for threads; the line's desk guards it.
final class Shares {

    /// Rounds that a link may be ahead of its share or behind it, because parts of one text stay
    /// together. More is forgotten, so that nobody catches up for long.
    private static final int ROUNDS_MAX = 8;

    private final int[] weights;
    private final long[] credits;
    private final long creditMax;

    /// @param weights of the links, 0 for one that has no share
    Shares(List<Integer> weights) {
        this.weights = weights.stream().mapToInt(Integer::intValue).toArray();
        this.credits = new long[weights.size()];
        this.creditMax = (long) ROUNDS_MAX * Arrays.stream(this.weights).sum();
    }

    /// The place of the link that is to take the next part; empty where none with a share can.
    ///
    /// @param able the places of the links that could take it
    OptionalInt next(BitSet able) {
        int best = -1;
        for (int place = able.nextSetBit(0); place >= 0; place = able.nextSetBit(place + 1)) {
            if (weights[place] > 0 && (best < 0 || credits[place] + weights[place] > credits[best] + weights[best])) {
                best = place;
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    /// The link in this place takes a part, whether or not it was its turn.
    ///
    /// @param able the places of the links that could have taken it
    void taken(int place, BitSet able) {
        long given = 0;
        for (int each = able.nextSetBit(0); each >= 0; each = able.nextSetBit(each + 1)) {
            given += weights[each];
            credits[each] = Math.min(credits[each] + weights[each], creditMax);
        }
        credits[place] = Math.max(credits[place] - given, -creditMax);
    }
}
