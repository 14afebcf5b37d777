package dev.parley.link;

import java.time.Duration;
import java.util.Optional;

/// What became of handing over a part. Six ends, because the queue does six different things.
public sealed interface SubmitOutcome {

    /// The SMSC has it.
    ///
    /// @param reference what a status report will call it: the TP-MR in decimal (modem) or the
    /// `message_id` (SMPP). Empty where the modem said `OK` and no reference: the part is sent, and only
    /// recipient and time can match its report.
    record Accepted(Optional<String> reference) implements SubmitOutcome {}

    /// The network refused this part for good; another try would end the same.
    record Refused(FailureCode code, Optional<Integer> network, String reason) implements SubmitOutcome {}

    /// The network refused this part for now; try again later, with backoff.
    record Postponed(FailureCode code, Optional<Integer> network, String reason) implements SubmitOutcome {}

    /// Nothing left this machine, or the link itself is at fault (no prompt, SIM fault, port gone before
    /// the first octet): the part is as it was, and no attempt is counted.
    record NotHandedOver(String reason) implements SubmitOutcome {}

    /// The link refused it as it has refused others before it, to other people: whatever the code says,
    /// the link is suspected and not the part. The part is as it was and no attempt is counted, but it
    /// stands aside for a while, so that another recipient's is the next that the link is tried with.
    record Suspected(String reason, Duration aside) implements SubmitOutcome {}

    /// It may be on the air, and no answer came. Only a status report can tell; the queue must not
    /// simply send it again.
    record Uncertain(String reason) implements SubmitOutcome {}
}
