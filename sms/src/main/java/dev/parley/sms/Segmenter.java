package dev.parley.sms;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Splits texts into parts. The GSM 7-bit alphabet is taken where it has every character, then, if the
/// options allow, one of its national variants where that makes fewer parts, else UCS-2.
public final class Segmenter {

    private static final int PARTS_MAX = 255;

    private Segmenter() {}

    /// An empty text is one part.
    public static Split split(String text, SplitOptions options) {
        int septets = Gsm7.DEFAULT.septets(text);
        var plain = septets >= 0 ? text : UserData.wellFormed(text); // no surrogates are in the alphabet
        var best = best(plain, septets, options);
        if (options.replace() && best.alphabet == Alphabet.UCS2) {
            var replacing = Replacing.of(plain);
            if (!replacing.replacements().isEmpty()) {
                var other = best(replacing.text(), Gsm7.DEFAULT.septets(replacing.text()), options);
                if (other.alphabet == Alphabet.GSM7 && other.parts <= best.parts) {
                    return split(other, replacing.text(), replacing.replacements(), options);
                }
            }
        }
        return split(best, plain, List.of(), options);
    }

    /// A way to code a text: what is chosen among.
    ///
    /// @param single septets or units of a message in one part
    /// @param each septets or units of each of several parts
    /// @param used septets or units of the whole text
    private record Coding(
            Alphabet alphabet,
            NationalLanguage locking,
            NationalLanguage shift,
            int single,
            int each,
            int used,
            int parts) {}

    /// @param septets in the default alphabet, -1 if it lacks a character
    private static Coding best(String text, int septets, SplitOptions options) {
        var none = NationalLanguage.DEFAULT;
        var best = septets >= 0 ? gsm7(text, none, none, septets, options) : ucs2(text, options);
        if (best.parts == 1 || options.languages().isEmpty()) {
            return best;
        }
        for (var language :
                options.languages().stream().sorted(Comparator.naturalOrder()).toList()) {
            // The single shift first: a phone that does not know it shows at least the rest of the text.
            best = fewer(best, national(text, none, language, options));
            best = fewer(best, national(text, language, none, options));
            best = fewer(best, national(text, language, language, options));
        }
        return best;
    }

    private static Coding fewer(Coding best, Optional<Coding> other) {
        return other.isPresent() && other.get().parts < best.parts ? other.get() : best;
    }

    private static Optional<Coding> national(
            String text, NationalLanguage locking, NationalLanguage single, SplitOptions options) {
        int septets = Gsm7.of(locking, single).septets(text);
        return septets < 0 ? Optional.empty() : Optional.of(gsm7(text, locking, single, septets, options));
    }

    private static Coding gsm7(
            String text, NationalLanguage locking, NationalLanguage single, int septets, SplitOptions options) {
        int whole = septetsBehind(Headers.octets(Alphabet.GSM7, locking, single, 0));
        int each = septetsBehind(
                Headers.octets(Alphabet.GSM7, locking, single, Headers.concatOctets(options.referenceBits())));
        int parts = septets <= whole ? 1 : partsOfGsm7(text, Gsm7.of(locking, single), each);
        return new Coding(Alphabet.GSM7, locking, single, whole, each, septets, parts);
    }

    private static int septetsBehind(int headerOctets) {
        return (UserData.OCTETS_MAX - headerOctets) * 8 / 7;
    }

    private static Coding ucs2(String text, SplitOptions options) {
        int whole = UserData.OCTETS_MAX / 2;
        int each = (UserData.OCTETS_MAX - 1 - Headers.concatOctets(options.referenceBits())) / 2;
        int parts = text.length() <= whole ? 1 : partsOfUcs2(text, each);
        return new Coding(
                Alphabet.UCS2, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, whole, each, text.length(), parts);
    }

    private static int partsOfGsm7(String text, Gsm7 table, int each) {
        int parts = 0;
        for (int at = 0; at < text.length(); parts++) {
            at = endOfGsm7(text, at, table, each);
        }
        return parts;
    }

    private static int partsOfUcs2(String text, int each) {
        int parts = 0;
        for (int at = 0; at < text.length(); parts++) {
            at = endOfUcs2(text, at, each);
        }
        return parts;
    }

    /// Where the part ends that begins at `from`: an escape and its character stay together (3GPP TS
    /// 23.040 §9.2.3.24.1).
    private static int endOfGsm7(String text, int from, Gsm7 table, int septetsMax) {
        int septets = 0;
        int at = from;
        while (at < text.length()) {
            septets += table.septets(text.charAt(at));
            if (septets > septetsMax) {
                return at;
            }
            at++;
        }
        return at;
    }

    /// The halves of a surrogate pair stay together: phones show them as two boxes.
    private static int endOfUcs2(String text, int from, int unitsMax) {
        int end = Math.min(text.length(), from + unitsMax);
        boolean within = end < text.length() && Character.isSurrogatePair(text.charAt(end - 1), text.charAt(end));
        return within ? end - 1 : end;
    }

    private static Split split(Coding coding, String text, List<Replacement> replacements, SplitOptions options) {
        if (coding.parts == 1) {
            var segment = new Segment(coding.alphabet, coding.locking, coding.shift, text, Optional.empty());
            return new Split.Parts(List.of(segment), coding.alphabet, text, replacements, coding.single - coding.used);
        }
        if (coding.parts > PARTS_MAX) {
            return new Split.TooLong(coding.parts);
        }
        var table = Gsm7.of(coding.locking, coding.shift);
        var segments = new ArrayList<Segment>(coding.parts);
        int at = 0;
        while (at < text.length()) {
            int end = coding.alphabet == Alphabet.GSM7
                    ? endOfGsm7(text, at, table, coding.each)
                    : endOfUcs2(text, at, coding.each);
            var concat = new Concat(options.reference(), options.referenceBits(), coding.parts, segments.size() + 1);
            segments.add(new Segment(
                    coding.alphabet, coding.locking, coding.shift, text.substring(at, end), Optional.of(concat)));
            at = end;
        }
        var last = segments.getLast().text();
        int used = coding.alphabet == Alphabet.GSM7 ? table.septets(last) : last.length();
        return new Split.Parts(segments, coding.alphabet, text, replacements, coding.each - used);
    }
}
