package dev.parley.queue;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A part at hand: what memory has of a row that is to be handed over or is being so. Changed by works
/// alone.
final class Item implements Comparable<Item> {
    /// As of before the hand-over that is under way.
    final Part part;

    final long place;
    PartState state;
    final boolean held;
    final Instant dueAt;

    @Nullable
    String link;

    @Nullable
    Instant submittedAt;

    /// The link that the part before it in its delivery was handed to last; null for the first.
    @Nullable
    String earlierLink;

    /// When it became the head of its lane, in a count of all heads: of what is due at once, those go
    /// first that have waited longest as heads, so that a long text lets others in between.
    long turn;

    /// Whether its row has not been written yet.
    boolean isNew;

    Item(Part part, long place, PartState state, boolean held, Instant dueAt) {
        this.part = part;
        this.place = place;
        this.state = state;
        this.held = held;
        this.dueAt = dueAt;
    }

    /// The longest due first.
    @Override
    public int compareTo(Item other) {
        int byDue = dueAt.compareTo(other.dueAt);
        return byDue != 0 ? byDue : Long.compare(turn, other.turn);
    }
}
