package dev.parley.modem;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/// PDUs as a modem gives them (3GPP TS 23.040), just enough to write odd ones by hand, and not by the
/// codec under test.
final class FieldPdus {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final byte[] SMSC = HEX.parseHex("07912120550591F9");
    private static final DateTimeFormatter DIGITS = DateTimeFormatter.ofPattern("yyMMddHHmmss", Locale.ROOT);

    private FieldPdus() {}

    /// An SMS-DELIVER, in hexadecimal.
    ///
    /// @param first TP-MTI and its flags
    /// @param ud TP-UD with its header
    static String deliver(byte[] smsc, int first, String sender, int dcs, Instant scts, int udl, byte[] ud) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(smsc);
        out.write(first);
        out.writeBytes(address(sender));
        out.write(0);
        out.write(dcs);
        out.writeBytes(stamp(scts));
        out.write(udl);
        out.writeBytes(ud);
        return HEX.formatHex(out.toByteArray());
    }

    /// One of ASCII letters, figures and blanks, which are themselves in the GSM 7-bit alphabet.
    static String deliver(String sender, String text, Instant scts) {
        return deliver(SMSC, 0x04, sender, 0, scts, text.length(), packed(text, 0));
    }

    /// The same as another SMSC hands it over, which has more.
    static String byAnotherSmsc(String sender, String text, Instant scts) {
        return deliver(HEX.parseHex("07912120550591F8"), 0x00, sender, 0, scts, text.length(), packed(text, 0));
    }

    /// A text of data coding 08.
    static String ucs2(String sender, byte[] ud, Instant scts) {
        return deliver(SMSC, 0x04, sender, 8, scts, ud.length, ud);
    }

    /// One part of several.
    static String part(String sender, String text, int ref, int total, int seq, Instant scts) {
        var body = packed(text, 1);
        var ud = new byte[6 + body.length];
        System.arraycopy(new byte[] {5, 0, 3, (byte) ref, (byte) total, (byte) seq}, 0, ud, 0, 6);
        System.arraycopy(body, 0, ud, 6, body.length);
        return deliver(SMSC, 0x44, sender, 0, scts, 7 + text.length(), ud);
    }

    static String statusReport(int mr, String recipient, Instant now) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(SMSC);
        out.write(0x06);
        out.write(mr);
        out.writeBytes(address(recipient));
        out.writeBytes(stamp(now));
        out.writeBytes(stamp(now));
        out.write(0);
        return HEX.formatHex(out.toByteArray());
    }

    /// What stands behind `+CMGR:` and `+CMT:`: octets without the SMSC's.
    static int length(String pdu) {
        return pdu.length() / 2 - 1 - Integer.parseInt(pdu.substring(0, 2), 16);
    }

    /// TP-DA of what was given to `AT+CMGS`.
    static String recipient(String digits) {
        var tpdu = submitted(digits);
        var number = new StringBuilder((tpdu[3] & 0x70) == 0x10 ? "+" : "");
        for (int i = 0; i < tpdu[2]; i++) {
            number.append(Character.forDigit((tpdu[4 + i / 2] >> (i % 2 * 4)) & 0xF, 16));
        }
        return number.toString();
    }

    /// TP-SRR (§9.2.3.5).
    static boolean asksReport(String digits) {
        return (submitted(digits)[0] & 0x20) != 0;
    }

    private static byte[] submitted(String digits) {
        var octets = HEX.parseHex(digits);
        return Arrays.copyOfRange(octets, 1 + octets[0], octets.length);
    }

    private static byte[] address(String number) {
        var digits = number.substring(number.startsWith("+") ? 1 : 0);
        var value = swapped(digits);
        var octets = new byte[2 + value.length];
        octets[0] = (byte) digits.length();
        octets[1] = (byte) (number.startsWith("+") ? 0x91 : 0x81);
        System.arraycopy(value, 0, octets, 2, value.length);
        return octets;
    }

    private static byte[] stamp(Instant at) {
        return swapped(DIGITS.format(at.atOffset(ZoneOffset.UTC)) + "00");
    }

    private static byte[] swapped(String digits) {
        var even = digits.length() % 2 == 0 ? digits : digits + "F";
        var swapped = new StringBuilder();
        for (int i = 0; i < even.length(); i += 2) {
            swapped.append(even.charAt(i + 1)).append(even.charAt(i));
        }
        return HEX.parseHex(swapped);
    }

    private static byte[] packed(String text, int fill) {
        var out = new byte[(fill + 7 * text.length() + 7) / 8];
        int bit = fill;
        for (byte septet : text.getBytes(StandardCharsets.US_ASCII)) {
            for (int i = 0; i < 7; i++, bit++) {
                out[bit / 8] |= (byte) (((septet >> i) & 1) << (bit % 8));
            }
        }
        return out;
    }
}
