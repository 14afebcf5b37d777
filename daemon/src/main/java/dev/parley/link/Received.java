package dev.parley.link;

import dev.parley.sms.Concat;
import java.time.Instant;
import java.util.Optional;

/// What an [Inbound] says, once a [Decoder] has read it.
public sealed interface Received {

    /// A text, or one part of one.
    ///
    /// @param sender E.164 with `+` where the network said so; else the digits of a short code or a national
    /// number, or a name
    /// @param named whether the sender is a name (TS 23.040 §9.1.2.5, type of number 101): nobody can text it
    /// @param text of one of several parts the piece that [dev.parley.sms.Reassembly#mended] joins: it may end
    /// with half of a character
    /// @param concat its place among the parts; empty for a text in one part
    /// @param scts when the SMSC got it, by the SMSC's clock; always empty over SMPP, whose `deliver_sm` has
    /// no such time
    /// @param destination whom it was sent to, written like the sender; always empty over a modem, whose
    /// SMS-DELIVER has no such address
    record Text(
            String sender,
            boolean named,
            String text,
            Optional<Concat> concat,
            Optional<Instant> scts,
            Optional<String> destination)
            implements Received {

        /// The same from a sender who is written otherwise.
        public Text from(String sender) {
            return new Text(sender, named, text, concat, scts, destination);
        }
    }

    /// What became of a part that we submitted.
    ///
    /// @param reference what [SubmitOutcome.Accepted] called it: the TP-MR in decimal, or a `message_id` as
    /// the SMSC writes it in receipts; empty where the report has none
    /// @param recipient as the network writes it, perhaps in national form
    /// @param submittedAt when the SMSC got the part (SCTS), by the SMSC's clock
    /// @param endedAt when it was delivered or given up (discharge time), by the SMSC's clock
    /// @param textBegin the beginning of the part's text where the report quotes it (SMPP)
    record Report(
            Optional<String> reference,
            Optional<String> recipient,
            Optional<Instant> submittedAt,
            Optional<Instant> endedAt,
            Fate fate,
            Optional<String> textBegin)
            implements Received {}

    /// Something for a machine and not for a person: binary data, a WAP push, a message waiting
    /// indication, a type 0 message. Kept, shown as such, never answered.
    ///
    /// @param what a few words: `WAP push`, `binary data`
    record Machine(Optional<String> sender, String what) implements Received {}

    /// Not decodable; kept raw.
    ///
    /// @param why what is wrong, with the field and the offset
    record Unreadable(String why) implements Received {}

    /// What a report says of its part.
    sealed interface Fate {
        /// The phone has it.
        record Delivered() implements Fate {}

        /// Not final: the SMSC still tries, or knows no more.
        ///
        /// @param network the TP-ST or the `message_state`
        record Pending(Optional<Integer> network, String reason) implements Fate {}

        /// The SMSC has given up.
        ///
        /// @param network the TP-ST or the network's error number
        record Failed(FailureCode code, Optional<Integer> network, String reason) implements Fate {}
    }
}
