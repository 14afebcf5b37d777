package dev.parley.conversation;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads keywords out of texts. The words follow the FCC (47 CFR 64.1200(a)(10): "stop", "quit", "end",
/// "revoke", "opt out", "cancel", "unsubscribe" are reasonable means per se) and CTIA's Messaging
/// Principles (HELP, START, UNSTOP). A keyword counts only as the whole text: "stop by the shop" is an
/// ordinary one.
public final class Keywords {

    /// The words of one language, in any case.
    public record Words(
            Set<String> stop,
            Set<String> start,
            Set<String> yes,
            Set<String> help,
            Set<String> leave,
            Set<String> join) {

        public static final Words ENGLISH = new Words(
                Set.of("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"),
                Set.of("START", "UNSTOP"),
                Set.of("YES"),
                Set.of("HELP", "INFO"),
                Set.of("LEAVE"),
                Set.of("JOIN"));

        public Words {
            stop = squeezed(stop);
            start = squeezed(start);
            yes = squeezed(yes);
            help = squeezed(help);
            leave = squeezed(leave);
            join = squeezed(join);
        }

        private static Set<String> squeezed(Collection<String> words) {
            var squeezed = new HashSet<String>();
            for (var word : words) {
                var letters = squeeze(word);
                if (letters.isEmpty()) {
                    throw new IllegalArgumentException("keyword \"" + word + "\" (expected letters)");
                }
                squeezed.add(letters);
            }
            return Set.copyOf(squeezed);
        }
    }

    private static final Pattern NO_LETTER_OR_DIGIT = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final Pattern INNER = Pattern.compile("[\\p{Z}\\p{C}\\p{Pd}'’]+");
    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}#]+|[^\\p{L}\\p{M}\\p{N}]+$");
    private static final Pattern JOIN_NUMBER = Pattern.compile("[#＃]?(0|[1-9][0-9]{0,3})$");

    private final List<Words> languages;

    /// The English words.
    public Keywords() {
        this(Map.of("en", Words.ENGLISH));
    }

    /// The words of all these languages count, whoever writes them.
    ///
    /// @param languages by ISO 639 code
    public Keywords(Map<String, Words> languages) {
        this.languages = List.copyOf(languages.values());
    }

    Keyword read(String text) {
        var bare = Tags.bare(text);
        if (bare.isPresent()) {
            return new Keyword.Answer(bare.get());
        }
        var tagged = Tags.leading(text);
        var said = tagged.map(Tags.Tagged::text).orElse(text);
        var word = squeeze(said);
        for (var words : languages) {
            if (words.stop().contains(word)) {
                return new Keyword.Stop();
            }
            if (words.start().contains(word)) {
                return new Keyword.Start();
            }
            if (words.yes().contains(word)) {
                return new Keyword.Yes();
            }
            if (words.help().contains(word)) {
                return new Keyword.Help();
            }
            if (words.leave().contains(word)) {
                return new Keyword.Leave(tagged.map(Tags.Tagged::tag));
            }
            if (tagged.isPresent() && words.join().contains(word)) {
                return new Keyword.Join(tagged.get().tag());
            }
            var group = withNumber(said);
            if (tagged.isEmpty() && group.isPresent()) {
                if (words.join().contains(group.get().word())) {
                    return new Keyword.Join(group.get().tag());
                }
                if (words.leave().contains(group.get().word())) {
                    return new Keyword.Leave(Optional.of(group.get().tag()));
                }
            }
        }
        return FreerWording.isOptOut(said) ? new Keyword.FreerOptOut() : new Keyword.None();
    }

    private record WordAndNumber(String word, int tag) {}

    /// `JOIN #2`, `join 2.`
    private static Optional<WordAndNumber> withNumber(String said) {
        var trimmed = AROUND.matcher(said).replaceAll("");
        var number = JOIN_NUMBER.matcher(trimmed);
        return number.find()
                ? Optional.of(new WordAndNumber(
                        squeeze(trimmed.substring(0, number.start())), Integer.parseInt(number.group(1))))
                : Optional.empty();
    }

    /// The letters of a text that is one word or two, in lower case: `" Opt-Out!"` becomes `optout`.
    /// Punctuation between letters stays, so that `end. stop` is no word.
    private static String squeeze(String text) {
        var plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return INNER.matcher(AROUND.matcher(plain).replaceAll("")).replaceAll("");
    }

    /// Splits into words of lower-case letters, with blanks between them.
    static String words(String text) {
        var plain = Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceAll("['’`´]", "");
        return NO_LETTER_OR_DIGIT.matcher(plain).replaceAll(" ").strip();
    }
}
