package dev.parley.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The documentation as it is now, as the build makes a site of it.
@DisplayName("The documentation")
class SiteTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\b(?:href|src)=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");

    /// What a block of a page may be: run against the demo, run on a clean Debian by the package's test (perhaps until
    /// its answer has a text), run by nobody for a reason, or no command at all.
    private static final Pattern BLOCK = Pattern.compile(
            "sh(?: until=.+| clean-debian(?: until=.+)?| not-run: .{10,})?" + "|yaml(?: under=[a-z]+)?|text|json|");

    @TempDir
    private static Path site;

    @BeforeAll
    static void make() throws IOException {
        Site.make(DOCS, site);
    }

    private static Set<String> names(Path directory, String extension) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(extension))
                    .map(name -> name.substring(0, name.length() - extension.length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Page page(String name) throws IOException {
        return Page.of(name, Files.readString(DOCS.resolve(name + ".md")));
    }

    @Test
    @DisplayName("has a page in the menu for each of its files, and no other")
    void menu() throws IOException {
        var listed = page("index").menu().stream()
                .flatMap(group -> group.entries().stream())
                .map(Page.Entry::page)
                .collect(Collectors.toCollection(TreeSet::new));
        var there = names(DOCS, ".md");
        there.remove("index");
        assertEquals(there, listed);
        there.add("index");
        assertEquals(there, names(site, ".html"));
    }

    @Test
    @DisplayName("leads nowhere but to what is there, heading by heading")
    void links() throws IOException {
        var broken = new ArrayList<String>();
        for (var name : names(site, ".html")) {
            for (var link : found(ATTRIBUTE, Files.readString(site.resolve(name + ".html")))) {
                if (!link.contains("://") && !exists(name, link)) {
                    broken.add(name + ": " + link);
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    private static boolean exists(String page, String link) throws IOException {
        var parts = link.split("#", 2);
        var file = site.resolve(parts[0].isEmpty() ? page + ".html" : parts[0]);
        return Files.isRegularFile(file)
                && (parts.length == 1 || found(ID, Files.readString(file)).contains(parts[1]));
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }

    @Test
    @DisplayName("runs no script and loads nothing from another host")
    void alone() throws IOException {
        for (var name : names(site, ".html")) {
            var html = Files.readString(site.resolve(name + ".html"));
            assertFalse(html.contains("<script"), name);
            assertFalse(
                    Pattern.compile("<(?:link|img|iframe)[^>]*://")
                            .matcher(html)
                            .find(),
                    name);
        }
        assertFalse(Files.readString(site.resolve("style.css")).contains("://"));
    }

    @Test
    @DisplayName("has a section for each alert, and for no alert that is none")
    void alerts() throws IOException {
        var rules = found(
                Pattern.compile("- alert: (\\w+)"), Files.readString(Path.of("..", "config", "prometheus-rules.yaml")));
        var sections = found(Pattern.compile("(?m)^## (\\w+)$"), Files.readString(DOCS.resolve("alerts.md")));
        assertEquals(rules, sections);
    }

    @Test
    @DisplayName("says of each of its commands how it is tried, or why it is not")
    void blocks() throws IOException {
        var wrong = new ArrayList<String>();
        for (var name : names(DOCS, ".md")) {
            page(name).document().accept(new AbstractVisitor() {
                @Override
                public void visit(FencedCodeBlock block) {
                    if (!BLOCK.matcher(block.getInfo()).matches()) {
                        wrong.add(name + ": ```" + block.getInfo());
                    } else if (block.getInfo().isEmpty()
                            && block.getLiteral()
                                    .lines()
                                    .anyMatch(line -> line.matches("(?:parley|curl|apt|\\./parley) .*"))) {
                        wrong.add(name + ": a command in a block that is none: " + block.getLiteral());
                    }
                }

                @Override
                public void visit(IndentedCodeBlock block) {
                    wrong.add(name + ": an indented block, which nobody runs: " + block.getLiteral());
                }
            });
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    @DisplayName("shows readers nothing of what is said to the tests, and keeps marks as letters")
    void shown() throws IOException {
        var install = Files.readString(site.resolve("install.html"));
        assertTrue(install.contains("<code class=\"language-sh\">apt install"), install);
        assertFalse(install.contains("clean-debian"), install);
        assertTrue(install.contains("aria-current=\"page\">Install in five minutes</a>"), install);
        assertTrue(Files.readString(site.resolve("operations.html")).contains("<table>"));
        assertTrue(Files.isRegularFile(site.resolve("files").resolve("prometheus-rules.yaml")));
    }

    @Test
    @DisplayName("is not made of a page without a title, or with a link to nothing")
    void refused(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("index.md"), "# Site\n\n## A\n\n* [Page](page.md)\n");
        Files.writeString(directory.resolve("page.md"), "no heading\n");
        assertThrows(IllegalStateException.class, () -> Site.make(directory, directory.resolve("site")));
        Files.writeString(directory.resolve("page.md"), "# Page\n\n[gone](../gone.txt)\n");
        assertThrows(IllegalStateException.class, () -> Site.make(directory, directory.resolve("site")));
        Files.writeString(directory.resolve("page.md"), "# Page & more\n");
        Site.make(directory, directory.resolve("site"));
        assertTrue(Files.readString(directory.resolve("site").resolve("page.html"))
                .contains("<title>Page &amp; more – Parley</title>"));
    }
}
