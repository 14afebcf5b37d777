package dev.parley.config;

import dev.parley.contact.RecipientRules;
import dev.parley.conversation.Keywords;
import dev.parley.store.DatabaseSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// Everything the daemon was told by its configuration file.
///
/// @param links by name, in the order of the file; each belongs to exactly one line
/// @param keywords by language, English included
/// @param recipients whom the lines may text that say nothing of their own
/// @param stateDirectory where small things are kept that must outlive a restart and are not in the database:
/// which SIM
/// PINs were refused
public record Config(
        Path file,
        HttpSettings http,
        DatabaseSettings database,
        List<LineSettings> lines,
        Map<String, LinkSettings> links,
        GroupSettings groups,
        RetentionSettings retention,
        QueueSection queue,
        WebhookSection webhooks,
        Map<String, Keywords.Words> keywords,
        RecipientRules recipients,
        LogSection log,
        Path stateDirectory) {

    /// A link's name stands in URLs, metrics and logs, and as the name of its thread.
    private static final Pattern LINK_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

    public Config {
        lines = List.copyOf(lines);
        keywords = Map.copyOf(keywords);
        links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
    }

    /// What works as it is written and may still be no intention, a sentence each.
    public List<String> notes() {
        var notes = new ArrayList<String>();
        links.forEach((name, link) -> {
            if (link instanceof LinkSettings.Smpp smpp) {
                smpp.notes().forEach(note -> notes.add("links." + name + "." + note));
            }
        });
        return notes;
    }

    /// Reads `file`, with the variables of this process for `${env:NAME}`.
    public static ConfigReading read(Path file) {
        return read(file, System.getenv());
    }

    /// What is no mistake, and still not wise: sentences for the operator.
    public List<String> warnings() {
        return http.warning().stream().toList();
    }

    static ConfigReading read(Path file, Map<String, String> environment) {
        var open = new ConfigFile(file, environment);
        var config = open.open().flatMap(yaml -> yaml.read(section -> from(file, section)));
        var mistakes = open.close();
        return mistakes.isEmpty()
                ? new ConfigReading.Usable(config.orElseThrow())
                : new ConfigReading.Mistaken(mistakes);
    }

    private static Config from(Path file, Section yaml) {
        var http = HttpSettings.from(yaml.section("http"));
        var database = DatabaseSection.from(yaml.section("database"));
        var lineSections = yaml.sections("lines");
        if (!yaml.has("lines")) { // an empty list is what a package is installed with: up, and nothing to do yet
            yaml.wrong(
                    "lines",
                    "is missing; expected lines such as "
                            + "{number: \"+12025550100\", name: Front desk, links: [modem-1]}, or [] for none yet");
        }
        var linkSections = yaml.named("links");
        checkTogether(lineSections, linkSections);

        var links = new LinkedHashMap<String, LinkSettings>();
        linkSections.forEach((name, section) -> {
            if (!LINK_NAME.matcher(name).matches()) {
                section.wrong("is no name for a link; expected up to 63 letters, digits, dots, dashes and underscores");
            }
            LinkSettings.from(section).ifPresent(link -> links.put(name, link));
        });
        var lines = lineSections.stream()
                .flatMap(section -> section.read(LineSettings::from).stream())
                .toList();
        checkPorts(links, linkSections);
        return new Config(
                file,
                http,
                database,
                lines,
                links,
                GroupSettings.from(yaml.section("groups")),
                RetentionSettings.from(yaml.section("retention")),
                QueueSection.from(yaml.section("queue")),
                WebhookSection.from(yaml.section("webhooks")),
                KeywordSection.from(yaml.named("keywords")),
                RecipientSection.from(yaml.section("recipients")),
                LogSection.from(yaml.section("log")),
                yaml.path("stateDirectory").optional().orElseGet(() -> stateDirectory(database)));
    }

    /// Beside the embedded database, where systemd says, or in the working directory.
    private static Path stateDirectory(DatabaseSettings database) {
        if (database instanceof DatabaseSettings.Embedded(var directory)) {
            return directory.resolve("state");
        }
        var given = System.getenv("STATE_DIRECTORY");
        return given == null || given.isBlank() ? Path.of(".parley") : Path.of(given.split(":", 2)[0]);
    }

    /// What no section can know alone: a number on two lines, a link of two lines, of none, or that does
    /// not exist.
    private static void checkTogether(List<Section> lines, Map<String, Section> links) {
        var numbers = new HashSet<String>();
        var lineOf = new HashMap<String, Integer>();
        for (int line = 0; line < lines.size(); line++) {
            var section = lines.get(line);
            var number = section.text("number").optional();
            if (number.isPresent() && !numbers.add(number.get())) {
                section.wrong("number", section.shown("number") + ", which another line has already");
            }
            for (var link : LineSettings.names(section)) {
                if (link.text().isEmpty()) {
                    continue; // its name is missing, which is noted
                }
                var other = lineOf.putIfAbsent(link.text(), line);
                if (!links.containsKey(link.text())) {
                    section.wrong(
                            "links",
                            link,
                            "names \"" + link.text() + "\", which is not among the links: " + known(links));
                } else if (other != null) {
                    section.wrong(
                            "links",
                            link,
                            "names \"" + link.text() + "\", which "
                                    + (other == line
                                            ? "is in this list already"
                                            : "lines[" + other + "] has; a link belongs to one line"));
                }
            }
        }
        links.forEach((name, section) -> {
            if (!lineOf.containsKey(name)) {
                section.wrong("belongs to no line; name it in the links of one, or take it out");
            }
        });
    }

    private static String known(Map<String, Section> links) {
        return links.isEmpty() ? "there are none" : String.join(", ", links.keySet());
    }

    private static void checkPorts(Map<String, LinkSettings> links, Map<String, Section> sections) {
        var nameByPort = new HashMap<Path, String>();
        links.forEach((name, link) -> {
            if (link instanceof LinkSettings.Modem modem) {
                var port = modem.where().port();
                var other = port.isEmpty() ? null : nameByPort.putIfAbsent(port.get(), name);
                if (other != null) {
                    Objects.requireNonNull(sections.get(name))
                            .wrong("port", "is the port of " + other + " too; a modem has one link");
                }
            }
        });
    }
}
