package dev.parley.sms;

import java.time.OffsetDateTime;
import java.util.Optional;

/// SMS-DELIVER: a text from the network (3GPP TS 23.040 §9.2.2.1).
///
/// @param moreMessages whether more wait at the SMSC: TP-MMS the other way round, because 0 means yes
/// (§9.2.3.2)
/// @param from TP-OA
/// @param pid TP-PID
/// @param scts empty if the octets are no time
public record Deliver(
        boolean moreMessages,
        boolean statusReportIndication,
        boolean replyPath,
        Address from,
        int pid,
        Dcs dcs,
        Optional<Timestamp> scts,
        UserData userData)
        implements Tpdu {

    private static final int NO_MORE_MESSAGES = 0x04;
    private static final int STATUS_REPORT_INDICATION = 0x20;
    private static final int HEADED = 0x40;
    private static final int REPLY_PATH = 0x80;

    /// What a phone gets of one part.
    public static Deliver of(Segment segment, Address from, OffsetDateTime scts) {
        return new Deliver(
                false,
                false,
                false,
                from,
                0,
                Dcs.of(segment.alphabet()),
                Optional.of(new Timestamp(scts)),
                UserData.of(segment));
    }

    /// Bits 3 and 4 of the first octet have no meaning here that we need, and are set by some networks.
    static Deliver read(int first, OctetReader in) {
        return read(first, in, UserData::read);
    }

    /// One whose user data may be cut off at its end.
    static Deliver readCutOff(int first, OctetReader in) {
        return read(first, in, UserData::readCutOff);
    }

    private interface Reading {
        UserData read(OctetReader in, Dcs dcs, boolean headed);
    }

    private static Deliver read(int first, OctetReader in, Reading reading) {
        var from = Address.read(in, "TP-OA");
        int pid = in.octet("TP-PID");
        var dcs = new Dcs(in.octet("TP-DCS"));
        var scts = Timestamp.read(in, "TP-SCTS");
        return new Deliver(
                (first & NO_MORE_MESSAGES) == 0,
                (first & STATUS_REPORT_INDICATION) != 0,
                (first & REPLY_PATH) != 0,
                from,
                pid,
                dcs,
                scts,
                reading.read(in, dcs, (first & HEADED) != 0));
    }

    /// What makes it this message and no other, wherever a copy of it lies and however often the network
    /// brings it: sender, coding, SCTS and user data. Which SMSC it came by and whether more wait there
    /// (TP-MMS) may differ between two deliveries of one message. Empty without a time: equal words may
    /// then be said twice.
    public Optional<byte[]> identity() {
        return scts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Deliver(false, false, false, from, 0, dcs, scts, userData).encode());
    }

    @Override
    public byte[] encode() {
        var out = new byte[1 + from.octets() + 2 + Timestamp.OCTETS + userData.octets()];
        out[0] = (byte) ((moreMessages ? 0 : NO_MORE_MESSAGES)
                | (statusReportIndication ? STATUS_REPORT_INDICATION : 0)
                | (userData.headed() ? HEADED : 0)
                | (replyPath ? REPLY_PATH : 0));
        int at = from.write(out, 1);
        out[at++] = (byte) pid;
        out[at++] = (byte) dcs.octet();
        if (scts.isPresent()) {
            scts.get().write(out, at);
        }
        userData.write(out, at + Timestamp.OCTETS);
        return out;
    }

    /// What this is, in a few words, where it is for a machine and not for a person to read.
    public Optional<String> machine() {
        if (pid == Pid.TYPE_ZERO) {
            return Optional.of("type 0 message");
        }
        if (pid >= Pid.ANSI_136 && pid <= Pid.SIM_DATA_DOWNLOAD) {
            return Optional.of("SIM data");
        }
        if (userData.isWapPush()) {
            return Optional.of("WAP push");
        }
        if (userData.ports().isPresent()) {
            return Optional.of("data for port " + userData.ports().get().destination());
        }
        if (dcs.waiting().filter(waiting -> !waiting.store()).isPresent()) {
            return Optional.of("message waiting indication"); // TS 23.038 §4: its text is not to be kept
        }
        if (dcs.compressed()) {
            return Optional.of("compressed text");
        }
        return userData.isText() ? Optional.empty() : Optional.of("binary data");
    }
}
