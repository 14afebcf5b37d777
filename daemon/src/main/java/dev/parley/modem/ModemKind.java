package dev.parley.modem;

import dev.parley.link.Evidence;
import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.link.ReferenceSpelling;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What is peculiar to GSM modems.
public final class ModemKind implements LinkKind {
    public static final LinkKind KIND = new ModemKind();

    /// A part over GSM takes two to six seconds.
    private static final Duration USUAL = Duration.ofSeconds(4);

    private ModemKind() {}

    @Override
    public String label() {
        return "modem";
    }

    @Override
    public Duration usualTime() {
        return USUAL;
    }

    @Override
    public boolean hasStorage() {
        return true;
    }

    /// A PDU has nothing that varies.
    @Override
    public byte[] repeated(byte[] pdu) {
        return pdu;
    }

    @Override
    public boolean forgetsCopies() {
        return false;
    }

    /// A TP-MR counts to 255 and wraps (3GPP TS 23.040 §9.2.3.6).
    @Override
    public boolean hasOwnReferences() {
        return false;
    }

    @Override
    public ReferenceSpelling spelling() {
        return ReferenceSpelling.EXACT;
    }

    /// Whether the SMSC got the part between the hand-over and its end, as far as the two clocks agree.
    @Override
    public boolean isOfThatTime(HandedOver part, Received.Report report, Instant receivedAt, Duration margin) {
        return report.submittedAt()
                .map(scts -> !scts.isBefore(part.submittedAt().minus(margin))
                        && part.acceptedAt()
                                .map(at -> !scts.isAfter(at.plus(margin)))
                                .orElse(true))
                .orElse(true);
    }

    /// The TP-MR with a time that fits; else a part without an answer; else the newest with the TP-MR, because the
    /// SMSC's clock is off.
    @Override
    public <P> Optional<P> meant(Evidence<P> evidence) {
        var exact = evidence.exact();
        var sure = exact.stream().filter(evidence::isOfThatTime).findFirst();
        if (sure.isPresent()) {
            return sure;
        }
        var proven = evidence.proven();
        return proven.isPresent() ? proven : exact.stream().findFirst();
    }
}
