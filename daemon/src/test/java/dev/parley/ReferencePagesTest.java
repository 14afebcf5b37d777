package dev.parley;

import dev.parley.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Pages that say what the code says: an index of the clauses that its comments cite, and a reference of the
/// configuration. The metrics are in [MetricsTest].
@DisplayName("Pages made from the code")
class ReferencePagesTest {

    private static final List<Path> SOURCES = List.of(
            Path.of("..", "sms", "src", "main", "java"),
            Path.of("src", "main", "java"),
            Path.of("..", "modem-sim", "src", "main", "java"));

    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s)///?\\s?(.*)$", Pattern.MULTILINE);

    /// A document, or a place in the one named before it.
    private static final Pattern CITED = Pattern.compile(
            "(?<ts>TS \\d{2}\\.\\d{3})|(?<smpp>SMPP)(?: v)? ?(?:3\\.4|5\\.0)|(?<rfc>RFC \\d+)|(?<cfr>47 CFR [\\d.]+)"
                    + "|(?<itu>ITU-T [A-Z]\\.\\d+)|(?<ctia>CTIA)|(?<other>Unicode \\d+|HTML Living Standard)"
                    + "|§ ?(?<clause>[A-Z]?\\d+(?:\\.\\d+)*[a-z]?)|(?<annex>annex [A-Z](?:-?\\d+)?)"
                    + "|(?<paragraph>(?<=[\\d])(?:\\([a-z0-9]+\\))+)");

    /// What each document is, and what of it Parley leaves out and why.
    private static final Map<String, String> DOCUMENTS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "TS 23.038",
                    "3GPP, alphabets and language-specific information. Left out: compression (§6.1), which no network"
                            + " sends: such a text is shown as data."),
            Map.entry(
                    "TS 23.040",
                    "3GPP, technical realization of the Short Message Service. Left out: SMS-COMMAND, enhanced messages"
                            + " (their elements are passed over, the text is kept), TP-VPF enhanced (read, never sent)."),
            Map.entry(
                    "TS 23.041",
                    "3GPP, cell broadcast. Left out but for the page that a modem may show: nobody in a conversation"
                            + " sends it."),
            Map.entry("TS 24.011", "3GPP, SMS on the radio interface: the causes that modems pass on."),
            Map.entry(
                    "TS 27.005", "3GPP, AT commands for SMS. Left out: text mode, which loses what PDU mode carries."),
            Map.entry("TS 27.007", "3GPP, AT commands for user equipment: registration, SIM, signal, USSD."),
            Map.entry(
                    "SMPP",
                    "SMPP 3.4 (and 5.0 where it adds something). Left out: submit_multi, replace_sm, cancel_sm, query_sm"
                            + " and outbind: a part is submitted once and its receipt tells the rest."),
            Map.entry("47 CFR 64.1200", "FCC rules on consent and its revocation.")));

    private record Cited(String document, String clause) {}

    @Test
    @DisplayName("docs/clauses.md lists every clause that a comment cites")
    void clauses() throws IOException {
        var where = new TreeMap<String, Map<String, TreeSet<String>>>();
        for (var source : SOURCES) {
            try (var files = Files.walk(source)) {
                for (var file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    for (var cited : cited(Files.readString(file))) {
                        where.computeIfAbsent(cited.document(), _ -> new TreeMap<>(inOrder()))
                                .computeIfAbsent(cited.clause(), _ -> new TreeSet<>())
                                .add(link(source, file));
                    }
                }
            }
        }
        var page = new StringBuilder("""
                # Clauses of the specifications

                What the comments of the code cite, with the classes that do it: this page is made from them, and a test holds it. What
                is cited is done; what of a document is left out stands under its name, with the reason.
                """);
        where.forEach((document, clauses) -> {
            page.append("\n## ").append(document).append("\n\n");
            if (DOCUMENTS.containsKey(document)) {
                page.append(DOCUMENTS.get(document)).append("\n\n");
            }
            page.append("| clause | in |\n|---|---|\n");
            clauses.forEach((clause, files) -> page.append("| ")
                    .append(clause)
                    .append(" | ")
                    .append(String.join(", ", files))
                    .append(" |\n"));
        });
        ReferencePages.hold("clauses.md", page.toString());
    }

    private static List<Cited> cited(String source) {
        var text =
                COMMENT.matcher(source).results().map(match -> match.group(1)).collect(Collectors.joining(" "));
        var found = new ArrayList<Cited>();
        var document = "";
        var alone = false;
        var match = CITED.matcher(text);
        while (match.find()) {
            var clause = match.group("clause") != null
                    ? "§" + match.group("clause")
                    : match.group("annex") != null ? match.group("annex") : match.group("paragraph");
            if (clause == null) {
                if (alone) {
                    found.add(new Cited(document, "the whole"));
                }
                document = match.group("smpp") != null ? "SMPP" : match.group();
                alone = true;
            } else if (!document.isEmpty()) {
                found.add(new Cited(document, clause));
                alone = false;
            }
        }
        if (alone) {
            found.add(new Cited(document, "the whole"));
        }
        return found;
    }

    private static String link(Path source, Path file) {
        var name = file.getFileName().toString().replace(".java", "");
        return "[" + name + "]("
                + source.resolve(source.relativize(file)).toString().replace("src/main", prefix(source)) + ")";
    }

    /// From `docs` to the sources of a module.
    private static String prefix(Path source) {
        return source.startsWith("..") ? "src/main" : "../daemon/src/main";
    }

    /// §5.2.9 before §5.2.10, and annexes behind.
    private static Comparator<String> inOrder() {
        return Comparator.comparing(clause -> {
            var key = new StringBuilder(clause.startsWith("§") ? "0" : "1");
            Pattern.compile("\\d+|\\D+")
                    .matcher(clause)
                    .results()
                    .map(part -> Character.isDigit(part.group().charAt(0))
                            ? "%06d".formatted(Long.parseLong(part.group()))
                            : part.group())
                    .forEach(key::append);
            return key.toString();
        });
    }

    @Test
    @DisplayName("docs/configuration.md has every key with its type, range, default and sentence")
    void configuration() throws IOException {
        var page = new StringBuilder("""
                # Configuration

                One YAML file. Every mistake is reported with its line and column, a key that Parley does not know is a mistake. This page is
                made from the code that reads the file, as is the [example](../config/parley.yaml); `parley config describe` prints the same.
                `[]` stands for a place in a list, capitals for a name of your choice.

                | key | what is expected | for what |
                |---|---|---|
                """);
        for (var key : Config.describe()) {
            page.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.terms())
                    .append(" | ")
                    .append(key.sentence())
                    .append(" |\n");
        }
        ReferencePages.hold("configuration.md", page.toString());
    }

    @Test
    @DisplayName("clauses are found and put in their order")
    void findsClauses() {
        assertEquals(
                List.of(
                        new Cited("TS 23.040", "§9.2.3.1"),
                        new Cited("TS 23.040", "§9.1.2.5"),
                        new Cited("SMPP", "§5.2.5"),
                        new Cited("47 CFR 64.1200", "(a)(10)"),
                        new Cited("RFC 3629", "the whole")),
                cited("""
                        /// The first octet (3GPP TS 23.040 §9.2.3.1,
                        /// and §9.1.2.5).
                        int a; // SMPP v3.4 §5.2.5
                        /// 47 CFR 64.1200(a)(10) and RFC 3629
                        """));
        assertEquals(
                List.of("§5.2.9", "§5.2.10", "annex E"),
                List.of("annex E", "§5.2.10", "§5.2.9").stream()
                        .sorted(inOrder())
                        .toList());
    }
}
