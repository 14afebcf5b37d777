package dev.parley.sms;

import java.util.Arrays;
import java.util.Optional;

/// Decodes PDUs. A short or impossible one is a [Decoded.Malformed], never an exception: the network may
/// send anything, and the caller must still be able to store it and take it off the SIM. What follows a
/// complete TPDU is left alone, because SIM cards and some modems fill up to a fixed size.
public final class Pdu {

    private static final int MTI = 0b11;

    private Pdu() {}

    /// A PDU as `+CMGR`, `+CMGL`, `+CMT` and `+CDS` give it: the SMSC's address, then the TPDU (3GPP TS
    /// 27.005 §3.1). A message type of 01 is a stored SMS-SUBMIT, which is no received message. But some
    /// phones store what they received with that type; what cannot be an SMS-SUBMIT and is an
    /// SMS-DELIVER with a time is one.
    public static Decoded decodeFromModem(byte[] octets) {
        var in = new OctetReader(octets);
        try {
            var smsc = Address.readSmsc(in);
            int at = in.position();
            int first = in.octet("TP-MTI");
            if ((first & MTI) != 0b01) {
                return new Decoded.Ok(smsc, fromSc(first, in));
            }
            try {
                return new Decoded.Ok(smsc, Submit.read(first, in));
            } catch (OctetReader.Unreadable e) {
                var delivered = delivered(first, Arrays.copyOfRange(octets, at + 1, octets.length));
                return delivered.isPresent()
                        ? new Decoded.Ok(smsc, delivered.get())
                        : new Decoded.Malformed(e.field, e.offset, e.why);
            }
        } catch (OctetReader.Unreadable e) {
            return new Decoded.Malformed(e.field, e.offset, e.why);
        }
    }

    /// What there is of an SMS-DELIVER that ends before its TP-UDL says so, as a modem that mistakes a
    /// length or a serial line that loses octets leaves it. Empty where not even the beginning of its
    /// text is there.
    public static Optional<Deliver> cutOffFromModem(byte[] octets) {
        var in = new OctetReader(octets);
        try {
            Address.readSmsc(in);
            int first = in.octet("TP-MTI");
            if ((first & MTI) == 0b10 || (first & MTI) == 0b01) {
                return Optional.empty();
            }
            return Optional.of(Deliver.readCutOff(first, in))
                    .filter(deliver -> !deliver.userData().text().isEmpty());
        } catch (OctetReader.Unreadable _) {
            return Optional.empty();
        }
    }

    private static Optional<Deliver> delivered(int first, byte[] octets) {
        try {
            return Optional.of(Deliver.read(first, new OctetReader(octets)))
                    .filter(deliver -> deliver.scts().isPresent());
        } catch (OctetReader.Unreadable _) {
            return Optional.empty();
        }
    }

    /// A TPDU from the SMSC, without its address in front.
    public static Decoded decodeFromSc(byte[] tpdu) {
        var in = new OctetReader(tpdu);
        try {
            int first = in.octet("TP-MTI");
            if ((first & MTI) == 0b01) {
                // Answers an SMS-SUBMIT on the air; no modem passes it on.
                return new Decoded.Malformed("TP-MTI", 0, "SMS-SUBMIT-REPORT");
            }
            return new Decoded.Ok(Optional.empty(), fromSc(first, in));
        } catch (OctetReader.Unreadable e) {
            return new Decoded.Malformed(e.field, e.offset, e.why);
        }
    }

    /// A TPDU to the SMSC, without its address in front: what `AT+CMGS` carries behind it.
    public static Decoded decodeFromMobile(byte[] tpdu) {
        var in = new OctetReader(tpdu);
        try {
            int first = in.octet("TP-MTI");
            if ((first & MTI) != 0b01) {
                return new Decoded.Malformed("TP-MTI", 0, (first & MTI) + " (1, SMS-SUBMIT, expected)");
            }
            return new Decoded.Ok(Optional.empty(), Submit.read(first, in));
        } catch (OctetReader.Unreadable e) {
            return new Decoded.Malformed(e.field, e.offset, e.why);
        }
    }

    /// 3GPP TS 23.040 §9.2.3.1: the reserved 11 is read as SMS-DELIVER.
    private static Tpdu fromSc(int first, OctetReader in) {
        return (first & MTI) == 0b10 ? StatusReport.read(first, in) : Deliver.read(first, in);
    }

    /// The SMSC's address and the TPDU, as a modem gives and takes them.
    ///
    /// @param smsc empty for the one on the SIM (`00`)
    public static byte[] withSmsc(Optional<Address> smsc, byte[] tpdu) {
        var front = smsc.map(Address::smscOctets).orElseGet(() -> new byte[1]);
        var pdu = new byte[front.length + tpdu.length];
        System.arraycopy(front, 0, pdu, 0, front.length);
        System.arraycopy(tpdu, 0, pdu, front.length, tpdu.length);
        return pdu;
    }
}
