package dev.parley.conversation;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// What counts as a word of a text, and whether a text has those that are looked for. Case and accents do not
/// count. A word is found whole or as a beginning; in scripts without spaces every character is a word; a
/// symbol is one.
final class Words {

    /// What is beyond is not looked for.
    static final int LENGTH_MAX = 40;

    /// Words of a query that count.
    private static final int QUERY_MAX = 8;

    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private static final Pattern BLANKS = Pattern.compile("[\\p{Z}\\s]+");

    private Words() {}

    static String fold(String text) {
        return MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
    }

    /// The words of a text, each once.
    static Set<String> of(String text) {
        var words = new LinkedHashSet<String>();
        var word = new StringBuilder();
        fold(text).codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) && !standsAlone(c)) {
                if (word.length() < LENGTH_MAX) {
                    word.appendCodePoint(c);
                }
                return;
            }
            end(words, word);
            if (standsAlone(c)) {
                words.add(Character.toString(c));
            }
        });
        end(words, word);
        return words;
    }

    private static void end(Set<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static boolean standsAlone(int c) {
        return switch (Character.getType(c)) {
            case Character.OTHER_SYMBOL, Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL -> true;
            default ->
                switch (Character.UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
                    default -> false;
                };
        };
    }

    /// What is looked for.
    ///
    /// @param typed as typed, between blanks
    /// @param words of it, each of which an index can be asked for
    record Query(List<String> typed, Set<String> words) {

        static Query of(String typed) {
            var parts = Arrays.stream(BLANKS.split(typed.strip()))
                    .filter(part -> !part.isEmpty())
                    .limit(QUERY_MAX)
                    .toList();
            var words = new LinkedHashSet<String>();
            parts.forEach(part -> words.addAll(Words.of(part)));
            return new Query(parts, words);
        }

        /// Whether a text has all of it.
        boolean matches(String text) {
            var words = Words.of(text);
            var folded = fold(text);
            return typed.stream().allMatch(part -> has(words, folded, fold(part)));
        }

        /// What is one plain word is so by its beginning; all else stands there as it was typed.
        private static boolean has(Set<String> words, String text, String part) {
            boolean plain = part.codePoints().allMatch(c -> Character.isLetterOrDigit(c) && !standsAlone(c));
            return plain
                    ? words.stream()
                            .anyMatch(word ->
                                    word.startsWith(part.length() <= LENGTH_MAX ? part : part.substring(0, LENGTH_MAX)))
                    : text.contains(part);
        }

        /// For `LIKE`: what a matching text has somewhere, as the database compares it.
        List<String> patterns() {
            return words.stream()
                    .map(word -> "%" + word.replaceAll("([!%_])", "!$1") + "%")
                    .toList();
        }
    }
}
