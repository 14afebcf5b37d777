package dev.parley.smpp;

import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.NumberSpelling;
import dev.parley.link.Received;
import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Reading;
import dev.parley.sms.Unpacked;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jsmpp.bean.OptionalParameter.Tag;

/// Reads a `deliver_sm` or `data_sm`: a text, a part of one, a receipt, or something for a machine.
public final class SmppDecoder implements Decoder {

    /// International number and name: `source_addr_ton`, SMPP v3.4 §5.2.5.
    private static final int INTERNATIONAL = 1;

    private static final int ALPHANUMERIC = 5;

    /// Fewer digits are a short code.
    private static final int NATIONAL_DIGITS_MIN = 7;

    /// TP-PID of a message that a phone must not show: 3GPP TS 23.040 §9.2.3.9.
    private static final int TYPE_0 = 0x40;

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Z}]");

    private static final Pattern UNSEEN_IN_NAMES = Pattern.compile("[\\p{Cc}\\p{Cf}\\x{FFFD}]");

    private static final Pattern BETWEEN_DIGITS = Pattern.compile("[-./()]");

    /// Letters, blanks and the signs of a sentence.
    private static final Pattern WORDS = Pattern.compile("[A-Za-z .,;:!?'\"()\\r\\n-]{2,160}");

    private final Function<String, SmppSettings.DefaultAlphabet> alphabets;
    private final Function<String, List<String>> ownNumbers;

    /// A decoder for all SMPP links.
    ///
    /// @param alphabets what `data_coding` 0 means on the link of this name
    /// @param ownNumbers the numbers that the account of the link of this name sends from. Where nobody
    /// knows them, the source of a receipt is the recipient of what it reports on, as SMPP v3.4 §2.11
    /// has it.
    public SmppDecoder(
            Function<String, SmppSettings.DefaultAlphabet> alphabets, Function<String, List<String>> ownNumbers) {
        this.alphabets = alphabets;
        this.ownNumbers = ownNumbers;
    }

    @Override
    public Received decode(Inbound inbound) {
        return switch (MessagePdu.read(inbound.pdu())) {
            case MessagePdu.Read.Malformed malformed -> new Received.Unreadable(malformed.why());
            case MessagePdu.Read.Ok(var pdu) ->
                decode(pdu, alphabets.apply(inbound.link()), ownNumbers.apply(inbound.link()));
        };
    }

    private static Received decode(MessagePdu pdu, SmppSettings.DefaultAlphabet alphabet, List<String> ownNumbers) {
        return switch (pdu.messageType()) {
            // The last is reserved, but the bit of a receipt stands: better read as one than as a person's text to be
            // relayed.
            case 0x04, MessagePdu.INTERMEDIATE, 0x24 -> reportOrRest(pdu, Receipt.of(pdu), ownNumbers);
            case 0x00 ->
                unmarkedReceipt(pdu)
                        .map(receipt -> report(pdu, receipt, ownNumbers))
                        .orElseGet(() -> text(pdu, alphabet));
            // From the phone and not from the SMSC: they say nothing that a status may be built on
            // (§2.11).
            case 0x08 -> machine(pdu, "delivery acknowledgement of the phone");
            case 0x10 -> machine(pdu, "acknowledgement by the user");
            case 0x18 -> machine(pdu, "conversation abort");
            default -> machine(pdu, "esm_class 0x%02X, which is reserved".formatted(pdu.esmClass()));
        };
    }

    /// A receipt that is too long comes in parts: the first says it all, the others go on with the text
    /// that it quotes.
    private static Received reportOrRest(MessagePdu pdu, Receipt receipt, List<String> ownNumbers) {
        boolean later = UserDataHeader.of(pdu)
                .concat()
                .or(() -> sar(pdu))
                .filter(place -> place.seq() > 1)
                .isPresent();
        return later && receipt.saysNothing()
                ? machine(pdu, "the rest of a receipt in parts")
                : report(pdu, receipt, ownNumbers);
    }

    /// Some SMSCs send receipts with `esm_class` 0. Both optional parameters belong to receipts
    /// alone (§5.3.2), so the id counts with a state in whichever place; in a text only what nobody
    /// writes by chance counts.
    private static Optional<Receipt> unmarkedReceipt(MessagePdu pdu) {
        if (pdu.tlv(Tag.RECEIPTED_MESSAGE_ID).isPresent()) {
            var receipt = Receipt.of(pdu);
            if (pdu.tlv(Tag.MESSAGE_STATE).isPresent() || receipt.text().isStateKnown()) {
                return Optional.of(receipt);
            }
        }
        return ReceiptText.isUnmistakable(ReceiptOctets.text(pdu)) ? Optional.of(Receipt.of(pdu)) : Optional.empty();
    }

    private static Received report(MessagePdu pdu, Receipt receipt, List<String> ownNumbers) {
        return new Received.Report(
                receipt.id(),
                recipient(pdu, ownNumbers),
                receipt.text().submitDate().map(SmppDecoder::instant),
                receipt.text().doneDate().map(SmppDecoder::instant),
                receipt.fate(),
                receipt.text().text().map(String::strip).filter(text -> !text.isEmpty()));
    }

    /// Some SMSCs leave the two addresses as they were in the `submit_sm`, so that the source is
    /// ourselves.
    private static Optional<String> recipient(MessagePdu pdu, List<String> ownNumbers) {
        boolean unchanged = isAny(ownNumbers, pdu.source()) && !isAny(ownNumbers, pdu.destination());
        return Optional.of(number(unchanged ? pdu.destination() : pdu.source())).filter(number -> !number.isEmpty());
    }

    private static boolean isAny(List<String> numbers, MessagePdu.Party party) {
        return numbers.stream().anyMatch(own -> NumberSpelling.mayBeOne(own, party.address()));
    }

    /// Receipts name no zone; UTC is as good a guess as any, and nobody builds on it.
    private static Instant instant(LocalDateTime date) {
        return date.toInstant(ZoneOffset.UTC);
    }

    private static Received text(MessagePdu pdu, SmppSettings.DefaultAlphabet alphabet) {
        if (pdu.protocolId() == TYPE_0) {
            return machine(pdu, "type 0 message");
        }
        var header = UserDataHeader.of(pdu);
        if (header.ports().isPresent()) {
            var ports = header.ports().get();
            return machine(pdu, ports.isWapPush() ? "WAP push" : "data for port " + ports.destination());
        }
        if ((pdu.dataCoding() & 0xF0) == 0xC0) {
            return machine(pdu, "message waiting indication"); // 3GPP TS 23.038 §4: to be discarded
        }
        // A shift table is an element of the GSM alphabet: it says what the default is on this
        // message.
        boolean shifted = header.locking() != NationalLanguage.DEFAULT || header.single() != NationalLanguage.DEFAULT;
        var usual = shifted || alphabet == SmppSettings.DefaultAlphabet.GSM7 ? Reading.SEPTETS : Reading.LATIN1;
        var octets = Arrays.copyOfRange(pdu.shortMessage(), header.octets(), pdu.shortMessage().length);
        var reading = Coding.of(pdu.dataCoding(), usual).or(() -> wordsAsData(octets));
        if (reading.isEmpty()) {
            return machine(pdu, "binary data");
        }
        var concat = header.concat().or(() -> sar(pdu));
        boolean piece = concat.filter(Concat::isOneOfSeveral).isPresent();
        return new Received.Text(
                isName(pdu.source()) ? name(pdu.source()) : number(pdu.source()),
                isName(pdu.source()),
                shifted && isSevenBit(octets)
                        ? shifted(octets, header, piece)
                        : piece ? reading.get().piece(octets) : reading.get().text(octets),
                concat,
                Optional.empty(),
                Optional.of(number(pdu.destination())).filter(number -> !number.isEmpty()));
    }

    /// The three `sar_` parameters, which count only together (SMPP v3.4 §5.3.2.22 to 24).
    private static Optional<Concat> sar(MessagePdu pdu) {
        var reference = pdu.numberOf(Tag.SAR_MSG_REF_NUM).map(number -> number & 0xFFFF);
        var total = pdu.numberOf(Tag.SAR_TOTAL_SEGMENTS).filter(parts -> parts >= 0 && parts <= 0xFF);
        var seq = pdu.numberOf(Tag.SAR_SEGMENT_SEQNUM).filter(part -> part >= 0 && part <= 0xFF);
        return reference.isPresent() && total.isPresent() && seq.isPresent()
                ? UserDataHeader.concat(reference.get(), 16, total.get(), seq.get())
                : Optional.empty();
    }

    /// National shift tables say what septets mean (3GPP TS 23.038 §6.2.1.2.4).
    private static String shifted(byte[] septets, UserDataHeader header, boolean piece) {
        return piece
                ? Unpacked.piece(septets, header.locking(), header.single())
                : Unpacked.text(septets, header.locking(), header.single());
    }

    private static boolean isSevenBit(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /// Data for a machine is no text; but some SMSCs send what a person wrote in an 8-bit class, and a
    /// STOP among it must be seen. A few words of ASCII, in one octet or two, and nothing else are a
    /// person's.
    private static Optional<Reading> wordsAsData(byte[] octets) {
        if (WORDS.matcher(new String(octets, StandardCharsets.ISO_8859_1)).matches()) {
            return Optional.of(Reading.LATIN1);
        }
        return octets.length % 2 == 0
                        && WORDS.matcher(new String(octets, StandardCharsets.UTF_16BE))
                                .matches()
                ? Optional.of(Reading.UCS2)
                : Optional.empty();
    }

    private static Received machine(MessagePdu pdu, String what) {
        return new Received.Machine(Optional.of(number(pdu.source())).filter(number -> !number.isEmpty()), what);
    }

    /// The address without what cannot be part of one: blanks of every kind and control characters. An
    /// international number gets its plus, unless it has so few digits that it is none (E.164), or the
    /// prefix that is dialled for it.
    private static String number(MessagePdu.Party party) {
        var written = isDigits(party.address())
                ? party.address()
                : UNSEEN.matcher(party.address()).replaceAll("");
        var digits =
                isDigits(written) ? written : BETWEEN_DIGITS.matcher(written).replaceAll("");
        if (party.ton() != INTERNATIONAL || !isDigits(digits)) {
            return written;
        }
        var international = digits.startsWith("00") ? digits.substring(2) : digits;
        return international.startsWith("0") || international.length() < NATIONAL_DIGITS_MIN
                ? digits
                : "+" + international;
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// A name in whatever coding, without what shows nothing.
    private static String name(MessagePdu.Party party) {
        return UNSEEN_IN_NAMES
                .matcher(Reading.LATIN1.text(party.address().getBytes(StandardCharsets.ISO_8859_1)))
                .replaceAll("")
                .strip();
    }

    private static boolean isName(MessagePdu.Party party) {
        return party.ton() == ALPHANUMERIC || party.address().chars().anyMatch(Character::isLetter);
    }
}
