package dev.parley.sms;

import java.util.Optional;

/// A number or a name at one end of a short message: TP-OA, TP-DA, TP-RA (3GPP TS 23.040 §9.1.2.5), and
/// the SMSC's own.
///
/// @param number as people write it: with `+` if and only if the type of number is international, a name
/// if it is alphanumeric, else just the digits (`0` to `9`, `*`, `#`, `a`, `b`, `c`); may be empty
/// @param ton type of number, 0 to 7
/// @param npi numbering plan identification, 0 to 15
public record Address(String number, int ton, int npi) {

    /// Twenty semi-octets fill the ten octets of the address value (§9.1.2.5).
    public static final int DIGITS_MAX = 20;

    /// As many septets as fit twenty semi-octets.
    public static final int NAME_SEPTETS_MAX = 11;

    /// A type-of-address octet and eleven octets of digits (TS 24.011 §8.2.5.2).
    private static final int SMSC_OCTETS_MAX = 12;

    private static final int INTERNATIONAL = 1;
    private static final int ALPHANUMERIC = 5;
    private static final int TELEPHONE = 1;
    private static final String SEMI_OCTETS = "0123456789*#abc";

    public Address {
        if (ton < 0 || ton > 7 || npi < 0 || npi > 15) {
            throw new IllegalArgumentException("type of number " + ton + ", numbering plan " + npi);
        }
        if (ton == ALPHANUMERIC) {
            int septets = Gsm7.DEFAULT.septets(number);
            if (septets < 0 || septets > NAME_SEPTETS_MAX) {
                throw new IllegalArgumentException(
                        "\"" + number + "\" is no name of at most 11 characters of the GSM 7-bit alphabet");
            }
        } else {
            int from = ton == INTERNATIONAL && !number.isEmpty() ? 1 : 0;
            if (from == 1 && number.charAt(0) != '+') {
                throw new IllegalArgumentException("the international number \"" + number + "\" has no +");
            }
            for (int i = from; i < number.length(); i++) {
                if (SEMI_OCTETS.indexOf(number.charAt(i)) < 0) {
                    throw new IllegalArgumentException("\"" + number + "\" has no digit at " + (i + 1));
                }
            }
        }
    }

    /// The address for a number as a person writes it: international with `+`, else of unknown type, as
    /// short codes and national numbers are.
    ///
    /// @throws IllegalArgumentException with the sentence of [#wrongWith]
    public static Address ofNumber(String number) {
        wrongWith(number).ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        return new Address(number, number.charAt(0) == '+' ? INTERNATIONAL : 0, TELEPHONE);
    }

    /// The address of a sender with a name.
    ///
    /// @throws IllegalArgumentException if it is longer than 11 septets or not in the GSM 7-bit alphabet
    public static Address ofName(String name) {
        return new Address(name, ALPHANUMERIC, 0);
    }

    /// Why nothing can be sent to this number, as a sentence for a person; empty if it is one. Only the
    /// digits that a phone has count, not those of other scripts (`Character.isDigit` takes Arabic
    /// ones).
    public static Optional<String> wrongWith(String number) {
        if (number.isEmpty()) {
            return Optional.of("The number is empty; expected digits, with + in front of an international number.");
        }
        int from = number.charAt(0) == '+' ? 1 : 0;
        for (int i = from; i < number.length(); i++) {
            char c = number.charAt(i);
            boolean digit = (c >= '0' && c <= '9') || (from == 0 && (c == '*' || c == '#'));
            if (!digit) {
                return Optional.of("The number \"%s\" has %s at position %d; expected digits only%s."
                        .formatted(
                                number,
                                c > ' ' && c < 0x7F ? "'" + c + "'" : "U+%04X".formatted((int) c),
                                i + 1,
                                from == 1 ? " after the +" : ", or + and digits"));
            }
        }
        int digits = number.length() - from;
        if (digits == 0) {
            return Optional.of("The number \"+\" has no digits.");
        }
        if (digits > DIGITS_MAX) {
            return Optional.of("The number \"%s\" has %d digits; at most 20 fit an SMS.".formatted(number, digits));
        }
        return Optional.empty();
    }

    /// Whether this is a name, to which nobody can send (§9.1.2.5, type of number 101).
    public boolean isName() {
        return ton == ALPHANUMERIC;
    }

    public boolean isInternational() {
        return ton == INTERNATIONAL;
    }

