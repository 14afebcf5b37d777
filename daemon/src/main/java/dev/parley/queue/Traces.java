package dev.parley.queue;

import dev.parley.link.Evidence;
import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.link.ReferenceSpelling;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What was found of the parts that one report may mean, and the rules by which it means one of them: pure, of what was
/// found and nothing else.
///
/// | step | over a modem | over SMPP |
/// |---|---|---|
/// | known already | same TP-MR, recipient and SCTS as a part that has ended | id of a part that has ended |
/// | surely | newest unsettled part with this TP-MR and recipient that was handed over when the SCTS says | unsettled
/// part with this id and recipient |
/// | by another spelling | – | the only unsettled part of that recipient whose id is this in another spelling |
/// | uncertain | oldest uncertain part of that recipient that this proves | the same |
/// | in doubt | newest unsettled part with this TP-MR and recipient: the SMSC's clock is off | the only unsettled part
/// with this id, where the report names somebody to whom nothing was sent |
///
/// A TP-MR counts to 255 and wraps (3GPP TS 23.040 §9.2.3.6), so it means something only together with
/// the recipient and the time.
///
/// @param withReference parts with the very reference that are accepted or have ended, newest first
/// @param ofRecipient parts of the recipient that are perhaps or surely sent, and not settled, oldest first
/// @param isOfSomebody whether anything was ever sent to whom the report names, where that counts
/// @param spelling how the network spells references
/// @param margin how far the network's clock and ours may differ
record Traces(
        Arrival arrival,
        List<Candidate> withReference,
        List<Candidate> ofRecipient,
        boolean isOfSomebody,
        ReferenceSpelling spelling,
        Duration margin)
        implements Evidence<Candidate> {

    private static final Comparator<Candidate> OLDEST =
            Comparator.comparing(Candidate::submittedAt).thenComparing(Candidate::id);

    /// Whether the report only repeats what is known. A `message_id` is the SMSC's own and says so
    /// itself; a TP-MR comes again after 255 others, so there the SCTS, which a repeated report
    /// repeats, must be the same too.
    boolean areKnown() {
        var kind = arrival.kind();
        var report = arrival.report();
        if (kind.hasOwnReferences() && !unsettled().isEmpty()) {
            return false; // an id used again
        }
        return Candidate.to(report.recipient(), withReference).stream()
                .filter(part -> part.state() != PartState.ACCEPTED)
                .anyMatch(part -> kind.hasOwnReferences() || sameSecond(part.scts(), report.submittedAt()));
    }

    /// An SCTS counts seconds (3GPP TS 23.040 §9.2.3.11).
    private static boolean sameSecond(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent()
                && other.isPresent()
                && one.get().getEpochSecond() == other.get().getEpochSecond();
    }

    /// The part that the report means.
    Optional<Candidate> meant() {
        return arrival.kind().meant(this);
    }

    private List<Candidate> unsettled() {
        return Candidate.to(arrival.report().recipient(), accepted());
    }

    private List<Candidate> accepted() {
        return withReference.stream()
                .filter(part -> part.state() == PartState.ACCEPTED)
                .toList();
    }

    private boolean isBeforeReport(Candidate part) {
        return !part.submittedAt().isAfter(arrival.at());
    }

    @Override
    public List<Candidate> exact() {
        return unsettled().stream().filter(this::isBeforeReport).toList();
    }

    @Override
    public boolean isOfThatTime(Candidate part) {
        return arrival.kind()
                .isOfThatTime(
                        new LinkKind.HandedOver(part.submittedAt(), part.acceptedAt()),
                        arrival.report(),
                        arrival.at(),
                        margin);
    }

    @Override
    public ReferenceSpelling.Found<Candidate> respelled() {
        var reference = arrival.report().reference();
        return reference.isEmpty()
                ? new ReferenceSpelling.Found.None<>()
                : spelling.among(
                        ofRecipient.stream()
                                .filter(part -> part.state() == PartState.ACCEPTED
                                        && part.reference().isPresent()
                                        && isBeforeReport(part))
                                .toList(),
                        Candidate::reference,
                        reference.get());
    }

    /// The oldest part without an answer that this report proves sent (or without a reference, where
    /// the modem gave none). While another to the same recipient is being handed over, nothing is
    /// proven: its reference is not known yet, and the report may be its own.
    @Override
    public Optional<Candidate> proven() {
        if (ofRecipient.stream().anyMatch(part -> part.state() == PartState.SUBMITTING)) {
            return Optional.empty();
        }
        return ofRecipient.stream()
                .filter(part ->
                        part.state() != PartState.ACCEPTED || part.reference().isEmpty())
                .filter(this::isBeforeReport)
                .filter(this::isOfThatTime)
                .filter(part -> quotes(arrival.report(), part.text()))
                .min(OLDEST);
    }

    /// Some SMSCs write neither of a receipt's addresses as the `submit_sm` had them: an id is the
    /// SMSC's own, so it counts alone. But an SMSC that spells its ids in two ways can mean another
    /// part by it; so it does not where such an SMSC is known, nor where the report names somebody to
    /// whom anything was ever sent here, which is whom it is about.
    @Override
    public Optional<Candidate> byReferenceAlone() {
        var all = accepted();
        return arrival.report().recipient().isPresent() && spelling.isExact() && !isOfSomebody && all.size() == 1
                ? all.stream().filter(this::isBeforeReport).findFirst()
                : Optional.empty();
    }

    /// Whether the receipt quotes the text, as far as that can be compared: an SMSC quotes in an
    /// alphabet of its own, so only what is the same in all of them counts.
    static boolean quotes(Received.Report report, String text) {
        var quote = report.textBegin().orElse("").strip();
        int compared = 0;
        for (; compared < quote.length() && compared < text.length(); compared++) {
            char quoted = quote.charAt(compared);
            char said = text.charAt(compared);
            if (!isPlain(quoted) || !isPlain(said)) {
                break;
            }
            if (quoted != said) {
                return false;
            }
        }
        return compared < text.length() || compared == quote.length() || !isPlain(quote.charAt(compared));
    }

    private static boolean isPlain(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ';
    }
}
