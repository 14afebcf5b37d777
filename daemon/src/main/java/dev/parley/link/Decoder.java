package dev.parley.link;

/// Reads what one kind of link receives. A pure function: what is kept raw can be read again by a later, better one.
@FunctionalInterface
public interface Decoder {

    /// Ends for any octets at all, and does not throw.
    Received decode(Inbound inbound);
}
