package dev.parley.sms;

/// SMS-SUBMIT: a text to the network (3GPP TS 23.040 §9.2.2.2).
///
/// @param mr TP-MR, 0 to 255; most modems set their own
/// @param to TP-DA
/// @param pid TP-PID
public record Submit(
        boolean rejectDuplicates,
        boolean statusReportRequest,
        boolean replyPath,
        int mr,
        Address to,
        int pid,
        Dcs dcs,
        ValidityPeriod validity,
        UserData userData)
        implements Tpdu {

    private static final int SUBMIT = 0x01;
    private static final int REJECT_DUPLICATES = 0x04;
    private static final int VPF_SHIFT = 3;
    private static final int STATUS_REPORT_REQUEST = 0x20;
    private static final int HEADED = 0x40;
    private static final int REPLY_PATH = 0x80;

    /// One part, as a modem takes it.
    public static Submit of(Segment segment, Address to, boolean statusReport, ValidityPeriod validity) {
        return new Submit(
                false, statusReport, false, 0, to, 0, Dcs.of(segment.alphabet()), validity, UserData.of(segment));
    }

    static Submit read(int first, OctetReader in) {
        int mr = in.octet("TP-MR");
        var to = Address.read(in, "TP-DA");
        int pid = in.octet("TP-PID");
        var dcs = new Dcs(in.octet("TP-DCS"));
        var validity = ValidityPeriod.read(in, (first >> VPF_SHIFT) & 0b11);
        return new Submit(
                (first & REJECT_DUPLICATES) != 0,
                (first & STATUS_REPORT_REQUEST) != 0,
                (first & REPLY_PATH) != 0,
                mr,
                to,
                pid,
                dcs,
                validity,
                UserData.read(in, dcs, (first & HEADED) != 0));
    }

    @Override
    public byte[] encode() {
        var out = new byte[2 + to.octets() + 2 + validity.size() + userData.octets()];
        out[0] = (byte) (SUBMIT
                | (rejectDuplicates ? REJECT_DUPLICATES : 0)
                | (validity.format() << VPF_SHIFT)
                | (statusReportRequest ? STATUS_REPORT_REQUEST : 0)
                | (userData.headed() ? HEADED : 0)
                | (replyPath ? REPLY_PATH : 0));
        out[1] = (byte) mr;
        int at = to.write(out, 2);
        out[at++] = (byte) pid;
        out[at++] = (byte) dcs.octet();
        at = validity.write(out, at);
        userData.write(out, at);
        return out;
    }
}
