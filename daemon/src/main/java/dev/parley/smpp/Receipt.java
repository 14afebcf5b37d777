package dev.parley.smpp;

import dev.parley.link.FailureCode;
import dev.parley.link.Received;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.jsmpp.bean.OptionalParameter.Tag;

/// What an SMSC says of a message of ours, in a text, in optional parameters, or half in each.
///
/// An optional parameter wins over the text; what it leaves out is filled in from there.
///
/// @param id `receipted_message_id`, else the text's `id:`
/// @param state empty where the receipt does not say; [MessageState#UNKNOWN] for a word or number
/// nobody has told us
/// @param intermediate an intermediate notification (SMPP v3.4 §2.11): never final, whatever its
/// state says
record Receipt(
        Optional<String> id,
        Optional<MessageState> state,
        Optional<Integer> rawState,
        boolean intermediate,
        Optional<NetworkError> networkError,
        ReceiptText text) {

    /// `network_error_code`, SMPP v3.4 §5.3.2.31.
    ///
    /// @param type 1 ANSI-136, 2 IS-95, 3 GSM; empty where three ASCII digits stand in its place
    /// (Kannel's authors met such SMSCs)
    record NetworkError(Optional<Integer> type, int code) {}

    /// GSM, in `network_error_code`.
    private static final int TYPE_GSM = 3;

    static Receipt of(MessagePdu pdu) {
        var text = text(pdu);
        var word = text.stat().map(stat -> MessageState.ofWord(stat).orElse(MessageState.UNKNOWN));
        // 0 is no state of v3.4, and what an SMSC leaves there that fills in nothing: the text
        // decides where it says one.
        var rawState =
                pdu.numberOf(Tag.MESSAGE_STATE).filter(state -> state >>> 8 == 0 && (state != 0 || word.isEmpty()));
        return new Receipt(
                pdu.tlv(Tag.RECEIPTED_MESSAGE_ID)
                        .flatMap(octets -> id(octets, 0))
                        .or(text::id),
                rawState.flatMap(MessageState::ofNumber)
                        .or(() -> word)
                        .or(() -> rawState.map(_ -> MessageState.UNKNOWN)),
                rawState,
                pdu.messageType() == MessagePdu.INTERMEDIATE,
                pdu.tlv(Tag.NETWORK_ERROR_CODE).flatMap(Receipt::networkError),
                text);
    }

    /// The first that holds a receipt: `short_message`; `message_payload` beside one that is not quite
    /// empty; and either in packed septets, as some SMSCs pass on what came over the air.
    private static ReceiptText text(MessagePdu pdu) {
        var usual = ReceiptText.read(ReceiptOctets.text(pdu));
        if (!usual.saysNothing()) {
            return usual;
        }
        var payload = pdu.tlv(Tag.MESSAGE_PAYLOAD).orElse(new byte[0]);
        return Stream.of(
                        ReceiptOctets.text(payload),
                        ReceiptOctets.packed(pdu.shortMessage()),
                        ReceiptOctets.packed(payload))
                .map(ReceiptText::read)
                .filter(read -> !read.saysNothing())
                .findFirst()
                .orElse(usual);
    }

    boolean saysNothing() {
        return id.isEmpty() && state.isEmpty();
    }

    /// The `message_id` from this octet on: a C-octet string, whose closing NUL many SMSCs leave out.
    static Optional<String> id(byte[] octets, int from) {
        int to = from;
        while (to < octets.length && octets[to] != 0) {
            to++;
        }
        return Optional.of(new String(octets, from, to - from, StandardCharsets.ISO_8859_1).strip())
                .filter(id -> !id.isEmpty() && id.length() <= ReceiptText.ID_CHARACTERS_MAX);
    }

    private static Optional<NetworkError> networkError(byte[] octets) {
        if (octets.length != 3) {
            return Optional.empty();
        }
        var ascii = new String(octets, StandardCharsets.ISO_8859_1);
        if (ascii.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(new NetworkError(Optional.empty(), Integer.parseInt(ascii)));
        }
        return Optional.of(
                new NetworkError(Optional.of(octets[0] & 0xFF), ((octets[1] & 0xFF) << 8) | (octets[2] & 0xFF)));
    }

    Received.Fate fate() {
        var known = state.orElse(MessageState.UNKNOWN);
        return intermediate
                ? pending(known)
                : switch (known) {
                    case DELIVERED -> new Received.Fate.Delivered();
                    case EXPIRED -> failed(FailureCode.EXPIRED, known);
                    case DELETED -> failed(FailureCode.DELETED_BY_NETWORK, known);
                    case UNDELIVERABLE -> failed(undeliverable(), known);
                    case REJECTED, SKIPPED -> failed(FailureCode.REFUSED_BY_NETWORK, known);
                    case SCHEDULED, ENROUTE, ACCEPTED, UNKNOWN -> pending(known);
                };
    }

    private Received.Fate pending(MessageState known) {
        return new Received.Fate.Pending(
                rawState.or(() -> state.map(MessageState::ordinal)), "the SMSC says " + words(known));
    }

    private Received.Fate failed(FailureCode code, MessageState known) {
        var number = networkError
                .map(NetworkError::code)
                .or(() -> text.err()
                        .filter(ReceiptText.NUMBER)
                        .map(Integer::parseInt)
                        .filter(err -> err != 0));
        return new Received.Fate.Failed(code, number, code.sentence() + " The SMSC says " + words(known) + ".");
    }

    private String words(MessageState known) {
        return text.stat()
                        .filter(stat -> !stat.isEmpty() && stat.length() <= 20)
                        .orElse(known.name())
                + text.err()
                        .filter(err -> !err.isEmpty() && err.length() <= 20)
                        .map(err -> ", err " + err)
                        .orElse("");
    }

    /// Only the optional parameter says whose numbers its code is from: 3GPP TS 29.002 §17.6.6.
    /// What `err:` holds is the SMSC's own affair (SMPP v3.4 appendix B), so it is shown and not
    /// interpreted.
    private FailureCode undeliverable() {
        var gsm = networkError.filter(error -> error.type().equals(Optional.of(TYPE_GSM)));
        return switch (gsm.map(NetworkError::code).orElse(0)) {
            case 1, 5 -> FailureCode.UNKNOWN_NUMBER;
            case 11, 13 -> FailureCode.BARRED;
            case 6, 27, 31, 32 -> FailureCode.UNREACHABLE;
            case 21, 34 -> FailureCode.NETWORK_TROUBLE;
            default -> FailureCode.UNKNOWN;
        };
    }
}
