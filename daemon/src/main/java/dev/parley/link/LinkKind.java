package dev.parley.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A kind of link, and what is peculiar to it, as rules without a state. Whoever has a link asks its kind, and never
/// which kind that is.
public interface LinkKind {

    /// The word that the configuration, the API and the database use.
    String label();

    /// How long a part takes, its hand-over included, before anything was measured.
    Duration usualTime();

    /// Whether it stores messages, so that a place can get full.
    boolean hasStorage();

    // ---- what comes in ----

    /// What is the same of the octets of a message whenever it comes, where its decoder finds no identity in it
    /// ([Decoder#identity]).
    byte[] repeated(byte[] pdu);

    /// Whether equal octets that nobody released are another text after a while. Else they are known for as long as
    /// they lie where they are.
    boolean forgetsCopies();

    // ---- reports ----

    /// Whether a reference is the network's own and means one part for as long as that is under way. Else it comes
    /// again soon, and means something only together with a time.
    boolean hasOwnReferences();

    /// How the networks of this kind spell references in reports, before anything is known of one. What is learned of a
    /// network is kept in it, so each has its own.
    ReferenceSpelling spelling();

    /// Whether the report can be of a part that was handed over then, by what it says of times.
    ///
    /// @param margin how far the network's clock and ours may differ
    boolean isOfThatTime(HandedOver part, Received.Report report, Instant receivedAt, Duration margin);

    /// The part that a report means: in which order the evidence counts.
    ///
    /// @param <P> a part
    <P> Optional<P> meant(Evidence<P> evidence);

    /// When a part was handed over, and when that was answered.
    record HandedOver(Instant submittedAt, Optional<Instant> acceptedAt) {}
}
