package dev.parley.smpp;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What has become of a message at the SMSC: `message_state`, SMPP v3.4 §5.2.28 (0 and 9 since
/// v5.0 §4.7.15), and the words of the receipts' `stat:` field (v3.4 appendix B).
public enum MessageState {
    SCHEDULED(0, Finality.NOT_FINAL),
    ENROUTE(1, Finality.NOT_FINAL),
    DELIVERED(2, Finality.FINAL),
    EXPIRED(3, Finality.FINAL),
    DELETED(4, Finality.FINAL),
    UNDELIVERABLE(5, Finality.FINAL),
    /// The specification has it read by customer care on behalf of the phone; SMSCs use it for
    /// "taken, and on its way".
    ACCEPTED(6, Finality.NOT_FINAL),
    UNKNOWN(7, Finality.UNSAID),
    REJECTED(8, Finality.FINAL),
    SKIPPED(9, Finality.FINAL);

    /// Whether another receipt may follow.
    public enum Finality {
        FINAL,
        NOT_FINAL,
        UNSAID
    }

    private static final Map<String, MessageState> WORDS = Map.ofEntries(
            Map.entry("SCHEDLD", SCHEDULED),
            Map.entry("SCHEDULED", SCHEDULED),
            Map.entry("ENROUTE", ENROUTE),
            Map.entry("DELIVRD", DELIVERED),
            Map.entry("DELIVERED", DELIVERED),
            Map.entry("EXPIRED", EXPIRED),
            Map.entry("DELETED", DELETED),
            Map.entry("UNDELIV", UNDELIVERABLE),
            Map.entry("UNDELIVERED", UNDELIVERABLE),
            Map.entry("UNDELIVERABLE", UNDELIVERABLE),
            Map.entry("FAILED", UNDELIVERABLE),
            // A number that is blocked or out of use, and a phone without money: PSWinCom's gateway.
            Map.entry("BARRED", UNDELIVERABLE),
            Map.entry("BARREDA", UNDELIVERABLE),
            Map.entry("ZEROBAL", UNDELIVERABLE),
            // An error of the carrier, and no credit left with the provider: SMS Central's.
            Map.entry("SYSERR", UNDELIVERABLE),
            Map.entry("NOCRED", REJECTED),
            Map.entry("ACCEPTD", ACCEPTED),
            Map.entry("ACCEPTED", ACCEPTED),
            Map.entry("ACKED", ACCEPTED),
            Map.entry("BUFFRED", ACCEPTED),
            Map.entry("BUFFERD", ACCEPTED),
            Map.entry("BUFFERED", ACCEPTED),
            Map.entry("UNKNOWN", UNKNOWN),
            Map.entry("REJECTD", REJECTED),
            Map.entry("REJECTED", REJECTED),
            Map.entry("DND_REJECTED", REJECTED),
            Map.entry("SKIPPED", SKIPPED));

    private final int number;
    private final Finality finality;

    MessageState(int number, Finality finality) {
        this.number = number;
        this.finality = finality;
    }

    public int number() {
        return number;
    }

    public Finality finality() {
        return finality;
    }

    static Optional<MessageState> ofNumber(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }

    /// Empty for a word that nobody has told us: such a receipt must never count as delivered, nor
    /// as failed.
    static Optional<MessageState> ofWord(String word) {
        return Optional.ofNullable(WORDS.get(word.toUpperCase(Locale.ROOT)));
    }
}
