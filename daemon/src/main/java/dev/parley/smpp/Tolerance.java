package dev.parley.smpp;

import java.util.Optional;

/// What an SMSC takes of the fields that a `submit_sm` can do without. An SMSC that refuses one
/// gets the text again without it, and is spared the field from then on.
///
/// @param receipts whether `registered_delivery` may ask for them
/// @param otherLongForm whether the parts of a long text go in the other form than the settings
/// say, because the SMSC refused what that needs: the header's bit in `esm_class`, or the optional
/// parameters
record Tolerance(Validity validity, boolean receipts, boolean otherLongForm) {

    static final Tolerance ALL = new Tolerance(Validity.RELATIVE, true, false);

    /// The forms of `validity_period`, in the order in which they are tried: SMPP v3.4 §7.1.1.
    enum Validity {
        /// `020610233429000R`
        RELATIVE,
        /// `261129184000000+`, which some SMSCs take alone.
        ABSOLUTE,
        /// NULL: the SMSC's own default (§5.2.16).
        NONE
    }

    /// What to try after a refusal with this status; empty where the refusal means something else
    /// than a field that could be left out of this submit.
    Optional<Tolerance> after(int status, SubmitSm refused) {
        var next = CommandStatus.of(status).map(known -> switch (known) {
            // ESME_RINVSCHED too: there is no schedule_delivery_time, so it is said of the other time.
            case ESME_RINVEXPIRY, ESME_RINVSCHED -> refused.validityPeriod().isEmpty() ? this : otherValidity();
            case ESME_RINVREGDLVFLG ->
                new Tolerance(validity, receipts && refused.registeredDelivery() == 0, otherLongForm);
            case ESME_RINVESMCLASS -> new Tolerance(validity, receipts, otherLongForm || refused.esmClass() != 0);
            case ESME_RINVTLVSTREAM, ESME_RTLVNOTALLWD, ESME_RINVTLVLEN, ESME_RINVTLVVAL ->
                new Tolerance(
                        validity,
                        receipts,
                        otherLongForm || !refused.parameters().isEmpty());
            default -> this;
        });
        return next.filter(narrower -> !narrower.equals(this));
    }

    private Tolerance otherValidity() {
        return new Tolerance(
                validity == Validity.RELATIVE ? Validity.ABSOLUTE : Validity.NONE, receipts, otherLongForm);
    }

    String words() {
        return (switch (validity) {
                            case RELATIVE -> "";
                            case ABSOLUTE -> " validity_period in absolute form";
                            case NONE -> " no validity_period";
                        }
                        + (receipts ? "" : " no registered_delivery")
                        + (otherLongForm ? " long texts in the other form" : ""))
                .strip();
    }
}
