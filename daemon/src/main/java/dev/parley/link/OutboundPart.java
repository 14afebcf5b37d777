package dev.parley.link;

import dev.parley.sms.Segment;
import java.time.Duration;
import java.util.Optional;

/// One SMS on its way to one recipient, as the queue hands it to a link. It says what to send and not how: each kind
/// of link encodes it in its own way.
///
/// @param id the queue's id of the part, for logs
/// @param recipient E.164 with `+`, or a short code
/// @param statusReport whether a status report is asked for
/// @param validity how long the SMSC may keep trying; empty leaves it to the SMSC
/// @param moreToCome whether the queue has another part for this link, so that a modem may hold its radio link
/// (`+CMMS`)
public record OutboundPart(
        long id,
        String recipient,
        Segment segment,
        boolean statusReport,
        Optional<Duration> validity,
        boolean moreToCome) {}
