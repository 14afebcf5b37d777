package dev.parley.sim.network;

import dev.parley.sms.Address;
import dev.parley.sms.Dcs;
import dev.parley.sms.UserData;
import java.time.Instant;
import java.util.Optional;

/// A message that somebody wants the SMSC to take.
///
/// @param expires empty for the SMSC's own default
/// @param mr TP-MR of a modem's message; 0 for others
/// @param notBefore when the SMSC is to begin; empty for at once
public record Submission(
        Origin origin,
        Address from,
        Address to,
        int pid,
        Dcs dcs,
        UserData userData,
        Optional<Instant> expires,
        ReportWish wish,
        int mr,
        Optional<Instant> notBefore) {

    /// A message to be handed on at once.
    public Submission(
            Origin origin,
            Address from,
            Address to,
            int pid,
            Dcs dcs,
            UserData userData,
            Optional<Instant> expires,
            ReportWish wish,
            int mr) {
        this(origin, from, to, pid, dcs, userData, expires, wish, mr, Optional.empty());
    }
}
