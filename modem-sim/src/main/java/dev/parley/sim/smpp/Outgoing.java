package dev.parley.sim.smpp;

import dev.parley.sim.network.Parcel;
import dev.parley.sim.network.ShortMessage;
import dev.parley.sms.Address;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Concat;
import dev.parley.sms.Unpacked;
import dev.parley.sms.UserData;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Writes what the SMSC sends to a system: texts and receipts.
final class Outgoing {
    private Outgoing() {}

    private static final int UDHI = 0x40;
    private static final int RECEIPT = 0x04;
    private static final int INTERMEDIATE = 0x20;
    private static final int UCS2 = 0x08;
    private static final int BINARY = 0x04;

    private static final int ENROUTE = 1;
    private static final int DELIVERED = 2;
    private static final int EXPIRED = 3;
    private static final int DELETED = 4;
    private static final int UNDELIVERABLE = 5;
    private static final int REJECTED = 8;

    /// GSM, and SM delivery failure (3GPP TS 29.002 §17.6.6), absent subscriber.
    private static final byte[] REFUSED_BY_PHONE = {3, 0, 32};

    private static final byte[] ABSENT = {3, 0, 27};

    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyMMddHHmm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter LONG =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /// How many characters of its text a receipt repeats: SMPP v3.4 appendix B.
    private static final int TEXT_CHARACTERS = 20;

    /// A `deliver_sm` with one SMS.
    static Pdu text(ShortMessage message, Quirks quirks, int sequence) {
        var userData = message.userData();
        var concat = userData.concat();
        boolean sar = quirks.longTexts() == Quirks.LongTexts.SAR && concat.isPresent();
        boolean payload = quirks.longTexts() == Quirks.LongTexts.PAYLOAD && concat.isPresent();
        boolean headed = userData.headed() && !sar;
        var octets = octets(userData, message.dcs().alphabet(), headed, quirks.latin1());
        var out = head(message.from(), message.to(), headed ? UDHI : 0, message.pid(), dataCoding(message));
        out.octet(payload ? 0 : octets.length).octets(payload ? new byte[0] : octets);
        if (payload) {
            out.tlv(Pdu.MESSAGE_PAYLOAD, octets);
        }
        if (sar) {
            sar(out, concat.get());
        }
        return new Pdu(Pdu.DELIVER_SM, 0, sequence, out.body());
    }

    private static void sar(Pdu.Writer out, Concat concat) {
        out.tlv(Pdu.SAR_MSG_REF_NUM, (byte) (concat.ref() >> 8), (byte) concat.ref())
                .tlv(Pdu.SAR_TOTAL_SEGMENTS, (byte) concat.total())
                .tlv(Pdu.SAR_SEGMENT_SEQNUM, (byte) concat.seq());
    }

    private static int dataCoding(ShortMessage message) {
        if (message.dcs().octet() >= 0xC0) {
            return message.dcs().octet(); // message waiting and classes, as in 3GPP TS 23.038 §4
        }
        return switch (message.dcs().alphabet()) {
            case GSM7 -> 0;
            case UCS2 -> UCS2;
            case DATA8 -> BINARY;
        };
    }

    private static byte[] octets(UserData userData, Alphabet alphabet, boolean headed, boolean latin1) {
        var out = new ByteArrayOutputStream();
        if (headed) {
            var header = new ByteArrayOutputStream();
            for (var element : userData.elements()) {
                header.write(element.identifier());
                header.write(element.data().size());
                header.writeBytes(element.data().toArray());
            }
            out.write(header.size());
            out.writeBytes(header.toByteArray());
        }
        out.writeBytes(
                switch (alphabet) {
                    case GSM7 ->
                        latin1
                                ? userData.text().getBytes(StandardCharsets.ISO_8859_1)
                                : Unpacked.septets(userData.text(), userData.locking(), userData.single());
                    case UCS2 -> userData.text().getBytes(StandardCharsets.UTF_16BE);
                    case DATA8 -> userData.data();
                });
        return out.toByteArray();
    }

    /// The mandatory fields of a `deliver_sm` before `sm_length`.
    private static Pdu.Writer head(Address from, Address to, int esmClass, int protocolId, int dataCoding) {
        var out = new Pdu.Writer().cString("");
        address(out, from);
        address(out, to);
        return out.octet(esmClass)
                .octet(protocolId)
                .octet(0)
                .cString("")
                .cString("")
                .octet(0)
                .octet(0)
                .octet(dataCoding)
                .octet(0);
    }

    private static void address(Pdu.Writer out, Address address) {
        out.octet(address.ton())
                .octet(address.npi())
                .cString(
                        address.isInternational() && !address.number().isEmpty()
                                ? address.number().substring(1)
                                : address.number());
    }

