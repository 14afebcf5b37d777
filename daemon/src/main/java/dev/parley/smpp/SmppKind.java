package dev.parley.smpp;

import dev.parley.link.Evidence;
import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.link.ReferenceSpelling;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// What is peculiar to SMPP accounts.
public final class SmppKind implements LinkKind {
    public static final LinkKind KIND = new SmppKind();

    /// A submit and its response, over the internet.
    private static final Duration USUAL = Duration.ofMillis(100);

    /// Octets 8 to 15 of a PDU are `command_status` and `sequence_number` (SMPP v3.4 §3.2): an SMSC
    /// that sends a `deliver_sm` again gives it another number.
    private static final int VARYING_FROM = 8;

    private static final int VARYING_TO = 16;

    private static final Duration QUARTER = Duration.ofMinutes(15);

    /// There are time zones from UTC+14 to UTC-12.
    private static final long EAST_QUARTERS_MAX = 14 * 4;

    private static final long WEST_QUARTERS_MAX = 12 * 4;

    private SmppKind() {}

    @Override
    public String label() {
        return "smpp";
    }

    @Override
    public Duration usualTime() {
        return USUAL;
    }

    @Override
    public boolean hasStorage() {
        return false;
    }

    @Override
    public byte[] repeated(byte[] pdu) {
        if (pdu.length < VARYING_TO) {
            return pdu;
        }
        var same = Arrays.copyOf(pdu, pdu.length - (VARYING_TO - VARYING_FROM));
        System.arraycopy(pdu, VARYING_TO, same, VARYING_FROM, pdu.length - VARYING_TO);
        return same;
    }

    /// A `deliver_sm` has no time of its own.
    @Override
    public boolean forgetsCopies() {
        return true;
    }

    /// A `message_id` is the SMSC's own.
    @Override
    public boolean hasOwnReferences() {
        return true;
    }

    @Override
    public ReferenceSpelling spelling() {
        return MessageIds.Form.AS_WRITTEN.get();
    }

    /// The dates of a receipt are cut to minutes and say no time zone (SMPP v3.4 appendix B): zones
    /// differ by quarters of an hour, so what is left over from those must fit.
    @Override
    public boolean isOfThatTime(HandedOver part, Received.Report report, Instant receivedAt, Duration margin) {
        if (report.submittedAt().isEmpty()) {
            return true;
        }
        var written = report.submittedAt().get();
        var earliest = part.submittedAt().minus(margin).minus(Duration.ofMinutes(1));
        var latest = receivedAt.plus(margin);
        long quarters = Math.ceilDiv(Duration.between(written, earliest).toMillis(), QUARTER.toMillis());
        var first = written.plus(QUARTER.multipliedBy(Math.max(quarters, -EAST_QUARTERS_MAX)));
        return quarters <= WEST_QUARTERS_MAX && !first.isAfter(latest);
    }

    /// The id; else the id in another spelling; else a part without an answer; else the id alone. Where
    /// several have it in another spelling there is no telling which is meant.
    @Override
    public <P> Optional<P> meant(Evidence<P> evidence) {
        var exact = evidence.exact();
        if (!exact.isEmpty()) {
            return Optional.of(exact.getFirst());
        }
        return switch (evidence.respelled()) {
            case ReferenceSpelling.Found.One<P>(var part) -> Optional.of(part);
            case ReferenceSpelling.Found.Several<P> _ -> Optional.empty();
            case ReferenceSpelling.Found.None<P> _ -> evidence.proven().or(evidence::byReferenceAlone);
        };
    }
}
