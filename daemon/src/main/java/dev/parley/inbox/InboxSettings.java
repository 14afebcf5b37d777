package dev.parley.inbox;

import java.time.Duration;

/// How the inbox behaves.
///
/// @param patience how long an incomplete text waits for its missing parts before it is given on without them
/// @param redelivery how long a PDU over SMPP whose acknowledgement was not confirmed is recognised when it comes
/// again;
/// a modem's copies are recognised for ever, because they carry the SMSC's time
/// @param poll how often incomplete texts are looked at
public record InboxSettings(Duration patience, Duration redelivery, Duration poll) {

    public static InboxSettings defaults() {
        return new InboxSettings(Duration.ofHours(24), Duration.ofDays(3), Duration.ofSeconds(30));
    }
}