    /// A receipt, or an intermediate notification.
    static Pdu receipt(Parcel.Report report, String id, ReceiptFormat format, int sequence) {
        var message = report.message();
        int state = state(report.status());
        int esmClass = !report.isFinal() ? INTERMEDIATE : format == ReceiptFormat.UNMARKED ? 0 : RECEIPT;
        if (format == ReceiptFormat.DATA_SM) {
            var out = new Pdu.Writer().cString("");
            address(out, message.to());
            address(out, message.from());
            out.octet(esmClass).octet(0).octet(0);
            tlvs(out, report, id, state);
            return new Pdu(Pdu.DATA_SM, 0, sequence, out.body());
        }
        var text = format == ReceiptFormat.TLV ? "" : text(report, id, format);
        var octets =
                text.getBytes(format == ReceiptFormat.UCS2 ? StandardCharsets.UTF_16BE : StandardCharsets.ISO_8859_1);
        boolean payload = format == ReceiptFormat.PAYLOAD || octets.length > 254;
        var out = head(message.to(), message.from(), esmClass, 0, format == ReceiptFormat.UCS2 ? UCS2 : 0);
        out.octet(payload ? 0 : octets.length).octets(payload ? new byte[0] : octets);
        switch (format) {
            case TLV, BOTH -> tlvs(out, report, id, state);
            case BROKEN_TLV ->
                out.tlv(Pdu.MESSAGE_STATE, (byte) state)
                        .octet(Pdu.RECEIPTED_MESSAGE_ID >> 8)
                        .octet(Pdu.RECEIPTED_MESSAGE_ID)
                        .octet(0)
                        .octet(0x41)
                        .cString("cut");
            default -> {
                if (payload) {
                    out.tlv(Pdu.MESSAGE_PAYLOAD, octets);
                }
            }
        }
        return new Pdu(Pdu.DELIVER_SM, 0, sequence, out.body());
    }

    private static void tlvs(Pdu.Writer out, Parcel.Report report, String id, int state) {
        out.tlv(Pdu.RECEIPTED_MESSAGE_ID, (id + "\0").getBytes(StandardCharsets.ISO_8859_1))
                .tlv(Pdu.MESSAGE_STATE, (byte) state);
        networkError(report.status()).ifPresent(error -> out.tlv(Pdu.NETWORK_ERROR_CODE, error));
    }

    private static Optional<byte[]> networkError(int status) {
        return switch (status) {
            case Parcel.Report.REJECTED -> Optional.of(REFUSED_BY_PHONE);
            case Parcel.Report.EXPIRED, Parcel.Report.STILL_TRYING -> Optional.of(ABSENT);
            default -> Optional.empty();
        };
    }

    private static String text(Parcel.Report report, String id, ReceiptFormat format) {
        var message = report.message();
        var dates = format == ReceiptFormat.LONG_DATES ? LONG : MINUTES;
        var submitted = date(dates, message.accepted());
        var done = date(dates, report.at());
        var stat = stat(report.status());
        var err = "%03d"
                .formatted(networkError(report.status())
                        .map(error -> (int) error[2])
                        .orElse(0));
        var dlvrd = report.status() == Parcel.Report.DELIVERED ? "001" : "000";
        var begin = begin(message.userData().text());
        return switch (format) {
            case MINIMAL ->
                "id:%s submit date:%s done date:%s stat:%s err:%s".formatted(id, submitted, done, stat, err);
            case UPPER_CASE ->
                "ID:%s SUB:001 DLVRD:%s SUBMIT DATE:%s DONE DATE:%s STAT:%s ERR:%s TEXT:%s"
                        .formatted(id, dlvrd, submitted, done, stat, err, begin);
            case LINES ->
                "id:%s\r\nsub:001\r\ndlvrd:%s\r\nsubmit date:%s\r\ndone date:%s\r\nstat:%s\r\nerr:%s\r\ntext:%s"
                        .formatted(id, dlvrd, submitted, done, stat, err, begin);
            case OUT_OF_ORDER ->
                "sub:001 id:%s err:%s dlvrd:%s done date:%s submit date:%s text: stat:%s"
                        .formatted(id, err, dlvrd, done, submitted, stat);
            default ->
                "id:%s sub:001 dlvrd:%s submit date:%s done date:%s stat:%s err:%s text:%s"
                        .formatted(id, dlvrd, submitted, done, stat, err, begin);
        };
    }

    private static String date(DateTimeFormatter format, Instant at) {
        return format.format(at);
    }

    private static String begin(String text) {
        return text.substring(0, Math.min(text.length(), TEXT_CHARACTERS));
    }

    /// `message_state`, SMPP v3.4 §5.2.28.
    static int state(int status) {
        return switch (status) {
            case Parcel.Report.DELIVERED -> DELIVERED;
            case Parcel.Report.STILL_TRYING -> ENROUTE;
            case Parcel.Report.REJECTED -> UNDELIVERABLE;
            case Parcel.Report.EXPIRED -> EXPIRED;
            case Parcel.Report.DELETED -> DELETED;
            default -> REJECTED;
        };
    }

    private static String stat(int status) {
        return switch (state(status)) {
            case ENROUTE -> "ENROUTE";
            case DELIVERED -> "DELIVRD";
            case EXPIRED -> "EXPIRED";
            case DELETED -> "DELETED";
            case UNDELIVERABLE -> "UNDELIV";
            default -> "REJECTD";
        };
    }
}
