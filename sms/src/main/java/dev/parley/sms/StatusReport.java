package dev.parley.sms;

import java.time.OffsetDateTime;
import java.util.Optional;

/// SMS-STATUS-REPORT: what became of a part that we submitted (3GPP TS 23.040 §9.2.2.3).
///
/// @param moreMessages TP-MMS the other way round, because 0 means yes
/// @param qualifier TP-SRQ: whether this answers an SMS-COMMAND
/// @param headed TP-UDHI
/// @param mr TP-MR, 0 to 255, as the modem named it in `+CMGS`
/// @param recipient TP-RA, perhaps in national form
/// @param scts when the SMSC got the part, empty if the octets are no time
/// @param discharge TP-DT, empty if the octets are no time
/// @param parameters what stands behind TP-ST
public record StatusReport(
        boolean moreMessages,
        boolean qualifier,
        boolean headed,
        int mr,
        Address recipient,
        Optional<Timestamp> scts,
        Optional<Timestamp> discharge,
        Status status,
        Parameters parameters)
        implements Tpdu {

    private static final int STATUS_REPORT = 0x02;
    private static final int NO_MORE_MESSAGES = 0x04;
    private static final int QUALIFIER = 0x20;
    private static final int HEADED = 0x40;

    /// TP-PI and what it announces (§9.2.3.27). Legal, rarely meant: SIM cards fill up with FF, some
    /// networks announce what does not follow. So nothing behind TP-ST can make a report unreadable.
    ///
    /// @param indicator TP-PI, empty if the report ends with TP-ST
    /// @param userData TP-UD, if it can be read
    public record Parameters(
            Optional<Integer> indicator,
            Optional<Integer> pid,
            Optional<Dcs> dcs,
            Optional<UserData> userData,
            Octets raw) {

        static final Parameters NONE =
                new Parameters(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), octets());

        private static final int PID = 0x01;
        private static final int DCS = 0x02;
        private static final int UDL = 0x04;
        private static final int EXTENSION = 0x80;

        private static Octets octets() {
            return Octets.of(new byte[0]);
        }

        static Parameters read(OctetReader in, boolean headed) {
            if (in.remaining() == 0) {
                return NONE;
            }
            // No more than a TPDU can hold, whatever came.
            var raw = in.octets("TP-PI", Math.min(in.remaining(), 2 * UserData.OCTETS_MAX));
            int indicator = raw[0] & 0xFF;
            Optional<Integer> pid = Optional.empty();
            Optional<Dcs> dcs = Optional.empty();
            Optional<UserData> userData = Optional.empty();
            var rest = new OctetReader(raw);
            try {
                int more = rest.octet("TP-PI");
                while ((more & EXTENSION) != 0) {
                    more = rest.octet("TP-PI");
                }
                if ((indicator & PID) != 0) {
                    pid = Optional.of(rest.octet("TP-PID"));
                }
                if ((indicator & DCS) != 0) {
                    dcs = Optional.of(new Dcs(rest.octet("TP-DCS")));
                }
                if ((indicator & UDL) != 0) {
                    userData = Optional.of(UserData.read(rest, dcs.orElse(Dcs.of(Alphabet.GSM7)), headed));
                }
            } catch (OctetReader.Unreadable _) {
                // What was announced is not there; the report counts without it.
            }
            return new Parameters(Optional.of(indicator), pid, dcs, userData, Octets.of(raw));
        }
    }

    /// What a phone gets for a part that it asked a report for.
    ///
    /// @param status TP-ST, 0 to 255
    public static StatusReport of(
            int mr, Address recipient, OffsetDateTime scts, OffsetDateTime discharge, int status) {
        return new StatusReport(
                false,
                false,
                false,
                mr,
                recipient,
                Optional.of(new Timestamp(scts)),
                Optional.of(new Timestamp(discharge)),
                new Status(status),
                Parameters.NONE);
    }

    static StatusReport read(int first, OctetReader in) {
        boolean headed = (first & HEADED) != 0;
        return new StatusReport(
                (first & NO_MORE_MESSAGES) == 0,
                (first & QUALIFIER) != 0,
                headed,
                in.octet("TP-MR"),
                Address.read(in, "TP-RA"),
                Timestamp.read(in, "TP-SCTS"),
                Timestamp.read(in, "TP-DT"),
                new Status(in.octet("TP-ST")),
                Parameters.read(in, headed));
    }

    /// What makes it this report and no other, as [Deliver#identity] does for a text: what the SMSC says
    /// of which part at what time. Empty where one of the times is none.
    public Optional<byte[]> identity() {
        return scts.isEmpty() || discharge.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new StatusReport(false, false, false, mr, recipient, scts, discharge, status, Parameters.NONE)
                                .encode());
    }

    @Override
    public byte[] encode() {
        var behind = parameters.raw().toArray();
        var out = new byte[2 + recipient.octets() + 2 * Timestamp.OCTETS + 1 + behind.length];
        out[0] = (byte) (STATUS_REPORT
                | (moreMessages ? 0 : NO_MORE_MESSAGES)
                | (qualifier ? QUALIFIER : 0)
                | (headed ? HEADED : 0));
        out[1] = (byte) mr;
        int at = recipient.write(out, 2);
        if (scts.isPresent()) {
            scts.get().write(out, at);
        }
        at += Timestamp.OCTETS;
        if (discharge.isPresent()) {
            discharge.get().write(out, at);
        }
        at += Timestamp.OCTETS;
        out[at++] = (byte) status.octet();
        System.arraycopy(behind, 0, out, at, behind.length);
        return out;
    }
}
