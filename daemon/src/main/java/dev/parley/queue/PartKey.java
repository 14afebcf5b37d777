package dev.parley.queue;

/// Which part, and where it belongs.
sealed interface PartKey permits Part, Candidate {

    long id();

    long deliveryId();

    /// Parts of its delivery.
    int total();

    long lineId();

    long lane();

    default Parts.Where where() {
        return new Parts.Where(lineId(), lane());
    }
}
