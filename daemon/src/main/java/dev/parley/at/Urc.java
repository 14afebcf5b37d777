package dev.parley.at;

import java.util.Optional;

/// An unsolicited result code.
public sealed interface Urc {

    /// `+CMTI`: a message was stored (TS 27.005 §3.4.1). Memory and index are missing in what SIM7000 and some dongles
    /// send (`+CMTI: ,-1`): the memory has to be listed then.
    record MessageStored(Optional<String> memory, Optional<Integer> index) implements Urc {}

    /// `+CDSI`: a status report was stored. Quectel EC25 names the wrong memory here.
    record ReportStored(Optional<String> memory, Optional<Integer> index) implements Urc {}

    /// `+CMT`: a message itself, to be acknowledged with `+CNMA` where `+CSMS` is 1.
    record Message(String pdu) implements Urc {}

    /// `+CDS`: a status report itself, acknowledged likewise.
    record Report(String pdu) implements Urc {}

    /// `+CBM`: a cell broadcast.
    record Broadcast(String pdu) implements Urc {}

    /// `+CREG`, `+CGREG`, `+CEREG`: registration changed (TS 27.007 §7.2).
    record Registration(Creg status) implements Urc {}

    /// `^SMGO`, `^SMMEMFULL`, `+QIND: "smsfull"`…: no room for another message.
    record MemoryFull(String line) implements Urc {}

    /// `RDY`, `^SYSSTART`, `+CFUN: 1` unasked…: the modem has just started and forgot every setting.
    record Booted(String line) implements Urc {}

    /// `SMS Ready`, `SMS DONE`, `PB DONE`, `Call Ready`: a part of the modem's start is done. SIM800 refuses SMS
    /// commands before.
    record Ready(String line) implements Urc {}

    /// `+CPIN: …` unasked.
    record Sim(SimState state) implements Urc {}

    /// `+CUSD`: an answer of the network to a USSD code (TS 27.007 §7.15).
    record Ussd(Cusd cusd) implements Urc {}

    /// `+CMGS: n` when no `+CMGS` is running: the one that was given up has been sent after all.
    record LateSubmission(Optional<Integer> mr) implements Urc {}

    /// Anything else: signal bars, calls, noise at power-on.
    record Other(String line) implements Urc {}
}
