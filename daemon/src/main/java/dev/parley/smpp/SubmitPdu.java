package dev.parley.smpp;

import dev.parley.link.OutboundPart;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.sms.Unpacked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Optional;
import org.jsmpp.bean.OptionalParameter;

/// Makes a `submit_sm` of a part: SMPP v3.4 §4.4.1.
final class SubmitPdu {

    private static final int UDHI = 0x40;
    private static final int UCS2 = 0x08;

    /// What one SMS holds, one septet an octet (3GPP TS 23.040 §9.2.3.24.1); more goes into
    /// `message_payload` (SMPP v3.4 §5.3.2.32). `short_message` could hold 254 octets (§4.4.1), but an
    /// SMSC need not split those.
    private static final int SEPTETS_MAX = 160;

    private static final int UCS2_OCTETS_MAX = 140;

    /// §4.4.1: a C-octet string of at most 21 octets, its NUL included.
    private static final int ADDRESS_DIGITS_MAX = 20;

    /// Absolute time format `YYMMDDhhmmsstnnp` (§7.1.1.1) in UTC.
    private static final DateTimeFormatter ABSOLUTE =
            DateTimeFormatter.ofPattern("uuMMddHHmmss'000+'").withZone(ZoneOffset.UTC);

    private final SmppSettings settings;

    SubmitPdu(SmppSettings settings) {
        this.settings = settings;
    }

    /// @param now for the end of the validity where that is a time
    /// @throws IllegalArgumentException if a field does not fit, which no other try would change
    SubmitSm of(OutboundPart part, Tolerance tolerance, Instant now) {
        var longMessages = longMessages(tolerance);
        var segment = part.segment();
        var parameters = new ArrayList<OptionalParameter>();
        if (longMessages == SmppSettings.LongMessages.SAR && segment.concat().isPresent()) {
            var concat = segment.concat().get();
            parameters.add(new OptionalParameter.Sar_msg_ref_num((short) concat.ref()));
            parameters.add(new OptionalParameter.Sar_total_segments((byte) concat.total()));
            parameters.add(new OptionalParameter.Sar_segment_seqnum((byte) concat.seq()));
            segment = new Segment(
                    segment.alphabet(), segment.locking(), segment.single(), segment.text(), Optional.empty());
        }
        if (segment.alphabet() == Alphabet.GSM7 && settings.defaultAlphabet() == SmppSettings.DefaultAlphabet.LATIN1) {
            segment = latin1(segment);
        }
        boolean ucs2 = segment.alphabet() == Alphabet.UCS2;
        var octets = Unpacked.octets(segment);
        boolean payload = octets.length > (ucs2 ? UCS2_OCTETS_MAX : SEPTETS_MAX)
                || (part.segment().concat().isPresent() && longMessages == SmppSettings.LongMessages.PAYLOAD);
        if (payload) {
            parameters.add(new OptionalParameter.Message_payload(octets));
        }
        return new SubmitSm(
                addressOf(settings.sourceNumber()),
                addressOf(part.recipient()),
                Unpacked.headed(segment) ? UDHI : 0,
                part.validity().map(time -> written(time, tolerance, now)).orElse(""),
                part.statusReport() && settings.statusReports() && tolerance.receipts() ? 1 : 0,
                ucs2 ? UCS2 : 0,
                payload ? new byte[0] : octets,
                parameters);
    }

    private SmppSettings.LongMessages longMessages(Tolerance tolerance) {
        if (!tolerance.otherLongForm()) {
            return settings.longMessages();
        }
        return switch (settings.longMessages()) {
            case UDH -> SmppSettings.LongMessages.SAR;
            case SAR, PAYLOAD -> SmppSettings.LongMessages.UDH;
        };
    }

    /// A text that the queue counted in septets, for an SMSC whose default alphabet is Latin-1.
    /// What that lacks (the euro sign, Greek capitals, what only a national table has) goes as
    /// UCS-2.
    private static Segment latin1(Segment segment) {
        boolean fits = segment.locking() == NationalLanguage.DEFAULT
                && segment.single() == NationalLanguage.DEFAULT
                && StandardCharsets.ISO_8859_1.newEncoder().canEncode(segment.text());
        return new Segment(
                fits ? Alphabet.DATA8 : Alphabet.UCS2,
                NationalLanguage.DEFAULT,
                NationalLanguage.DEFAULT,
                segment.text(),
                segment.concat());
    }

    private SubmitSm.Address addressOf(String number) {
        var rules = settings.addresses();
        boolean international = number.startsWith("+");
        var digits = international && !rules.plus() ? number.substring(1) : number;
        if (digits.length() > ADDRESS_DIGITS_MAX) {
            throw new IllegalArgumentException(
                    "an address of " + digits.length() + " characters (at most " + ADDRESS_DIGITS_MAX + ")");
        }
        return international
                ? new SubmitSm.Address(rules.internationalTon(), rules.internationalNpi(), digits)
                : new SubmitSm.Address(rules.shortCodeTon(), rules.shortCodeNpi(), digits);
    }

    private static String written(Duration validity, Tolerance tolerance, Instant now) {
        return switch (tolerance.validity()) {
            case RELATIVE -> relative(validity);
            case ABSOLUTE -> ABSOLUTE.format(now.plus(validity));
            case NONE -> "";
        };
    }

    /// Relative time format `YYMMDDhhmmss000R` (§7.1.1.2), a month taken for 30 days.
    static String relative(Duration validity) {
        long days = Math.min(validity.toDays(), 99L * 30);
        return "%02d%02d%02d%02d%02d%02d000R"
                .formatted(
                        days / 360,
                        days % 360 / 30,
                        days % 30,
                        validity.toHoursPart(),
                        validity.toMinutesPart(),
                        validity.toSecondsPart());
    }
}