    /// TP-OA, TP-DA or TP-RA: the length counts semi-octets (§9.1.2.5).
    static Address read(OctetReader in, String field) {
        int at = in.position();
        int semiOctets = in.octet(field);
        if (semiOctets > DIGITS_MAX) {
            throw new OctetReader.Unreadable(field, at, semiOctets + " semi-octets (at most 20)");
        }
        int toa = in.octet(field);
        return of(toa, in.octets(field, (semiOctets + 1) / 2), semiOctets);
    }

    /// The SMSC's address as a modem gives it: the length counts octets, with the type of address (TS
    /// 27.005 §3.1 and TS 24.011 §8.2.5.1). 00 stands for none.
    static Optional<Address> readSmsc(OctetReader in) {
        int octets = in.octet("SMSC");
        if (octets > SMSC_OCTETS_MAX) {
            throw new OctetReader.Unreadable("SMSC", 0, octets + " octets (at most 12)");
        }
        if (octets == 0) {
            return Optional.empty();
        }
        int toa = in.octet("SMSC");
        var value = in.octets("SMSC", octets - 1);
        // A name of seven septets fills seven octets but for seven bits, and its length in octets is that of eight:
        // zeros
        // there are no '@'.
        boolean spare = type(toa) == ALPHANUMERIC && value.length == 7 && (value[6] & 0xFE) == 0;
        return Optional.of(of(toa, value, 2 * value.length - (spare ? 1 : 0)));
    }

    private static int type(int toa) {
        return (toa >> 4) & 0b111;
    }

    private static Address of(int toa, byte[] value, int semiOctets) {
        int ton = type(toa);
        int npi = toa & 0b1111;
        if (ton == ALPHANUMERIC) {
            // The septets that fit, and no more: seven characters leave seven spare bits, which are no eighth '@'.
            int septets = Math.min(semiOctets * 4 / 7, NAME_SEPTETS_MAX);
            return new Address(Gsm7.DEFAULT.unpacked(value, 0, septets), ton, npi);
        }
        // Address-Length counts the digits (§9.1.2.5): whatever stands in the place of the fill behind an odd number of
        // them, 1111 or not (§9.1.2.3), is none.
        var number = new StringBuilder(semiOctets + 1);
        for (int i = 0; i < semiOctets; i++) {
            int digit = (value[i / 2] >> ((i % 2) * 4)) & 0xF;
            // 1111 fills the last octet. Elsewhere it is no digit either: better one too few than one invented.
            if (digit < SEMI_OCTETS.length()) {
                number.append(SEMI_OCTETS.charAt(digit));
            }
        }
        if (ton == INTERNATIONAL && !number.isEmpty()) {
            number.insert(0, '+');
        }
        return new Address(number.toString(), ton, npi);
    }

    /// How many octets [#write] takes.
    int octets() {
        return 2 + (semiOctets() + 1) / 2;
    }

    private int semiOctets() {
        if (ton == ALPHANUMERIC) {
            return (Gsm7.DEFAULT.septets(number) * 7 + 3) / 4;
        }
        return number.length() - firstDigit();
    }

    private int firstDigit() {
        return ton == INTERNATIONAL && !number.isEmpty() ? 1 : 0;
    }

    private byte toa() {
        return (byte) (0x80 | (ton << 4) | npi);
    }

    /// Writes TP-OA, TP-DA or TP-RA.
    ///
    /// @return the index behind it
    int write(byte[] out, int at) {
        int semiOctets = semiOctets();
        if (semiOctets > DIGITS_MAX) {
            throw new IllegalStateException(number + " has more than 20 digits");
        }
        out[at] = (byte) semiOctets;
        out[at + 1] = toa();
        writeValue(out, at + 2);
        return at + 2 + (semiOctets + 1) / 2;
    }

    /// The SMSC's address as a modem takes it in front of a TPDU.
    byte[] smscOctets() {
        var out = new byte[octets()];
        out[0] = (byte) (out.length - 1);
        out[1] = toa();
        writeValue(out, 2);
        return out;
    }

    private void writeValue(byte[] out, int at) {
        if (ton == ALPHANUMERIC) {
            Gsm7.DEFAULT.pack(number, out, at, 0);
            return;
        }
        int first = firstDigit();
        int digits = number.length() - first;
        for (int i = 0; i < digits; i += 2) {
            int low = semiOctet(number.charAt(first + i));
            int high = i + 1 < digits ? semiOctet(number.charAt(first + i + 1)) : 0xF;
            out[at + i / 2] = (byte) ((high << 4) | low);
        }
    }

    private static int semiOctet(char c) {
        return c >= '0' && c <= '9' ? c - '0' : SEMI_OCTETS.indexOf(c);
    }
}
