package dev.parley.modem;

import dev.parley.link.Inbound;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// The pages of cell broadcasts that were taken already. A network repeats each every few seconds for
/// as long as it holds, with the same serial number (3GPP TS 23.041 §9.4.1.2.1), and a modem stores it
/// again once it is deleted: one copy is news.
final class Broadcasts {
    /// The memory of cell broadcasts (TS 27.005 §3.2.2).
    static final String MEMORY = "BM";

    /// More than a network sends at a time: fifteen pages on a few channels.
    private static final int PAGES_MAX = 256;

    private final SequencedSet<String> taken = new LinkedHashSet<>();

    /// Whether this page is what it is for the first time, as far as is remembered.
    boolean isNew(String digits) {
        return !taken.contains(digits);
    }

    void took(String digits) {
        taken.addLast(digits);
        if (taken.size() > PAGES_MAX) {
            taken.removeFirst();
        }
    }

    /// Whether that is a page, and so no short message: only its place tells.
    static boolean isOne(Inbound inbound) {
        return inbound.place()
                .filter(place -> place.equals(MEMORY) || place.startsWith(MEMORY + ":"))
                .isPresent();
    }
}
