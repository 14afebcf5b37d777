package dev.parley.sim.smpp;

import dev.parley.sim.network.Origin;
import dev.parley.sim.network.ReportWish;
import dev.parley.sim.network.Submission;
import dev.parley.sms.Address;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Concat;
import dev.parley.sms.Dcs;
import dev.parley.sms.InformationElement;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Octets;
import dev.parley.sms.Segment;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.Unpacked;
import dev.parley.sms.UserData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a `submit_sm`, `submit_multi` or `data_sm` wants sent: SMPP v3.4 §4.4.1, §4.5.1, §4.7.1.
@SuppressWarnings("ArrayRecordComponent") // lives within one request
record Wanted(
        Address source,
        List<Destination> destinations,
        int esmClass,
        int protocolId,
        Optional<Instant> notBefore,
        Optional<Instant> expires,
        int registeredDelivery,
        int dataCoding,
        byte[] message,
        Map<Integer, byte[]> tlvs) {

    /// A destination as it was written.
    ///
    /// @param address empty if nobody can have it
    record Destination(int ton, int npi, String written, Optional<Address> address) {}

    private static final int UDHI = 0x40;
    private static final int INTERMEDIATE = 0x10;
    private static final int CONCATENATED_8 = 0x00;
    private static final int CONCATENATED_16 = 0x08;
    private static final int SINGLE_SHIFT = 0x24;
    private static final int LOCKING_SHIFT = 0x25;
    private static final int SME_ADDRESS = 1;

    /// Destinations of one `submit_multi`, at most: §4.5.1.
    private static final int DESTINATIONS_MAX = 254;

    static Wanted of(Pdu pdu) throws Pdu.Unreadable {
        var in = pdu.reader();
        in.cString(); // service_type
        int sourceTon = in.octet();
        int sourceNpi = in.octet();
        var source = address(sourceTon, sourceNpi, in.cString())
                .orElseThrow(() -> new Pdu.Unreadable(Pdu.INVALID_SOURCE, "no such sender"));
        var destinations = new ArrayList<Destination>();
        if (pdu.commandId() == Pdu.SUBMIT_MULTI) {
            int count = in.octet();
            if (count == 0 || count > DESTINATIONS_MAX) {
                throw new Pdu.Unreadable(Pdu.INVALID_DESTINATION_COUNT, count + " destinations");
            }
            for (int i = 0; i < count; i++) {
                if (in.octet() == SME_ADDRESS) {
                    destinations.add(destination(in));
                } else {
                    destinations.add(new Destination(0, 0, in.cString(), Optional.empty()));
                }
            }
        } else {
            destinations.add(destination(in));
        }
        int esmClass = in.octet();
        if (pdu.commandId() == Pdu.DATA_SM) {
            int registeredDelivery = in.octet();
            int dataCoding = in.octet();
            var tlvs = in.tlvs();
            return new Wanted(
                    source,
                    destinations,
                    esmClass,
                    0,
                    Optional.empty(),
                    timeToLive(tlvs),
                    registeredDelivery,
                    dataCoding,
                    tlvs.getOrDefault(Pdu.MESSAGE_PAYLOAD, new byte[0]),
                    tlvs);
        }
        int protocolId = in.octet();
        in.octet(); // priority_flag
        var notBefore = time(in.cString(), Pdu.INVALID_SCHEDULE); // schedule_delivery_time
        var expires = time(in.cString(), Pdu.INVALID_EXPIRY); // validity_period
        int registeredDelivery = in.octet();
        in.octet(); // replace_if_present_flag
        int dataCoding = in.octet();
        in.octet(); // sm_default_msg_id
        var message = in.octets(in.octet());
        var tlvs = in.tlvs();
        return new Wanted(
                source,
                destinations,
                esmClass,
                protocolId,
                notBefore,
                expires,
                registeredDelivery,
                dataCoding,
                message.length > 0 ? message : tlvs.getOrDefault(Pdu.MESSAGE_PAYLOAD, new byte[0]),
                tlvs);
    }

    private static Destination destination(Pdu.Reader in) throws Pdu.Unreadable {
        int ton = in.octet();
        int npi = in.octet();
        var written = in.cString();
        return new Destination(ton, npi, written, address(ton, npi, written).filter(address -> !address.isName()));
    }

    private static Optional<Address> address(int ton, int npi, String written) {
        try {
            return Optional.of(
                    switch (ton) {
                        case 1 -> Address.ofNumber(written.startsWith("+") ? written : "+" + written);
                        case 5 -> Address.ofName(written);
                        default -> {
                            var number = Address.ofNumber(written);
                            yield written.startsWith("+") ? number : new Address(written, ton & 7, npi & 15);
                        }
                    });
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// `qos_time_to_live`, seconds in four octets: §5.3.2.9.
    private static Optional<Instant> timeToLive(Map<Integer, byte[]> tlvs) {
        return Optional.ofNullable(tlvs.get(Pdu.QOS_TIME_TO_LIVE))
                .filter(value -> value.length == Integer.BYTES)
                .map(value -> Instant.now()
                        .plusSeconds(
                                Integer.toUnsignedLong(ByteBuffer.wrap(value).getInt())));
    }

    /// Absolute or relative: `YYMMDDhhmmsstnnp`, §7.1.1.
    ///
    /// @param otherwise the `command_status` for what is no such time
    static Optional<Instant> time(String written, int otherwise) throws Pdu.Unreadable {
        if (written.isEmpty()) {
            return Optional.empty();
        }
        if (!written.matches("[0-9]{15}[-+R]")) {
            throw new Pdu.Unreadable(otherwise, "no time: " + written);
        }
        int[] pairs = new int[6];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = Integer.parseInt(written, 2 * i, 2 * i + 2, 10);
        }
        if (written.endsWith("R")) {
            return Optional.of(Instant.now()
                    .plus(Duration.ofDays(pairs[0] * 360L + pairs[1] * 30L + pairs[2])
                            .plusHours(pairs[3])
                            .plusMinutes(pairs[4])
                            .plusSeconds(pairs[5])));
        }
        int quarters = Integer.parseInt(written, 13, 15, 10) * (written.endsWith("-") ? -1 : 1);
        try {
            return Optional.of(LocalDateTime.of(2000 + pairs[0], pairs[1], pairs[2], pairs[3], pairs[4], pairs[5])
                    .toInstant(ZoneOffset.UTC)
                    .minus(Duration.ofMinutes(15L * quarters)));
        } catch (DateTimeException e) {
            throw new Pdu.Unreadable(otherwise, String.valueOf(e.getMessage()));
        }
    }

    /// `registered_delivery`, §5.2.17; 3 for success alone is SMPP v5.0's (§4.7.21).
    ReportWish wish() {
        int outcomes = registeredDelivery & 0x03;
        return new ReportWish(
                outcomes == 1 || outcomes == 3,
                outcomes == 1 || outcomes == 2,
                (registeredDelivery & INTERMEDIATE) != 0);
    }

    /// The messages for one destination: one, or as many as a `message_payload` needs.
    List<Submission> submissions(String systemId, Address to, boolean latin1) throws Pdu.Unreadable {
        var submissions = new ArrayList<Submission>();
        for (var userData : userData(latin1)) {
            submissions.add(new Submission(
                    new Origin.SmppSystem(systemId),
                    source,
                    to,
                    protocolId,
                    userData.dcs,
                    userData.data,
                    expires,
                    ReportWish.NONE,
                    0,
                    notBefore));
        }
        // A receipt comes for the whole: when the last part has its outcome.
        int last = submissions.size() - 1;
        var s = submissions.get(last);
        submissions.set(
                last,
                new Submission(
                        s.origin(),
                        s.from(),
                        s.to(),
                        s.pid(),
                        s.dcs(),
                        s.userData(),
                        s.expires(),
                        wish(),
                        s.mr(),
                        s.notBefore()));
        return submissions;
    }

    private record Coded(Dcs dcs, UserData data) {}

    private List<Coded> userData(boolean latin1) throws Pdu.Unreadable {
        int header = (esmClass & UDHI) != 0 && message.length > 0 ? 1 + (message[0] & 0xFF) : 0;
        if (header > message.length) {
            throw new Pdu.Unreadable(Pdu.INVALID_MESSAGE_LENGTH, "the header is longer than the message");
        }
        var elements = elements(header);
        var body = Arrays.copyOfRange(message, header, message.length);
        try {
            return switch (alphabet()) {
                case DATA8 -> List.of(new Coded(Dcs.of(Alphabet.DATA8), UserData.ofData(body, elements)));
                case UCS2 -> texts(new String(body, StandardCharsets.UTF_16BE), elements, Optional.of(Alphabet.UCS2));
                case GSM7 ->
                    dataCoding == 1 || dataCoding == 3 || (dataCoding == 0 && latin1)
                            ? texts(new String(body, StandardCharsets.ISO_8859_1), elements, Optional.empty())
                            : texts(
                                    Unpacked.text(body, shift(elements, LOCKING_SHIFT), shift(elements, SINGLE_SHIFT)),
                                    elements,
                                    Optional.of(Alphabet.GSM7));
            };
        } catch (IllegalArgumentException e) {
            throw new Pdu.Unreadable(Pdu.INVALID_MESSAGE_LENGTH, String.valueOf(e.getMessage()));
        }
    }

    private Alphabet alphabet() {
        return switch (dataCoding) {
            case 0, 1, 3 -> Alphabet.GSM7;
            case 2, 4 -> Alphabet.DATA8;
            case 8 -> Alphabet.UCS2;
            default -> dataCoding >= 0x10 ? new Dcs(dataCoding).alphabet() : Alphabet.GSM7;
        };
    }

    private List<Coded> texts(String text, List<InformationElement> elements, Optional<Alphabet> alphabet) {
        var concat = concat(elements).or(this::sar);
        var segment = new Segment(
                alphabet.orElse(Unpacked.fits(text) ? Alphabet.GSM7 : Alphabet.UCS2),
                shift(elements, LOCKING_SHIFT),
                shift(elements, SINGLE_SHIFT),
                text,
                concat);
        try {
            return List.of(coded(segment));
        } catch (IllegalArgumentException e) {
            if (concat.isPresent()) {
                throw e;
            }
            // More than one SMS holds: the SMSC splits it.
            if (Segmenter.split(text, SplitOptions.plain(text.hashCode() & 0xFF)) instanceof Split.Parts parts) {
                return parts.segments().stream().map(Wanted::coded).toList();
            }
            throw e;
        }
    }

    private static Coded coded(Segment segment) {
        return new Coded(Dcs.of(segment.alphabet()), UserData.of(segment));
    }

    private List<InformationElement> elements(int header) {
        var elements = new ArrayList<InformationElement>();
        int at = 1;
        while (at + 2 <= header) {
            int end = at + 2 + (message[at + 1] & 0xFF);
            if (end > header) {
                return List.of();
            }
            elements.add(
                    new InformationElement(message[at] & 0xFF, Octets.of(Arrays.copyOfRange(message, at + 2, end))));
            at = end;
        }
        return elements;
    }

    private static NationalLanguage shift(List<InformationElement> elements, int identifier) {
        return elements.stream()
                .filter(element ->
                        element.identifier() == identifier && element.data().size() == 1)
                .map(element -> language(element.data().at(0)))
                .reduce((_, later) -> later)
                .orElse(NationalLanguage.DEFAULT);
    }

    private static Optional<Concat> concat(List<InformationElement> elements) {
        for (var element : elements) {
            var data = element.data();
            if (element.identifier() == CONCATENATED_8 && data.size() == 3) {
                return concat(data.at(0), 8, data.at(1), data.at(2));
            }
            if (element.identifier() == CONCATENATED_16 && data.size() == 4) {
                return concat((data.at(0) << 8) | data.at(1), 16, data.at(2), data.at(3));
            }
        }
        return Optional.empty();
    }

    private Optional<Concat> sar() {
        var reference = tlvs.get(Pdu.SAR_MSG_REF_NUM);
        var total = Pdu.octet(tlvs, Pdu.SAR_TOTAL_SEGMENTS);
        var seq = Pdu.octet(tlvs, Pdu.SAR_SEGMENT_SEQNUM);
        if (reference == null || reference.length != 2 || total.isEmpty() || seq.isEmpty()) {
            return Optional.empty();
        }
        // Phones understand eight bits best, and they are what a part that was cut for a header leaves room for.
        return concat(reference[1] & 0xFF, 8, total.get(), seq.get());
    }

    private static Optional<Concat> concat(int reference, int bits, int total, int seq) {
        return total >= 1 && seq >= 1 && seq <= total
                ? Optional.of(new Concat(reference, bits, total, seq))
                : Optional.empty();
    }

    private static NationalLanguage language(int code) {
        for (var language : NationalLanguage.values()) {
            if (language.code() == code) {
                return language;
            }
        }
        return NationalLanguage.DEFAULT;
    }
}
