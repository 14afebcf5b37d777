package dev.parley.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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
}
