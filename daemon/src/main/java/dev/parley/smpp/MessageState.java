package dev.parley.smpp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What has become of a message at the SMSC: `message_state`, SMPP v3.4 §5.2.28 (0 and 9 since v5.0
/// §4.7.15), in the order of its numbers; each with the words that receipts' `stat:` field (v3.4
/// appendix B) has for it beside its own name.
enum MessageState {
    SCHEDULED("SCHEDLD"),
    ENROUTE,
    DELIVERED("DELIVRD"),
    EXPIRED,
    DELETED,
    /// A number that is blocked or out of use, and a phone without money: PSWinCom's gateway. An error
    /// of the carrier: SMS Central's.
    UNDELIVERABLE("UNDELIV", "UNDELIVERED", "FAILED", "BARRED", "BARREDA", "ZEROBAL", "SYSERR"),
    /// The specification has it read by customer care on behalf of the phone; SMSCs use it for
    /// "taken, and on its way".
    ACCEPTED("ACCEPTD", "ACKED", "BUFFRED", "BUFFERD", "BUFFERED"),
    UNKNOWN,
    /// No credit left with the provider: SMS Central's.
    REJECTED("REJECTD", "DND_REJECTED", "NOCRED"),
    SKIPPED;

    private static final Map<String, MessageState> BY_WORD = new HashMap<>();

    static {
        for (var state : values()) {
            BY_WORD.put(state.name(), state);
            state.words.forEach(word -> BY_WORD.put(word, state));
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> words;

    MessageState(String... words) {
        this.words = List.of(words);
    }

    static Optional<MessageState> ofNumber(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }

    /// Empty for a word that nobody has told us: such a receipt must never count as delivered, nor
    /// as failed.
    static Optional<MessageState> ofWord(String word) {
        return Optional.ofNullable(BY_WORD.get(word.toUpperCase(Locale.ROOT)));
    }
}
