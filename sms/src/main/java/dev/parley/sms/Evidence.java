package dev.parley.sms;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What the octets of a text show of themselves, whatever is said of them: marks, the regularity of
/// UTF-16, the form of
/// UTF-8, the control characters that nobody writes. Each answer is given only where a text in the
/// coding that was
/// announced could not look so, or not in many years of anybody's texts.
final class Evidence {
    private Evidence() {}

    private static final Charset WINDOWS_1252 =
            Charset.isSupported("windows-1252") ? Charset.forName("windows-1252") : StandardCharsets.ISO_8859_1;

    /// Shorter texts in packed septets show too little.
    private static final int PACKED_CHARACTERS_MIN = 20;

    /// Pages of UTF-16 with the alphabets of one octet each: Latin, Greek, Cyrillic and so on up to
    /// Myanmar and
    /// Georgian.
    private static final int PAGE_MAX = 0x10;

    /// The quotes, dashes, bullet, ellipsis and euro of page 0x20, which phones put into any text.
    private static final String PUNCTUATION = "\u2013\u2014\u2018\u2019\u201A\u201C\u201D\u201E\u2022\u2026\u20AC";

    /// The words that every sender of texts must take for what they are (47 CFR 64.1200(a)(10), CTIA
    /// Messaging Principles and Best Practices §5.1.3). Read in another coding they are a few rare
    /// ideographs, or letters with control characters: nobody's text.
    private static final Set<String> WORDS_OF_LAW = Set.of(
            "STOP",
            "STOPALL",
            "UNSUBSCRIBE",
            "CANCEL",
            "END",
            "QUIT",
            "REVOKE",
            "OPTOUT",
            "START",
            "UNSTOP",
            "HELP",
            "INFO",
            "YES",
            "LEAVE",
            "JOIN");

    private static final Pattern ONE_WORD = Pattern.compile("\\s*([A-Z]+|[A-Z]?[a-z]+)[.!]?\\s*");

    /// A blank and a letter would be a sign of page 0x20 that no phone has a key for. G, H and I are left out: U+2047
    /// to U+2049 are emoji.
    private static final Pattern BLANK_AND_LETTER = Pattern.compile("(?s)(?:..)* [A-FJ-Za-z].*");

    private static boolean isWordOfLaw(String text) {
        var word = ONE_WORD.matcher(text);
        return word.matches() && WORDS_OF_LAW.contains(word.group(1).toUpperCase(Locale.ROOT));
    }

