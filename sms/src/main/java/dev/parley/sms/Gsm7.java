package dev.parley.sms;

import org.jspecify.annotations.Nullable;

/// The GSM 7-bit alphabet under one pair of shift tables (3GPP TS 23.038 §6.1.2.1, §6.2.1): characters
/// to septets, septets to octets, and back.
///
/// A character is one septet, or the escape and one more if only the single shift table has it. Nothing
/// here allocates per character.
final class Gsm7 {
    static final int ESCAPE = 0x1B;

    private static final short ESCAPED = 0x100;
    private static final short[] NO_PAGE = new short[256];
    private static final int LANGUAGES = NationalLanguage.values().length;

    /// Made when first asked for. Read and written without a lock: a table is immutable, and two alike
    /// are harmless.
    private static final @Nullable Gsm7[] PAIRS = new @Nullable Gsm7[LANGUAGES * LANGUAGES];

    /// Without shift tables: the default alphabet and its default extension.
    static final Gsm7 DEFAULT = of(NationalLanguage.DEFAULT, NationalLanguage.DEFAULT);

    private final char[] main;
    private final char[] extension;

    /// By the upper octet of the character, then the lower: 0 if the alphabet lacks it, else the code
    /// and one, with [#ESCAPED] if it stands in the single shift table.
    private final short[][] pages = new short[256][];

    /// The first page, which most characters of most texts are on.
    private final short[] latin;

    private Gsm7(char[] main, char[] extension) {
        this.main = main;
        this.extension = extension;
        for (int code = 127; code >= 0; code--) { // of two codes for a character the lower one
            if (extension[code] != ShiftTables.NONE) {
                put(extension[code], (short) ((code + 1) | ESCAPED));
            }
        }
        for (int code = 0; code < 128; code++) {
            if (main[code] != ShiftTables.NONE) {
                put(main[code], (short) (code + 1)); // one septet is better than two
            }
        }
        for (int page = 0; page < pages.length; page++) {
            if (pages[page] == null) {
                pages[page] = NO_PAGE;
            }
        }
        latin = pages[0];
    }

    private void put(char c, short entry) {
        if (pages[c >> 8] == null) {
            pages[c >> 8] = new short[256];
        }
        pages[c >> 8][c & 0xFF] = entry;
    }

    static Gsm7 of(NationalLanguage locking, NationalLanguage single) {
        int pair = locking.code() * LANGUAGES + single.code();
        var known = PAIRS[pair];
        if (known != null) {
            return known;
        }
        var made = new Gsm7(ShiftTables.locking(locking), ShiftTables.single(single));
        PAIRS[pair] = made;
        return made;
    }

    /// 0 if the alphabet lacks the character, else its code and one, with [#ESCAPED] if it needs the
    /// escape.
    private int entry(char c) {
        return c <= 0xFF ? latin[c] : pages[c >> 8][c & 0xFF];
    }

    /// How many septets the character takes: 1, 2, or 0 if the alphabet lacks it.
    int septets(char c) {
        int entry = entry(c);
        return entry == 0 ? 0 : entry < ESCAPED ? 1 : 2;
    }

    /// How many septets the text takes, or -1 if the alphabet lacks one of its characters.
    int septets(String text) {
        int septets = 0;
        for (int i = 0; i < text.length(); i++) {
            int entry = entry(text.charAt(i));
            if (entry == 0) {
                return -1;
            }
            septets += entry < ESCAPED ? 1 : 2;
        }
        return septets;
    }

    /// How many octets hold the septets of any text of so many characters.
    static int octetsMax(int characters) {
        return (2 * characters * 7 + 7) / 8;
    }

    /// Packs a text, behind `fill` bits that stay zero (TS 23.040 §9.2.3.24: the text begins on a
    /// septet boundary counted from the beginning of the user data).
    ///
    /// @return how many septets it took, or -1 if the alphabet lacks one of its characters
    int pack(String text, byte[] out, int at, int fill) {
        long held = 0;
        int bits = fill;
        int septets = 0;
        for (int i = 0; i < text.length(); i++) {
            int entry = entry(text.charAt(i));
            if (entry == 0) {
                return -1;
            }
            int code = (entry & 0xFF) - 1;
            boolean escaped = entry >= ESCAPED;
            held |= (long) (escaped ? (code << 7) | ESCAPE : code) << bits;
            bits += escaped ? 14 : 7;
            septets += escaped ? 2 : 1;
            if (bits >= Integer.SIZE) { // four octets at once
                out[at] = (byte) held;
                out[at + 1] = (byte) (held >> 8);
                out[at + 2] = (byte) (held >> 16);
                out[at + 3] = (byte) (held >> 24);
                at += Integer.BYTES;
                held >>>= Integer.SIZE;
                bits -= Integer.SIZE;
            }
        }
        for (; bits > 0; bits -= 8) {
            out[at++] = (byte) held;
            held >>>= 8;
        }
        return septets;
    }

    /// The text of packed septets.
    ///
    /// @param from the bit where the first septet begins
    String unpacked(byte[] octets, int from, int septets) {
        return text(unpack(octets, from, septets));
    }

    /// The septets, one an octet.
    ///
    /// @param from the bit where the first septet begins
    static byte[] unpack(byte[] octets, int from, int septets) {
        var out = new byte[septets];
        int bit = from;
        for (int i = 0; i < septets; i++, bit += 7) {
            int octet = bit >> 3;
            int pair = octets[octet] & 0xFF;
            if (octet + 1 < octets.length) {
                pair |= (octets[octet + 1] & 0xFF) << 8;
            }
            out[i] = (byte) ((pair >> (bit & 7)) & 0x7F);
        }
        return out;
    }

    /// An escape before a code that the single shift table lacks shows the character of the main table;
    /// two escapes are a space (§6.2.1.1), and one at the end is nothing.
    String text(byte[] septets) {
        var text = new StringBuilder(septets.length);
        for (int i = 0; i < septets.length; i++) {
            int code = septets[i];
            if (code != ESCAPE) {
                text.append(shown(main[code]));
            } else if (i + 1 < septets.length) {
                int next = septets[++i];
                if (next == ESCAPE) {
                    text.append(' ');
                } else if (extension[next] != ShiftTables.NONE) {
                    text.append(extension[next]);
                } else {
                    text.append(shown(main[next]));
                }
            }
        }
        return text.toString();
    }

    /// The same of a text that may go on elsewhere: an escape at the end is kept as U+001B.
    String piece(byte[] septets) {
        int end = septets.length;
        while (end > 0 && septets[end - 1] == ESCAPE) {
            end--;
        }
        boolean alone = (septets.length - end) % 2 == 1; // two of them are a space
        return alone ? text(septets) + (char) ESCAPE : text(septets);
    }

    /// What an escape makes of the character behind it.
    char escaped(char c) {
        int entry = entry(c);
        if (entry == 0 || entry >= ESCAPED || extension[entry - 1] == ShiftTables.NONE) {
            return c;
        }
        return extension[entry - 1];
    }

    /// Some locking shift tables have holes.
    private static char shown(char c) {
        return c == ShiftTables.NONE ? ' ' : c;
    }
}
