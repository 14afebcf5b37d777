package dev.parley.reply;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Wording that a reasonable person would read as a request to be texted no more (47 CFR
/// 64.1200(a)(10): "using any reasonable means"). What is found here is shown to a user for a decision,
/// so it may be generous, but talk among people who meet ("stop by the shop", "don't text me while I
/// drive") must not be caught: sending would be held.
///
/// A text is looked at piece by piece ([Phrases] says how). It asks for an end if
///
/// * a piece is a request by itself, or holds one that counts anywhere; or
/// * a piece is a stop word, alone or with courtesies and reasons around it, and all the others are courtesies,
///   reasons and a signature: `Stop. Thank you` asks, `Stop, wait for me` does not; or
/// * a piece is STOP in capitals, whatever stands beside it.
final class FreerWording {

    /// Where a piece ends: punctuation, line ends, a dash between blanks, emoji and other symbols.
    private static final Pattern PIECE_END = Pattern.compile(
            "(?:(?<!(?:^|[^\\p{L}])\\p{L})\\.|[,;:!?¡¿…()\\[\\]{}\"“”„«»|/\\\\\\n\\r\\t~\\p{So}\\p{Sk}\\x{1F3FB}-\\x{1F3FF}]|\\s[-–—*•]+\\s?)+");

    private static final Pattern AND = Pattern.compile(" (?:and|und|y|et) ");

    /// A name on a line of its own, or behind a dash: one to three words that begin with a capital.
    private static final Pattern NAME =
            Pattern.compile("[-–—~*]{0,3}\\s*\\p{Lu}[\\p{L}\\p{M}.'’-]*(?:\\s+\\p{Lu}[\\p{L}\\p{M}.'’-]*){0,2}\\.?");

    private static final Pattern NAME_BEHIND_DASH =
            Pattern.compile("\\s[-–—~]+\\s*\\p{Lu}[\\p{L}\\p{M}.'’-]*(?:\\s+\\p{Lu}[\\p{L}\\p{M}.'’-]*)?\\s*$");

    private static final Pattern REPEATED = Pattern.compile("(.)\\1+");

    private static final Pattern NO_TEXT = Pattern.compile("[^\\p{L}]*");

    /// SMS of this length are stories; matching stays cheap.
    private static final int TEXT_MAX = 500;

    /// `I'm not Bob`, `This is not Bob Smith`: the name tells it from `I'm not ready`.
    private static final Pattern SOMEBODY_ELSE = Pattern.compile(
            "\\s*(?:[Ii]['’]?m|[Ii] am|[Tt]his is|[Tt]his isn['’]?t|[Ii]t['’]?s) (?:not )?(?:\\p{Lu}\\p{Ll}+)(?: \\p{Lu}\\p{Ll}+)?\\s*");

    private final Pattern ask;
    private final Pattern aside;
    private final Pattern weakAsk;
    private final Pattern courtesy;
    private final Pattern request;
    private final Pattern anywhere;
    private final Pattern signature;
    private final Pattern reaction;
    private final Set<String> stretched;

    private FreerWording(List<Phrases> languages, Set<String> stops) {
        var weak = languages.stream()
                .flatMap(each -> each.weak().stream())
                .map(Letters::words)
                .collect(Collectors.toSet());
        var courtesies = all(languages, Phrases::courtesies);
        var asides = courtesies + "|" + all(languages, Phrases::reasons);
        this.ask = around(asides, stop(stops.stream().filter(word -> !weak.contains(word))));
        this.weakAsk = around(courtesies, stop(stops.stream()));
        this.aside = Pattern.compile("(?:" + asides + ")(?: (?:" + asides + "))*");
        this.courtesy = Pattern.compile("(?:" + courtesies + ")(?: (?:" + courtesies + "))*");
        this.request = around(asides + "|" + all(languages, Phrases::leads), all(languages, Phrases::requests));
        this.anywhere = Pattern.compile(all(languages, Phrases::anywhere));
        this.signature = Pattern.compile(all(languages, Phrases::signatures));
        this.reaction = Pattern.compile(all(languages, Phrases::reactions));
        this.stretched = stops.stream()
                .filter(word -> !weak.contains(word))
                .map(FreerWording::unstretched)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String all(List<Phrases> languages, Function<Phrases, List<String>> kind) {
        return either(languages.stream().flatMap(each -> kind.apply(each).stream()));
    }

    /// One of these; never, where there are none.
    private static String either(Stream<String> patterns) {
        var joined = patterns.collect(Collectors.joining("|"));
        return joined.isEmpty() ? "(?!)" : "(?:" + joined + ")";
    }

    /// One stop word or several, also with blanks between their letters: `opt out`, `s t o p`.
    private static String stop(Stream<String> words) {
        var word = either(words.map(each -> each.codePoints()
                .mapToObj(Character::toString)
                .map(Pattern::quote)
                .collect(Collectors.joining(" ?"))));
        return word + "(?: " + word + ")*";
    }

    private static Pattern around(String asides, String core) {
        return Pattern.compile("(?:(?:" + asides + ") )*" + core + "(?: (?:" + asides + "))*");
    }

    /// The wordings of every language that is known, for people write in theirs to any line, and of these.
    ///
    /// @param stops by ISO 639 code: the words that opt out, squeezed
    static FreerWording of(Map<String, Set<String>> stops) {
        return new FreerWording(
                Stream.concat(Phrases.KNOWN.stream(), stops.keySet().stream())
                        .distinct()
                        .map(Phrases::of)
                        .toList(),
                stops.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet()));
    }

    boolean isOptOut(String text) {
        if (text.length() > TEXT_MAX || reaction.matcher(Letters.words(text)).matches()) {
            return false;
        }
        boolean asks = false;
        boolean asksWeakly = false;
        boolean onlyAsides = true;
        boolean onlyCourtesies = true;
        for (var piece : pieces(unsigned(text))) {
            var words = Letters.words(piece);
            if (piece.strip().equals("STOP")
                    || request.matcher(words).matches()
                    || anywhere.matcher(words).find()) {
                return true;
            }
            if (isAsk(words)) {
                asks = true;
            } else if (weakAsk.matcher(words).matches()) {
                asksWeakly = true;
            } else {
                onlyAsides &= isAside(piece, words);
                onlyCourtesies &= courtesy.matcher(words).matches();
            }
        }
        return (asks && onlyAsides) || (asksWeakly && onlyCourtesies);
    }

    private boolean isAside(String piece, String words) {
        return aside.matcher(words).matches() || SOMEBODY_ELSE.matcher(piece).matches();
    }

    /// `stop`, `stop thank you`, `stop and lose my number`, `stoppp`.
    private boolean isAsk(String words) {
        if (ask.matcher(words).matches()) {
            return true;
        }
        if (words.indexOf(' ') < 0) {
            return words.length() > 2 && stretched.contains(unstretched(words));
        }
        var joined = AND.split(words, -1);
        return joined.length > 1
                && ask.matcher(joined[0]).matches()
                && List.of(joined).stream()
                        .skip(1)
                        .allMatch(each -> ask.matcher(each).matches()
                                || request.matcher(each).matches()
                                || aside.matcher(each).matches());
    }

    /// Each letter once where it is written several times.
    private static String unstretched(String word) {
        return REPEATED.matcher(word).replaceAll("$1");
    }

    private static List<String> pieces(String text) {
        var pieces = new ArrayList<String>();
        for (var piece : PIECE_END.split(text, -1)) {
            if (!NO_TEXT.matcher(piece).matches()) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    /// The text without the lines that a program or a person has put under it.
    private String unsigned(String text) {
        var lines = new ArrayList<>(text.strip().lines().toList());
        while (lines.size() > 1 && isSignature(lines.getLast())) {
            lines.removeLast();
        }
        var last = NAME_BEHIND_DASH.matcher(lines.isEmpty() ? "" : lines.getLast());
        if (last.find() && last.start() > 0) {
            lines.set(lines.size() - 1, lines.getLast().substring(0, last.start()));
        }
        return String.join("\n", lines);
    }

    private boolean isSignature(String line) {
        return NO_TEXT.matcher(line).matches()
                || (NAME.matcher(line.strip()).matches() && !line.strip().equals("STOP"))
                || signature.matcher(Letters.words(line)).matches();
    }
}
