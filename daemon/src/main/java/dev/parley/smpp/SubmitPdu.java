package dev.parley.smpp;

import dev.parley.link.OutboundPart;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.sms.Unpacked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jsmpp.PDUStringException;
import org.jsmpp.bean.OptionalParameter;
import org.jsmpp.util.DefaultComposer;
import org.jsmpp.util.PDUComposer;

/// Makes a `submit_sm` of a part: SMPP v3.4 §4.4.1.
final class SubmitPdu {

    private static final int UDHI = 0x40;
    private static final int UCS2 = 0x08;

    /// What one SMS holds, one septet an octet (3GPP TS 23.040 §9.2.3.24.1); more goes into `message_payload` (SMPP
    /// v3.4
    /// §5.3.2.32). `short_message` could hold 254 octets (§4.4.1), but an SMSC need not split those.
    private static final int SEPTETS_MAX = 160;

    private static final int UCS2_OCTETS_MAX = 140;

    private static final PDUComposer COMPOSER = new DefaultComposer();

    private final SmppSettings settings;

    SubmitPdu(SmppSettings settings) {
        this.settings = settings;
    }

    /// @throws PDUStringException if a field does not fit, which no other try would change
    byte[] octets(int sequence, OutboundPart part) throws PDUStringException {
        var body = body(part.segment());
        var parameters = new ArrayList<OptionalParameter>(body.parameters);
        boolean payload = body.octets.length > (body.dataCoding == UCS2 ? UCS2_OCTETS_MAX : SEPTETS_MAX)
                || (part.segment().concat().isPresent()
                        && settings.longMessages() == SmppSettings.LongMessages.PAYLOAD);
        if (payload) {
            parameters.add(new OptionalParameter.Message_payload(body.octets));
        }
        var source = addressOf(settings.sourceNumber());
        var destination = addressOf(part.recipient());
        return COMPOSER.submitSm(
                sequence,
                "",
                (byte) source.ton,
                (byte) source.npi,
                source.digits,
                (byte) destination.ton,
                (byte) destination.npi,
                destination.digits,
                (byte) (body.headed ? UDHI : 0),
                (byte) 0,
                (byte) 0,
                null,
                part.validity().map(SubmitPdu::relative).orElse(null),
                (byte) (part.statusReport() ? 1 : 0),
                (byte) 0,
                (byte) body.dataCoding,
                (byte) 0,
                payload ? new byte[0] : body.octets,
                parameters.toArray(OptionalParameter[]::new));
    }

    @SuppressWarnings("ArrayRecordComponent") // lives within one call
    private record Body(int dataCoding, boolean headed, byte[] octets, List<OptionalParameter> parameters) {}

    private Body body(Segment segment) {
        if (settings.longMessages() != SmppSettings.LongMessages.SAR
                || segment.concat().isEmpty()) {
            return body(segment, List.of());
        }
        var concat = segment.concat().get();
        var alone =
                new Segment(segment.alphabet(), segment.locking(), segment.single(), segment.text(), Optional.empty());
        return body(
                alone,
                List.of(
                        new OptionalParameter.Sar_msg_ref_num((short) concat.ref()),
                        new OptionalParameter.Sar_total_segments((byte) concat.total()),
                        new OptionalParameter.Sar_segment_seqnum((byte) concat.seq())));
    }

    private Body body(Segment segment, List<OptionalParameter> parameters) {
        if (segment.alphabet() == Alphabet.GSM7 && settings.defaultAlphabet() == SmppSettings.DefaultAlphabet.LATIN1) {
            return latin1(segment, parameters);
        }
        return new Body(
                segment.alphabet() == Alphabet.UCS2 ? UCS2 : 0,
                Unpacked.headed(segment),
                Unpacked.octets(segment),
                parameters);
    }

    /// A text that the queue counted in septets, for an SMSC whose default alphabet is Latin-1.
    /// What that lacks (the euro sign, Greek capitals, what only a national table has) goes as
    /// UCS-2.
    private static Body latin1(Segment segment, List<OptionalParameter> parameters) {
        boolean fits = segment.locking() == NationalLanguage.DEFAULT
                && segment.single() == NationalLanguage.DEFAULT
                && StandardCharsets.ISO_8859_1.newEncoder().canEncode(segment.text());
        var recoded = new Segment(
                fits ? Alphabet.DATA8 : Alphabet.UCS2,
                NationalLanguage.DEFAULT,
                NationalLanguage.DEFAULT,
                segment.text(),
                segment.concat());
        return new Body(fits ? 0 : UCS2, Unpacked.headed(recoded), Unpacked.octets(recoded), parameters);
    }

    private record Address(int ton, int npi, String digits) {}

    private Address addressOf(String number) {
        var rules = settings.addresses();
        if (number.startsWith("+")) {
            return new Address(
                    rules.internationalTon(), rules.internationalNpi(), rules.plus() ? number : number.substring(1));
        }
        return new Address(rules.shortCodeTon(), rules.shortCodeNpi(), number);
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
