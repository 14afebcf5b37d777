package dev.parley.link;

import java.util.Optional;

/// Reads what one kind of link receives. A pure function: what is kept raw can be read again by a later,
/// better one.
@FunctionalInterface
public interface Decoder {

    /// Ends for any octets at all, and does not throw.
    Received decode(Inbound inbound);

    /// What a copy is known by wherever it lies and however often it comes: octets that another message
    /// does not have, because the network's own time is among them. Empty where nothing in it tells it
    /// from one that says the same; its octets and its place have to do then.
    default Optional<byte[]> identity(Inbound inbound) {
        return Optional.empty();
    }
}
