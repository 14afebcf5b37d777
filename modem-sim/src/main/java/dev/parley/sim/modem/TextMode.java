package dev.parley.sim.modem;

import dev.parley.sms.Address;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Dcs;
import dev.parley.sms.Decoded;
import dev.parley.sms.Deliver;
import dev.parley.sms.Pdu;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.StatusReport;
import dev.parley.sms.Submit;
import dev.parley.sms.Timestamp;
import dev.parley.sms.UserData;
import dev.parley.sms.ValidityPeriod;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// How messages look with `AT+CMGF=1` (3GPP TS 27.005 §3).
record TextMode(Settings settings) {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yy/MM/dd,HH:mm:ss");
    private static final int QUARTER_SECONDS = 900;

    /// With `<vp>` as one octet (3GPP TS 23.040 §9.2.3.3).
    private static final int RELATIVE_VALIDITY = 0x10;

    private static final int VALIDITY_BITS = 0x18;
    private static final int STATUS_REPORT_REQUEST = 0x20;

    static String time(Timestamp timestamp) {
        int quarters = timestamp.at().getOffset().getTotalSeconds() / QUARTER_SECONDS;
        return TIME.format(timestamp.at()) + (quarters < 0 ? "-" : "+") + "%02d".formatted(Math.abs(quarters));
    }

    /// A message from a memory.
    ///
    /// @param head what stands before `<stat>`
    List<String> stored(String head, Memory.Slot slot) {
        return switch (slot.stat()) {
            case RECEIVED_READ, RECEIVED_UNREAD ->
                received(head, "\"" + slot.stat().word() + "\",", slot.tpdu().toArray());
            case STORED_UNSENT, STORED_SENT -> {
                if (!(Pdu.decodeFromMobile(slot.tpdu().toArray()) instanceof Decoded.Ok(var _, Submit submit))) {
                    throw new IllegalStateException("a stored message that is no SUBMIT");
                }
                yield List.of(
                        head + "\"" + slot.stat().word() + "\",\"" + number(submit.to()) + "\",",
                        text(submit.dcs(), submit.userData()));
            }
        };
    }

    /// A message from the network.
    ///
    /// @param stat with its comma; empty in `+CMT` and `+CDS`
    List<String> received(String head, String stat, byte[] tpdu) {
        if (!(Pdu.decodeFromSc(tpdu) instanceof Decoded.Ok(var _, var message))) {
            throw new IllegalStateException("a received message that cannot be read");
        }
        return switch (message) {
            case Deliver deliver -> {
                var header = head + stat + "\"" + number(deliver.from()) + "\",," + time(deliver.scts());
                if (settings.csdh == 1) {
                    header += "," + toa(deliver.from()) + ",4," + deliver.pid() + ","
                            + deliver.dcs().octet() + ",\"" + number(settings.smsc) + "\"," + toa(settings.smsc)
                            + "," + deliver.userData().length();
                }
                yield List.of(header, text(deliver.dcs(), deliver.userData()));
            }
            case StatusReport report ->
                List.of(head + stat + "6," + report.mr() + ",\"" + number(report.recipient()) + "\","
                        + toa(report.recipient()) + "," + time(report.scts()) + "," + time(report.discharge()) + ","
                        + report.status().octet());
            case Submit _ -> throw new IllegalStateException("the network submits nothing");
        };
    }

    private static String time(Optional<Timestamp> timestamp) {
        return timestamp.map(at -> "\"" + time(at) + "\"").orElse("");
    }

    private String number(Address address) {
        return settings.charset.number(address.number());
    }

    static int toa(Address address) {
        return 0x80 | address.ton() << 4 | address.npi();
    }

    /// What is not text in the 7-bit alphabet is written as hex.
    private String text(Dcs dcs, UserData userData) {
        return switch (dcs.alphabet()) {
            case GSM7 -> settings.charset.written(userData.text());
            case UCS2 -> Charset.UCS2.written(userData.text());
            case DATA8 -> HEX.formatHex(userData.data());
        };
    }

    /// One message of a typed text, with the parameters of `AT+CSMP`.
    ///
    /// @return empty if it cannot be read or needs more than one
    Optional<Submit> submit(Address to, String body) {
        boolean asHex = new Dcs(settings.dcs).alphabet() == Alphabet.UCS2;
        var text = (asHex ? Charset.UCS2 : settings.charset).read(asHex ? body.strip() : body);
        if (text.isEmpty()
                || !(Segmenter.split(text.get(), SplitOptions.plain(0)) instanceof Split.Parts parts)
                || parts.segments().size() != 1) {
            return Optional.empty();
        }
        var segment = parts.segments().getFirst();
        return Optional.of(new Submit(
                false,
                (settings.firstOctet & STATUS_REPORT_REQUEST) != 0,
                false,
                0,
                to,
                settings.pid,
                Dcs.of(segment.alphabet()),
                (settings.firstOctet & VALIDITY_BITS) == RELATIVE_VALIDITY
                        ? ValidityPeriod.Relative.ofOctet(settings.validity)
                        : new ValidityPeriod.SmscDefault(),
                UserData.of(segment)));
    }
}