    static boolean isSevenBit(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return false;
            }
        }
        return true;
    }

    /// Printable characters of ASCII and line ends alone.
    static boolean isAscii(byte[] octets) {
        for (byte octet : octets) {
            if (octet != '\n' && octet != '\r' && (octet < 0x20 || octet == 0x7F)) {
                return false;
            }
        }
        return true;
    }

    /// Text behind a byte order mark (Unicode 16 §3.10), which is no part of it.
    static Optional<String> marked(byte[] octets) {
        if (octets.length >= 2 && octets.length % 2 == 0) {
            int mark = ((octets[0] & 0xFF) << 8) | (octets[1] & 0xFF);
            if (mark == 0xFEFF) {
                return Optional.of(from(octets, 2, StandardCharsets.UTF_16BE));
            }
            if (mark == 0xFFFE) {
                return Optional.of(from(octets, 2, StandardCharsets.UTF_16LE));
            }
        }
        return Optional.empty();
    }

    private static String from(byte[] octets, int at, Charset charset) {
        return new String(octets, at, octets.length - at, charset);
    }

    /// UTF-16 in either order that shows as such: of every pair one and the same octet is the number
    /// of a page, the
    /// same small number throughout, or 0 for Latin-1 and the blanks and signs of every script.
    /// Septets would be a
    /// text whose every second character is `@`, or one and the same letter with an accent.
    static Optional<String> paged(byte[] octets) {
        return isPaged(octets, 0) ? Optional.of(new String(octets, StandardCharsets.UTF_16BE)) : littleEndian(octets);
    }

    static Optional<String> littleEndian(byte[] octets) {
        return isPaged(octets, 1) ? Optional.of(new String(octets, StandardCharsets.UTF_16LE)) : Optional.empty();
    }

    private static boolean isPaged(byte[] octets, int pageAt) {
        if (octets.length < 4 || octets.length % 2 != 0) {
            return false;
        }
        boolean sevenBit = isSevenBit(octets);
        int page = 0;
        int letters = 0;
        int latin = 0;
        int signs = 0;
        boolean same = true;
        for (int at = 0; at < octets.length; at += 2) {
            int upper = octets[at + pageAt] & 0xFF;
            int lower = octets[at + 1 - pageAt] & 0xFF;
            char c = (char) ((upper << 8) | lower);
            same &= octets[at] == octets[0] && octets[at + 1] == octets[1];
            if (upper == 0) {
                if (!isPrintable(c)) {
                    return false;
                }
                latin++;
            } else if (PUNCTUATION.indexOf(c) >= 0) {
                signs++;
            } else if (upper <= PAGE_MAX && (page == 0 || page == upper) && isOfAlphabet(c)) {
                // Line ends are the one pair of septets that people do put before each of several
                // characters.
                if (sevenBit && (upper == '\n' || upper == '\r')) {
                    return false;
                }
                page = upper;
                letters += Character.isLetter(c) ? 1 : 0;
            } else {
                return false;
            }
        }
        return !same && (page == 0 ? latin >= 2 && latin > signs : letters >= 2);
    }

    private static boolean isPrintable(char c) {
        return c >= 0xA0 || (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean isOfAlphabet(char c) {
        return Character.isLetterOrDigit(c)
                || Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }

    /// UTF-8 (RFC 3629), whose form nothing else of more than seven bits has by chance.
    static Optional<String> utf8(byte[] octets) {
        if (isSevenBit(octets)) {
            return Optional.empty();
        }
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /// The same of what lies between parts that are missing, where the first or the last character
    /// may be cut.
    static Optional<String> utf8BetweenGaps(byte[] octets) {
        int from = 0;
        while (from < octets.length && from < 3 && (octets[from] & 0xC0) == 0x80) {
            from++;
        }
        int to = octets.length;
        while (to > from && octets.length - to < 3 && octets[to - 1] < 0) {
            to--;
        }
        for (int end = octets.length; end >= to; end--) {
            var whole = Arrays.copyOfRange(octets, from, end);
            var text = utf8(whole);
            if (text.isPresent()) {
                return Optional.of((from > 0 ? "\uFFFD" : "") + text.get() + (end < octets.length ? "\uFFFD" : ""));
            }
        }
        return Optional.empty();
    }

    /// Septets that were left packed (3GPP TS 23.038 §6.1.2.1): octet by octet they hold control
    /// characters, and
    /// unpacked they are words.
    static Optional<String> packed(byte[] octets) {
        if (octets.length == 0 || isSevenBit(octets) || !holdsControls(octets)) {
            return Optional.empty();
        }
        var unpacked = Unpacked.ofPacked(octets);
        // Seven bits are left over behind seven characters, and are a character of zeros.
        int length =
                octets.length % 7 == 0 && unpacked[unpacked.length - 1] == 0 ? unpacked.length - 1 : unpacked.length;
        if (length < PACKED_CHARACTERS_MIN) {
            return Optional.of(Gsm7.DEFAULT.text(Arrays.copyOf(unpacked, length)))
                    .filter(Evidence::isWordOfLaw);
        }
        int words = 0;
        int blanks = 0;
        for (int i = 0; i < length; i++) {
            int c = unpacked[i];
            boolean printable = (c >= 0x20 && c < 0x7B) || c == '\n' || c == '\r';
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!printable && !isAccented(c)) {
                return Optional.empty();
            }
            words += letter || c == ' ' ? 1 : 0;
            blanks += c == ' ' ? 1 : 0;
        }
        return blanks > 0 && words * 5 >= length * 4
                ? Optional.of(Gsm7.DEFAULT.text(Arrays.copyOf(unpacked, length)))
                : Optional.empty();
    }

    /// The letters of European languages that stand elsewhere than in ASCII (3GPP TS 23.038 §6.2.1).
    private static boolean isAccented(int septet) {
        return (septet >= 0x04 && septet <= 0x09)
                || septet == 0x0B
                || septet == 0x0C
                || septet == 0x0E
                || septet == 0x0F
                || (septet >= 0x1C && septet <= 0x1F)
                || septet >= 0x7B;
    }

    /// Control characters of Latin-1 other than white space: C0, DEL, and of C1 the five that
    /// Windows-1252 leaves
    /// empty as well.
    private static boolean holdsControls(byte[] octets) {
        for (byte octet : octets) {
            int c = octet & 0xFF;
            if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t')
                    || c == 0x7F
                    || c == 0x81
                    || c == 0x8D
                    || c == 0x8F
                    || c == 0x90
                    || c == 0x9D) {
                return true;
            }
        }
        return false;
    }

    /// ASCII where UCS-2 was announced: an odd number of octets is no UCS-2, and of an even one so
    /// many small letters
    /// and blanks would be rare ideographs in a row, and a STOP two.
    static Optional<String> asciiInPairs(byte[] octets) {
        if (octets.length == 0 || !isAscii(octets)) {
            return Optional.empty();
        }
        int small = 0;
        for (byte octet : octets) {
            small += (octet >= 'a' && octet <= 'z') || octet == ' ' ? 1 : 0;
        }
        var text = new String(octets, StandardCharsets.US_ASCII);
        return octets.length % 2 == 1
                        || (octets.length >= 8 && small * 4 >= octets.length * 3)
                        || BLANK_AND_LETTER.matcher(text).matches()
                        || isWordOfLaw(text)
                ? Optional.of(text)
                : Optional.empty();
    }

    /// Latin-1 as the world writes it: 0x80 to 0x9F are Windows-1252's quotes, dashes and euro, since
    /// ISO 8859-1 has no
    /// graphic characters there. The five that are empty become U+FFFD.
    static String latin1(byte[] octets) {
        return new String(octets, WINDOWS_1252);
    }
}
