package dev.parley.sim.network;

import dev.parley.sms.Address;
import dev.parley.sms.Dcs;
import dev.parley.sms.UserData;
import java.time.Instant;

/// One SMS as the SMSC keeps it.
///
/// @param id the SMSC's own, unique in this run
/// @param accepted to the second, it is the TP-SCTS
/// @param expires when the SMSC stops trying
/// @param mr TP-MR of a modem's message, which its reports repeat; 0 for others
public record ShortMessage(
        long id,
        Origin origin,
        Address from,
        Address to,
        int pid,
        Dcs dcs,
        UserData userData,
        Instant accepted,
        Instant expires,
        ReportWish wish,
        int mr) {}
