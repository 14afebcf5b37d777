package dev.parley.inbox;

import dev.parley.link.Inbound;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a copy is known by when it comes again.
///
/// A modem shows one message in many ways: it says `OK` and does not delete, lists it in two memories,
/// moves it to another index, hands it over and stores it as well; and a network that has lost an
/// acknowledgement brings it again. What all those copies share is the message itself with the SMSC's
/// time in it, so where the link's decoder finds that ([dev.parley.link.Decoder#identity]) the place
/// says nothing. Without a time only equal octets in the same place are the same.
///
/// @param digest SHA-256 of what it is known by
/// @param dated whether the network's time is in it, so that it is known wherever it lies
@SuppressWarnings("ArrayRecordComponent") // a key of the database, compared there
record CopyKey(byte[] digest, boolean dated) {

    /// A copy that its link has let go of is recognised for so long. No network repeats a message for
    /// longer (the validity of most ends before), and a modem that has not deleted what it said it had
    /// is listed every few minutes. The bound is for SMSCs whose clock stands still.
    static final Duration REMEMBERED = Duration.ofDays(7);

    /// @param identity as the decoder of the link's kind has it
    static CopyKey of(Inbound inbound, Optional<byte[]> identity) {
        var known = identity.orElseGet(() -> inbound.kind().repeated(inbound.pdu()));
        try {
            return new CopyKey(MessageDigest.getInstance("SHA-256").digest(known), identity.isPresent());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /// Whether a copy with this key, of which an equal one was stored, is the same message.
    ///
    /// @param storedAt when the other was
    /// @param released whether its link has let go of it: deleted or acknowledged, as far as the modem
    /// says
    static boolean isTheSame(Instant storedAt, boolean released, Instant receivedAt) {
        return !released || Duration.between(storedAt, receivedAt).compareTo(REMEMBERED) <= 0;
    }
}
