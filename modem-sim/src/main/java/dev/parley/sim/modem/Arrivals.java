package dev.parley.sim.modem;

import dev.parley.sim.network.Parcel;
import dev.parley.sms.Deliver;
import dev.parley.sms.Octets;
import dev.parley.sms.StatusReport;
import dev.parley.sms.Timestamp;
import dev.parley.sms.Tpdu;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// What becomes of a message or report from the network: shown, or kept and told of, as `AT+CNMI` has it
/// (3GPP TS 27.005 §3.4.1).
record Arrivals(State state) {

    boolean showsDirectly(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Text(var message) ->
                state.settings.cnmiText == 2
                        || (state.settings.cnmiText == 3
                                && message.dcs().messageClass().equals(Optional.of(3)));
            case Parcel.Report _ -> state.settings.cnmiReport == 1;
        };
    }

    boolean hasRoom(Parcel parcel) {
        return !(state.fault instanceof Fault.StorageFull) && !memoryFor(parcel).isFull();
    }

    private Memory memoryFor(Parcel parcel) {
        return parcel instanceof Parcel.Report && state.settings.memoryReceive.equals("SR")
                ? state.sim.sr()
                : state.sim.sm();
    }

    /// Keeps it on the SIM.
    ///
    /// @return what to tell the program; nothing if `AT+CNMI` asked for nothing
    List<String> store(Parcel parcel) {
        var memory = memoryFor(parcel);
        int index = memory.store(new Memory.Slot(
                Memory.Stat.RECEIVED_UNREAD, Octets.of(tpdu(parcel).encode())));
        return switch (parcel) {
            case Parcel.Text _
            when state.settings.cnmiText == 1 || state.settings.cnmiText == 3 ->
                List.of("+CMTI: \"" + memory.name() + "\"," + index);
            case Parcel.Report _
            when state.settings.cnmiReport == 2 -> List.of("+CDSI: \"" + memory.name() + "\"," + index);
            case Parcel.Text _, Parcel.Report _ -> List.of();
        };
    }

    /// `+CMT` and `+CDS` (3GPP TS 27.005 §3.4.1).
    List<String> shown(Parcel parcel) {
        var tpdu = tpdu(parcel).encode();
        var name = parcel instanceof Parcel.Text ? "+CMT: " : "+CDS: ";
        return state.settings.cmgf == 1
                ? new TextMode(state.settings).received(name, "", tpdu)
                : new PduMode(state.settings).withLength(name + (parcel instanceof Parcel.Text ? "," : ""), tpdu);
    }

    private static Tpdu tpdu(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Text(var message) ->
                new Deliver(
                        false,
                        false,
                        false,
                        message.from(),
                        message.pid(),
                        message.dcs(),
                        Optional.of(new Timestamp(local(message.accepted()))),
                        message.userData());
            case Parcel.Report(var message, int status, var at) ->
                StatusReport.of(message.mr(), message.to(), local(message.accepted()), local(at), status);
        };
    }

    private static OffsetDateTime local(Instant instant) {
        return instant.atZone(ZoneId.systemDefault()).toOffsetDateTime();
    }
}
