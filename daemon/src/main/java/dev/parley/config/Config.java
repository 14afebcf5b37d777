package dev.parley.config;

import dev.parley.contact.RecipientRules;
import dev.parley.conversation.ConversationSettings;
import dev.parley.http.HttpSettings;
import dev.parley.line.LineSettings;
import dev.parley.queue.LinkTerms;
import dev.parley.queue.QueueSettings;
import dev.parley.reply.Keywords;
import dev.parley.smpp.SmppSettings;
import dev.parley.store.DatabaseSettings;
import dev.parley.webhook.WebhookSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// Everything the daemon was told by its configuration file, in the records of those whom it is for.
///
/// @param links by name, in the order of the file; each belongs to exactly one line
/// @param terms by the link's name
/// @param accounts by the name of an SMPP link, the first link with its credentials: what is bound to one account
/// @param keywords by language, English included
/// @param stateDirectory where small things are kept that must outlive a restart and are not in the database:
/// which SIM PINs were refused
public record Config(
        Path file,
        HttpSettings http,
        DatabaseSettings database,
        List<LineSettings> lines,
        Map<String, LinkSettings> links,
        Map<String, LinkTerms> terms,
        Map<String, String> accounts,
        ConversationSettings conversations,
        RetentionSettings retention,
        QueueSettings queue,
        WebhookSettings webhooks,
        Map<String, Keywords.Words> keywords,
        LogSection log,
        Path stateDirectory) {

    /// A link's name stands in URLs, metrics and logs, and as the name of its thread.
    private static final Pattern LINK_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}");

    /// What a link is opened with whose line has no number; that is noted, and it is not run.
    private static final String NO_NUMBER = "0";

    private static final Pattern SMPP_ADDRESS = Pattern.compile("[+]?[0-9]{1,20}");

    public Config {
        lines = List.copyOf(lines);
        keywords = Map.copyOf(keywords);
        links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
        terms = Map.copyOf(terms);
        accounts = Map.copyOf(accounts);
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
        return HttpSection.warning(http).stream().toList();
    }

    static ConfigReading read(Path file, Map<String, String> environment) {
        var open = new ConfigFile(file, environment);
        var config = open.open().flatMap(yaml -> yaml.read(section -> from(file, section)));
        var mistakes = open.close();
        return mistakes.isEmpty()
                ? new ConfigReading.Usable(config.orElseThrow())
                : new ConfigReading.Mistaken(mistakes);
    }

    /// Every key that the file may have, in the order of its readers.
    public static List<ConfigKey> describe() {
        return ConfigFile.describe(section -> from(Path.of(""), section));
    }

    private static Config from(Path file, Section yaml) {
        var http = HttpSection.from(yaml.section("http", "Where the API and the web page are served."));
        var database = DatabaseSection.from(yaml.section("database", "Where the data is."));
        var lineSections = yaml.sections("lines", "The numbers that people text; [] for none yet.");
        if (!yaml.has("lines")) { // an empty list is what a package is installed with: up, and nothing to do yet
            yaml.wrong(
                    "lines",
                    "is missing; expected lines such as "
                            + "{number: \"+12025550100\", name: Front desk, links: [modem-1]}, or [] for none yet");
        }
        var recipients = RecipientSection.from(yaml.section(
                "recipients",
                "Whom the lines may text, by the beginning of the number. Emergency and service numbers are always"
                        + " refused, premium-rate ones unless \"allow\" names them."));
        var links = new LinkedHashMap<String, LinkSettings>();
        if (yaml.isDescribed()) {
            LineSection.from(lineSections.getFirst(), recipients);
            LinkSettings.describe(yaml);
        }
        var lines = yaml.isDescribed() ? List.<LineSection>of() : lines(yaml, lineSections, links, recipients);
        return new Config(
                file,
                http,
                database,
                lines.stream().map(LineSection::line).toList(),
                links,
                terms(lines, links),
                accounts(links),
                GroupSection.from(
                        yaml.section("groups", "How groups behave."),
                        lines,
                        lines.stream()
                                .filter(line -> takesWholeTexts(line, links))
                                .map(LineSection::number)
                                .toList()),
                RetentionSettings.from(yaml.section("retention", "How long things are kept.")),
                QueueSection.from(yaml.section("queue", "How long the queue tries.")),
                WebhookSection.from(yaml.section("webhooks", "What webhooks may do.")),
                KeywordSection.from(yaml.named(
                        "keywords",
                        "LANGUAGE",
                        "Words of further languages, by ISO 639 code; the English ones (STOP, START, HELP, LEAVE, JOIN …)"
                                + " count always.")),
                LogSection.from(yaml.section("log", "The log, which goes to the standard error.")),
                yaml.path("stateDirectory", "Where it is kept which SIM PINs were refused.")
                        .otherwise("beside the database, or where systemd says")
                        .like("/var/lib/parley")
                        .optional()
                        .orElseGet(() -> stateDirectory(database)));
    }

    private static List<LineSection> lines(
            Section yaml, List<Section> lineSections, Map<String, LinkSettings> links, RecipientRules recipients) {
        var linkSections = yaml.named("links", "NAME", "");
        var numbers = checkTogether(lineSections, linkSections);
        linkSections.forEach((name, section) -> {
            if (!LINK_NAME.matcher(name).matches()) {
                section.wrong("is no name for a link; expected up to 63 letters, digits, dots, dashes and underscores");
            }
            LinkSettings.from(section, numbers.getOrDefault(name, NO_NUMBER)).ifPresent(link -> links.put(name, link));
        });
        var lines = lineSections.stream()
                .flatMap(section -> section.read(line -> LineSection.from(line, recipients)).stream())
                .toList();
        checkPorts(links, linkSections);
        return lines;
    }

    /// What the queue is told of each link.
    private static Map<String, LinkTerms> terms(List<LineSection> lines, Map<String, LinkSettings> links) {
        var accounts = accounts(links);
        var terms = new LinkedHashMap<String, LinkTerms>();
        links.forEach((name, link) -> terms.put(
                name,
                switch (link) {
                    case LinkSettings.Modem modem -> LinkTerms.NONE.with(modem.limits());
                    case LinkSettings.Smpp(var smpp) ->
                        LinkTerms.NONE.with(smpp.messageIds()).ofAccount(Objects.requireNonNull(accounts.get(name)));
                }));
        for (var line : lines) {
            line.line()
                    .weights()
                    .forEach((link, weight) -> terms.computeIfPresent(link, (_, its) -> its.weighing(weight)));
        }
        return terms;
    }

    /// The host does not tell accounts apart: a provider has several.
    private static Map<String, String> accounts(Map<String, LinkSettings> links) {
        var accounts = new LinkedHashMap<String, String>();
        var firsts = new HashMap<List<String>, String>();
        links.forEach((name, link) -> {
            if (link instanceof LinkSettings.Smpp(var smpp)) {
                accounts.put(name, firsts.computeIfAbsent(List.of(smpp.systemId(), smpp.password()), _ -> name));
            }
        });
        return accounts;
    }

    /// Whether each link of a line leads to an SMSC that wants long texts whole. Among other links a
    /// text must be able to go on part by part.
    private static boolean takesWholeTexts(LineSection line, Map<String, LinkSettings> links) {
        return line.line().links().stream()
                .allMatch(name -> links.get(name) instanceof LinkSettings.Smpp(var smpp)
                        && smpp.longMessages() == SmppSettings.LongMessages.PAYLOAD);
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
    ///
    /// @return by the link's name, the number of its line
    private static Map<String, String> checkTogether(List<Section> lines, Map<String, Section> links) {
        var numberOf = new HashMap<String, String>();
        var numbers = new HashSet<String>();
        var lineOf = new HashMap<String, Integer>();
        for (int line = 0; line < lines.size(); line++) {
            var section = lines.get(line);
            var number = section.text("number", "").optional();
            if (number.isPresent() && !numbers.add(number.get())) {
                section.wrong("number", section.shown("number") + ", which another line has already");
            }
            for (var link : LineSection.names(section)) {
                var name = link.name();
                if (name.isEmpty()) {
                    continue; // it is missing, which is noted
                }
                var other = lineOf.putIfAbsent(name, line);
                number.filter(SMPP_ADDRESS.asMatchPredicate()).ifPresent(its -> numberOf.putIfAbsent(name, its));
                if (!links.containsKey(name)) {
                    var known = links.isEmpty() ? "there are none" : String.join(", ", links.keySet());
                    section.wrong("links", link, "names \"" + name + "\", which is not among the links: " + known);
                } else if (other != null) {
                    var where = other == line
                            ? "is in this list already"
                            : "lines[" + other + "] has; a link belongs to one line";
                    section.wrong("links", link, "names \"" + name + "\", which " + where);
                }
            }
        }
        links.forEach((name, section) -> {
            if (!lineOf.containsKey(name)) {
                section.wrong("belongs to no line; name it in the links of one, or take it out");
            }
        });
        return numberOf;
    }

    private static void checkPorts(Map<String, LinkSettings> links, Map<String, Section> sections) {
        var nameByPort = new HashMap<Path, String>();
        links.forEach((name, link) -> {
            if (link instanceof LinkSettings.Modem modem) {
                modem.settings()
                        .where()
                        .port()
                        .flatMap(port -> Optional.ofNullable(nameByPort.putIfAbsent(port, name)))
                        .ifPresent(other -> Objects.requireNonNull(sections.get(name))
                                .wrong("port", "is the port of " + other + " too; a modem has one link"));
            }
        });
    }
}
