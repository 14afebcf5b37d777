package dev.parley.reply;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What people of one language write around and instead of the keywords: data that a reviewer reads, in
/// `resources/words/LANGUAGE.txt`. Its head says what each kind of line means.
///
/// @param words by kind (`stop`, `start`, `yes`, `help`, `leave`, `join`): those that count as the whole text
/// @param weak stop words beside which only courtesies may stand
/// @param courtesies patterns of what may stand around any stop word
/// @param reasons patterns of answers and of why somebody asks: what may stand around a stop word that is not weak
/// @param leads patterns of what may stand around a request
/// @param requests patterns of pieces that ask by themselves
/// @param anywhere patterns that ask wherever they stand in a piece
/// @param signatures patterns of lines that a program or a person puts under a text
/// @param reactions patterns of texts by which a phone says that somebody marked another text
record Phrases(
        Map<String, Set<String>> words,
        Set<String> weak,
        List<String> courtesies,
        List<String> reasons,
        List<String> leads,
        List<String> requests,
        List<String> anywhere,
        List<String> signatures,
        List<String> reactions) {

    /// Languages that there is a file of.
    static final Set<String> KNOWN = Set.of("en", "es", "fr", "de", "it", "nl", "pl", "pt", "ru", "tr");

    private static final Set<String> WORDS = Set.of("stop", "start", "yes", "help", "leave", "join");

    private static final Pattern DEFINED = Pattern.compile("<([a-z]+)>");

    /// The phrases of a language; none where nobody has written them down yet.
    ///
    /// @param language by ISO 639
    static Phrases of(String language) {
        if (!KNOWN.contains(language)) {
            return read(List.of(), language);
        }
        var name = "/words/" + language + ".txt";
        var resource = Objects.requireNonNull(Phrases.class.getResourceAsStream(name), name);
        try (var in = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
            return read(in.lines().toList(), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Phrases read(List<String> lines, String name) {
        var words = new LinkedHashMap<String, Set<String>>();
        var lists = new HashMap<String, List<String>>();
        var defined = new HashMap<String, String>();
        for (var line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(": ");
            if (colon < 0) {
                throw new IllegalStateException(name + " has the line \"" + line + "\" (expected kind: phrase)");
            }
            var kind = line.substring(0, colon);
            var phrase = line.substring(colon + 2);
            if (WORDS.contains(kind)) {
                words.computeIfAbsent(kind, _ -> new TreeSet<>()).add(phrase);
            } else if (kind.startsWith("define ")) {
                defined.put(kind.substring("define ".length()), "(?:" + phrase + ")");
            } else {
                lists.computeIfAbsent(kind, _ -> new ArrayList<>())
                        .add(DEFINED.matcher(phrase).replaceAll(match -> {
                            var what = defined.get(match.group(1));
                            if (what == null) {
                                throw new IllegalStateException(name + " does not define <" + match.group(1) + ">");
                            }
                            return Matcher.quoteReplacement(what);
                        }));
            }
        }
        var phrases = new Phrases(
                Map.copyOf(words),
                Set.copyOf(taken(lists, "weak")),
                taken(lists, "courtesy"),
                Stream.of(taken(lists, "answer"), taken(lists, "reason"))
                        .flatMap(List::stream)
                        .toList(),
                taken(lists, "lead"),
                taken(lists, "request"),
                taken(lists, "anywhere"),
                taken(lists, "signature"),
                taken(lists, "reaction"));
        if (!lists.isEmpty()) {
            throw new IllegalStateException(name + " has lines of no known kind: " + lists.keySet());
        }
        return phrases;
    }

    private static List<String> taken(Map<String, List<String>> lists, String kind) {
        var taken = lists.remove(kind);
        return taken == null ? List.of() : List.copyOf(taken);
    }

    Set<String> words(String kind) {
        return words.getOrDefault(kind, Set.of());
    }
}
