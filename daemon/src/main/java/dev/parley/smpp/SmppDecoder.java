package dev.parley.smpp;

import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads a `deliver_sm` or `data_sm`: a text, a part of one, a receipt, or something for a
/// machine.
public final class SmppDecoder implements Decoder {

    /// International number and name: `source_addr_ton`, SMPP v3.4 §5.2.5.
    private static final int INTERNATIONAL = 1;

    private static final int ALPHANUMERIC = 5;

    /// Fewer digits are a short code, and no end of a number.
    private static final int NATIONAL_DIGITS_MIN = 7;

    /// TP-PID of a message that a phone must not show: 3GPP TS 23.040 §9.2.3.9.
    private static final int TYPE_0 = 0x40;

    /// WAP push, connectionless and secure: the ports of WAP-259.
    private static final int WAP_PUSH = 2948;

    private static final int WAP_PUSH_SECURE = 2949;

    private final Function<String, SmppSettings.DefaultAlphabet> alphabets;
    private final Function<String, List<String>> ownNumbers;

    /// A decoder for SMPP links whose own numbers nobody knows: the source of a receipt is the
    /// recipient of what it reports on, as SMPP v3.4 §2.11 has it.
    ///
    /// @param alphabets what `data_coding` 0 means on the link of this name
    public SmppDecoder(Function<String, SmppSettings.DefaultAlphabet> alphabets) {
        this(alphabets, _ -> List.of());
    }

    /// A decoder for all SMPP links.
    ///
    /// @param alphabets what `data_coding` 0 means on the link of this name
    /// @param ownNumbers the numbers that the account of the link of this name sends from
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
        return switch (pdu.type()) {
            case RECEIPT, INTERMEDIATE_NOTIFICATION -> reportOrRest(pdu, Receipt.of(pdu), ownNumbers);
            case MESSAGE ->
                unmarkedReceipt(pdu)
                        .map(receipt -> report(pdu, receipt, ownNumbers))
                        .orElseGet(() -> text(pdu, alphabet));
            // From the phone and not from the SMSC: they say nothing that a status may be built on
            // (§2.11).
            case DELIVERY_ACKNOWLEDGEMENT -> machine(pdu, "delivery acknowledgement of the phone");
            case USER_ACKNOWLEDGEMENT -> machine(pdu, "acknowledgement by the user");
            case CONVERSATION_ABORT -> machine(pdu, "conversation abort");
            case RESERVED -> machine(pdu, "esm_class 0x%02X, which is reserved".formatted(pdu.esmClass()));
        };
    }

    /// A receipt that is too long comes in parts: the first says it all, the others go on with the
    /// text
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
        if (pdu.tlv(Tlv.RECEIPTED_MESSAGE_ID).isPresent()) {
            var receipt = Receipt.of(pdu);
            if (pdu.tlv(Tlv.MESSAGE_STATE).isPresent() || receipt.text().isStateKnown()) {
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

    /// Whether it is one of these numbers, perhaps in national form: then the shorter is the end of
    /// the
    /// longer.
    private static boolean isAny(List<String> numbers, MessagePdu.Party party) {
        var written = significant(party.address());
        return numbers.stream()
                .map(SmppDecoder::significant)
                .anyMatch(own ->
                        own.equals(written) || (written.length() >= NATIONAL_DIGITS_MIN && own.endsWith(written)));
    }

    /// The digits of a number without the prefix that says it is international.
    private static String significant(String number) {
        int from = 0;
        while (from < number.length() && "+0 ".indexOf(number.charAt(from)) >= 0) {
            from++;
        }
        return number.substring(from).strip();
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
        if (header.destinationPort()
                .filter(port -> port == WAP_PUSH || port == WAP_PUSH_SECURE)
                .isPresent()) {
            return machine(pdu, "WAP push");
        }
        if (header.destinationPort().isPresent()) {
            return machine(pdu, "data for port " + header.destinationPort().get());
        }
        if ((pdu.dataCoding() & 0xF0) == 0xC0) {
            return machine(pdu, "message waiting indication"); // 3GPP TS 23.038 §4: to be discarded
        }
        // A shift table is an element of the GSM alphabet: it says what the default is on this
        // message.
        boolean shifted = header.locking() != NationalLanguage.DEFAULT || header.single() != NationalLanguage.DEFAULT;
        var coding = Coding.of(pdu.dataCoding(), shifted ? SmppSettings.DefaultAlphabet.GSM7 : alphabet);
        if (coding == Coding.BINARY) {
            return machine(pdu, "binary data");
        }
        var concat = header.concat().or(() -> sar(pdu));
        var octets = Arrays.copyOfRange(pdu.shortMessage(), header.octets(), pdu.shortMessage().length);
        return new Received.Text(
                number(pdu.source()),
                isName(pdu.source()),
                concat.filter(Concat::isOneOfSeveral).isPresent()
                        ? coding.piece(octets, header.locking(), header.single())
                        : coding.text(octets, header.locking(), header.single()),
                concat,
                Optional.empty(),
                Optional.of(number(pdu.destination())).filter(number -> !number.isEmpty()));
    }

    /// The three `sar_` parameters, which count only together (SMPP v3.4 §5.3.2.22 to 24).
    private static Optional<Concat> sar(MessagePdu pdu) {
        var reference = pdu.tlv(Tlv.SAR_MSG_REF_NUM)
                .filter(value -> value.length == 2)
                .map(value -> ((value[0] & 0xFF) << 8) | (value[1] & 0xFF));
        var total = pdu.octetOf(Tlv.SAR_TOTAL_SEGMENTS);
        var seq = pdu.octetOf(Tlv.SAR_SEGMENT_SEQNUM);
        return reference.isPresent() && total.isPresent() && seq.isPresent()
                ? UserDataHeader.concat(reference.get(), 16, total.get(), seq.get())
                : Optional.empty();
    }

    private static Received machine(MessagePdu pdu, String what) {
        return new Received.Machine(Optional.of(number(pdu.source())).filter(number -> !number.isEmpty()), what);
    }

    private static String number(MessagePdu.Party party) {
        var stripped = party.address().strip();
        boolean digits = !stripped.isEmpty() && stripped.chars().allMatch(c -> c >= '0' && c <= '9');
        return party.ton() == INTERNATIONAL && digits ? "+" + stripped : stripped;
    }

    private static boolean isName(MessagePdu.Party party) {
        return party.ton() == ALPHANUMERIC || party.address().chars().anyMatch(Character::isLetter);
    }
}
