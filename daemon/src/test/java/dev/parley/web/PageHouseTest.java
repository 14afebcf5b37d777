package dev.parley.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The page's modules keep their arrows, as [dev.parley.HouseTest] does for packages, and what its
/// policy would block is not written in the first place.
class PageHouseTest {
    private static final Path ROOT = Path.of("src/main/resources/web");

    /// Each knows only those above it, and its own folder.
    private static final List<String> ROWS = List.of(
            "words",
            "state",
            "api",
            "part",
            "router.js",
            "session",
            "conversation",
            "contact",
            "line",
            "optout",
            "user",
            "webhook",
            "shell.js",
            "start.js");

    private static final Pattern IMPORT =
            Pattern.compile("(?:import|export)\\s[^;]*?from '([^']+)'|import '([^']+)'|import\\('([^']+)'\\)");

    private static List<Path> modules() throws IOException {
        try (var walk = Files.walk(ROOT)) {
            return walk.filter(path -> path.toString().endsWith(".js")).sorted().toList();
        }
    }

    private static String row(Path path) {
        return ROOT.relativize(path.normalize()).getName(0).toString();
    }

    @Test
    void aModuleKnowsOnlyWhatIsAboveIt() throws IOException {
        var wrong = new ArrayList<String>();
        for (var module : modules()) {
            var from = ROWS.indexOf(row(module));
            assertTrue(from >= 0, () -> module + " is in no row");
            var matcher = IMPORT.matcher(Files.readString(module));
            while (matcher.find()) {
                var target = matcher.group(1) != null
                        ? matcher.group(1)
                        : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
                if (!target.startsWith(".")) {
                    assertTrue(
                            target.equals("lit") || target.startsWith("lit-html/"),
                            () -> module + " imports " + target);
                    continue;
                }
                var other = module.resolveSibling(target).normalize();
                if (!Files.exists(other)) {
                    wrong.add(module + " imports " + target + ", which is not there");
                } else if (ROWS.indexOf(row(other)) > from) {
                    wrong.add(module + " imports " + target);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void nothingThatThePolicyBlocksIsWritten() throws IOException {
        for (var module : modules()) {
            var text = Files.readString(module);
            for (var forbidden : List.of("unsafeHTML", "innerHTML", "styleMap", " style=", "document.write", "eval(")) {
                assertFalse(
                        text.lines()
                                .anyMatch(line -> line.contains(forbidden)
                                        && !line.strip().startsWith("*")
                                        && !line.strip().startsWith("/*")),
                        () -> module + " has " + forbidden);
            }
        }
    }

    @Test
    void stylesMirrorForScriptsFromRightToLeft() throws IOException {
        var physical =
                Pattern.compile("(?<![a-z-])(?:margin|padding|border)-(?:left|right)\\b|(?<![a-z-])(?:left|right)\\s*:"
                        + "|text-align:\\s*(?:left|right)|float:");
        try (var walk = Files.walk(ROOT.resolve("style"))) {
            for (var sheet :
                    walk.filter(path -> path.toString().endsWith(".css")).toList()) {
                var found = physical.matcher(Files.readString(sheet));
                assertFalse(
                        found.find(),
                        () -> sheet + " has " + found.group() + "; logical properties mirror by themselves");
            }
        }
    }

    private static final Path WORDS = ROOT.resolve("words");
    private static final Pattern WORD = Pattern.compile("^( +)(?:'([^']+)'|([A-Za-z]+)): ?(.*)$");

    /// Names within an object on one line.
    private static final Pattern INNER = Pattern.compile("(?<=[{ ])(?:'[\\w-]+'|\\w+)(?=: ['({])");

    /// The paths of all texts of a language, each with whether it is a text, a function or a list.
    private static Map<String, String> texts(Path file) throws IOException {
        var texts = new TreeMap<String, String>();
        var path = new ArrayList<String>();
        boolean begun = false;
        for (var line : Files.readAllLines(file)) {
            if (line.equals("export const words = {")) {
                begun = true;
            }
            var word = WORD.matcher(line);
            if (!begun || !word.find() || word.group(1).length() / 2 > path.size() + 1) {
                continue;
            }
            while (path.size() >= word.group(1).length() / 2) {
                path.removeLast();
            }
            path.add(word.group(2) != null ? word.group(2) : word.group(3));
            var value = word.group(4);
            if (!value.equals("{")) {
                texts.put(String.join(".", path), kindOf(value));
            }
        }
        return texts;
    }

    private static String kindOf(String value) {
        if (value.startsWith("{")) {
            return INNER.matcher(value).results().map(MatchResult::group).collect(Collectors.joining(" "));
        }
        return value.matches("\\(?[\\w, ]*\\)? =>.*") ? "function" : value.startsWith("[") ? "list" : "text";
    }

    /// Another language is one more file of the same shape.
    @Test
    void everyLanguageHasTheSameTexts() throws IOException {
        var english = texts(WORDS.resolve("en.js"));
        assertTrue(english.size() > 300, () -> "only " + english.size() + " texts are found");
        assertEquals("function", english.get("people"));
        assertEquals("text", english.get("frame.signOut"));
        assertEquals("list", english.get("keys.rows"));
        try (var files = Files.list(WORDS)) {
            for (var file : files.filter(each -> !each.endsWith("format.js")).toList()) {
                assertEquals(english, texts(file), file.toString());
            }
        }
    }

    /// A text that is asked for is there, and one that nobody asks for is none.
    @Test
    void modulesAndLanguagesAgreeOnTheTexts() throws IOException {
        var english = texts(WORDS.resolve("en.js"));
        var asked = Pattern.compile("\\bwords\\.([a-zA-Z]+)(?:\\.([a-zA-Z]+))?");
        var missing = new ArrayList<String>();
        var mentioned = new HashSet<String>();
        for (var module : modules()) {
            if (module.startsWith(WORDS)) {
                continue;
            }
            var text = Files.readString(module);
            Pattern.compile("[\\w-]+").matcher(text).results().forEach(each -> mentioned.add(each.group()));
            asked.matcher(text).results().forEach(each -> {
                var path = each.group(1) + (each.group(2) == null ? "" : "." + each.group(2));
                if (!english.containsKey(each.group(1))
                        && english.keySet().stream().noneMatch(key -> key.equals(path) || key.startsWith(path + "."))) {
                    missing.add(module + " asks for " + path);
                }
            });
        }
        assertEquals(List.of(), missing);
        // Some are chosen by what the API says, such as a delivery's status.
        var chosen = List.of(
                "status",
                "themes",
                "densities",
                "states",
                "kinds",
                "roles",
                "scopes",
                "whats",
                "outcomes",
                "refused",
                "blockedBy",
                "placedBy",
                "labels",
                "yesterday"); // and one that the formats ask for
        assertEquals(
                List.of(),
                english.keySet().stream()
                        .filter(key -> chosen.stream().noneMatch(each -> ("." + key + ".").contains("." + each + ".")))
                        .filter(key -> !mentioned.contains(key.substring(key.lastIndexOf('.') + 1)))
                        .toList());
    }
}
