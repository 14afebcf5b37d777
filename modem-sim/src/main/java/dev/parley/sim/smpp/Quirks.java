package dev.parley.sim.smpp;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How the SMPP port misbehaves, beside what [dev.parley.sim.network.SmscSettings] says.
/// Percentages are of chance.
///
/// @param duplicateReceipts percent of receipts that are sent twice
/// @param dropReceipts percent of receipts that are never sent
/// @param noAnswer percent of accepted submits that get no response
/// @param outOfOrder whether responses come in another order than their requests
/// @param refuseBinds the `command_status` for each bind; 0 accepts
/// @param credentials `system_id:password`; empty takes any
/// @param window submits of a session that may wait for their responses; more are throttled
/// @param submitStatus the `command_status` for each submit, without taking it; 0 for none
/// @param throttleStatus what who is too fast hears
/// @param disconnectEvery after how many submits the connection is cut, the last of them
/// unanswered; 0 for never
/// @param halfOpen whether sessions hear and say nothing any more, and stay connected
/// @param deliverWindow `deliver_sm` of a session that may wait for their responses
/// @param deliverTimeout when an unanswered `deliver_sm` is sent again
/// @param longTexts how the parts of a long text are delivered
/// @param latin1 whether `data_coding` 0 is Latin-1 and not GSM 7-bit
public record Quirks(
        IdForm idForm,
        int duplicateReceipts,
        int dropReceipts,
        int noAnswer,
        boolean outOfOrder,
        Garbage garbage,
        int refuseBinds,
        Optional<String> credentials,
        int window,
        int submitStatus,
        int throttleStatus,
        int disconnectEvery,
        boolean halfOpen,
        Segments segments,
        int deliverWindow,
        Duration deliverTimeout,
        LongTexts longTexts,
        boolean latin1) {

    /// None at all.
    public static final Quirks NONE = new Quirks(
            IdForm.DECIMAL,
            0,
            0,
            0,
            false,
            Garbage.NONE,
            0,
            Optional.empty(),
            1_000,
            0,
            0x58,
            0,
            false,
            Segments.WHOLE,
            100,
            Duration.ofSeconds(30),
            LongTexts.UDH,
            false);

    /// What the SMSC sends that nobody asked for.
    public enum Garbage {
        NONE,
        /// PDUs that are framed well and make no sense otherwise.
        PDUS,
        /// Octets that are no PDU, now and then.
        OCTETS
    }

    /// How PDUs are cut into TCP segments.
    public enum Segments {
        WHOLE,
        SPLIT,
        COALESCED
    }

    public enum LongTexts {
        UDH,
        SAR,
        PAYLOAD
    }

    /// The word for a value of one of the enums here.
    public static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
