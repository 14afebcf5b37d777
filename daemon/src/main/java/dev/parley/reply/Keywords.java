package dev.parley.reply;

import dev.parley.conversation.Tags;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads keywords out of texts. The words follow the FCC (47 CFR 64.1200(a)(10): "stop", "quit", "end",
/// "revoke", "opt out", "cancel", "unsubscribe" are reasonable means per se) and CTIA's Messaging
/// Principles (HELP, START, UNSTOP). A keyword counts only as the whole text: "stop by the shop" is an
/// ordinary one. What is more than a keyword and still asks for an end is [FreerWording].
///
/// The English words lie in `resources/words/en.txt`, those of other languages in the configuration.
public final class Keywords {

    /// The words of one language, in any case.
    public record Words(
            Set<String> stop,
            Set<String> start,
            Set<String> yes,
            Set<String> help,
            Set<String> leave,
            Set<String> join) {

        public static final Words ENGLISH = of(Phrases.of("en"));

        public Words {
            stop = squeezed(stop);
            start = squeezed(start);
            yes = squeezed(yes);
            help = squeezed(help);
            leave = squeezed(leave);
            join = squeezed(join);
        }

        private static Words of(Phrases phrases) {
            return new Words(
                    phrases.words("stop"),
                    phrases.words("start"),
                    phrases.words("yes"),
                    phrases.words("help"),
                    phrases.words("leave"),
                    phrases.words("join"));
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

    private static final Pattern INNER = Pattern.compile("[\\p{Z}\\p{C}\\p{Pd}'’._*]+");
    private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}#]+|[^\\p{L}\\p{M}\\p{N}]+$");
    private static final Pattern JOIN_NUMBER = Pattern.compile("[#＃]?(0|[1-9][0-9]{0,3})$");

    private final List<Words> languages;
    private final FreerWording freer;

    /// The English words.
    public Keywords() {
        this(Map.of("en", Words.ENGLISH));
    }

    /// The words of all these languages count, whoever writes them.
    ///
    /// @param languages by ISO 639 code
    public Keywords(Map<String, Words> languages) {
        this.languages = List.copyOf(languages.values());
        var stops = new LinkedHashMap<String, Set<String>>();
        languages.forEach((language, words) -> stops.put(language, words.stop()));
        this.freer = FreerWording.of(stops);
    }

    Keyword read(String written) {
        var text = Letters.visible(written);
        var bare = Tags.bare(text);
        if (bare.isPresent()) {
            return new Keyword.Answer(bare.get());
        }
        var tagged = Tags.leading(text);
        var said = tagged.map(Tags.Tagged::text).orElse(text);
        var word = squeeze(said);
        var named = tagged.map(tag -> new Tags.Tagged(tag.tag(), word)).or(() -> withNumber(said));
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
            if (named.isPresent() && words.join().contains(named.get().text())) {
                return new Keyword.Join(named.get().tag());
            }
            if (named.isPresent() && words.leave().contains(named.get().text())) {
                return new Keyword.Leave(named.map(Tags.Tagged::tag));
            }
        }
        return freer.isOptOut(said) ? new Keyword.FreerOptOut() : new Keyword.None();
    }

    /// `JOIN #2`, `join 2.`
    private static Optional<Tags.Tagged> withNumber(String said) {
        var trimmed = AROUND.matcher(said).replaceAll("");
        var number = JOIN_NUMBER.matcher(trimmed);
        return number.find()
                ? Optional.of(new Tags.Tagged(
                        Integer.parseInt(number.group(1)), squeeze(trimmed.substring(0, number.start()))))
                : Optional.empty();
    }

    /// The letters of a text that is one word or two: `" Opt-Out!"` becomes `optout`, `S.T.O.P.` becomes `stop`. Other
    /// punctuation between letters stays: `stop, cancel` is no word.
    private static String squeeze(String text) {
        return INNER.matcher(AROUND.matcher(Letters.plain(text)).replaceAll("")).replaceAll("");
    }
}
