package dev.parley.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The example file: every key with its sentence and its terms, as [Config#describe] has them. What a first
/// installation sets is set; the rest stands behind a `#`, with what is so without it.
public final class Example {

    private static final int COLUMNS = 118;

    private static final int INDENT = 2;

    private static final String HEAD = """
            # Parley's configuration. Check it with: parley check-config FILE
            #
            # Every mistake is reported with its line and column, and a key that Parley does not know is a mistake. Secrets are best
            # kept elsewhere: "${env:NAME}" is an environment variable, "${file:PATH}" the first line of a file, and
            # "${credential:NAME}" a file below /etc/parley/credentials that only root can read, which systemd hands to the service.
            # Relative paths start at the directory of this file. Durations are written 30s, 2m, 48h, 30d, 2w or 5y.
            #
            # This file is made by: parley config describe --example
            """;

    /// What a first installation sets, by path; a section is set in which something is.
    private static final Map<String, String> SET = Map.of(
            "http.listen", "\"127.0.0.1:8080\"",
            "database.embedded", "/var/lib/parley/db",
            "lines[].number", "\"+12025550100\"",
            "lines[].name", "Front desk",
            "lines[].links", "[modem-1]",
            "links.MODEM.kind", "modem",
            "links.MODEM.port", "/dev/serial/by-id/usb-HUAWEI_Mobile-if00-port0");

    /// Examples of what is no single value.
    private static final Map<String, String> LISTS = Map.of(
            "http.trustedProxies", "[\"127.0.0.1/32\"]",
            "http.oidc.scopes", "[profile]",
            "lines[].languages", "[tr]",
            "lines[].recipients.allow", "[\"+1\"]",
            "lines[].recipients.block", "[\"+1900\"]",
            "recipients.allow", "[\"+1\"]",
            "recipients.block", "[\"+1900\"]");

    /// What names of the user's choice are in the example.
    private static final Map<String, String> NAMES =
            Map.of("MODEM", "modem-1", "SMPP", "aggregator", "LANGUAGE", "de", "GROUP", "parley-admins");

    private static final Map<String, String> WORDS = Map.of(
            "stop", "[STOPP, ABMELDEN]",
            "start", "[ANMELDEN]",
            "yes", "[JA]",
            "help", "[HILFE]",
            "leave", "[VERLASSEN]",
            "join", "[BEITRETEN]");

    private final StringBuilder text = new StringBuilder(HEAD);
    private final List<ConfigKey> keys;

    private Example(List<ConfigKey> keys) {
        this.keys = keys;
    }

    public static String of(List<ConfigKey> keys) {
        var example = new Example(keys);
        example.below("", 0);
        return example.text.toString();
    }

    private void below(String path, int depth) {
        var done = new ArrayList<String>();
        for (var key : keys) {
            if (!key.path().startsWith(path) || key.path().equals(path)) {
                continue;
            }
            var rest = key.path().substring(path.length()).replaceFirst("^(?:\\[\\])?\\.?", "");
            var name = rest.replaceFirst("[.\\[].*", "");
            if (name.isEmpty() || done.contains(name) || isWeighted(key.path())) {
                continue;
            }
            done.add(name);
            one(key, name, depth);
        }
    }

    /// The longer form of a list of links, which the sentence of the list shows.
    private static boolean isWeighted(String path) {
        return path.startsWith("lines[].links[]");
    }

    private void one(ConfigKey key, String name, int depth) {
        boolean isSet = SET.containsKey(key.path()) || isSetBelow(key.path());
        var named = NAMES.get(name);
        if (depth == 0) {
            text.append("\n");
        }
        if (named == null) {
            comment(key, depth);
        }
        boolean holds = keys.stream().anyMatch(other -> isBelow(other.path(), key.path()) && !isWeighted(other.path()));
        // A name of the user's choice has no key of its own: the first below it brings it.
        if (holds || named != null) {
            var path = named == null
                    ? key.path()
                    : key.path().substring(0, key.path().lastIndexOf('.'));
            line(isSet || isSetBelow(path), depth, (named == null ? name : named) + ":");
            if (named == null && key.type().startsWith("a list")) {
                list(key, depth + 1);
            } else {
                below(path, depth + 1);
            }
        } else {
            line(isSet, depth, name + ": " + value(key, name));
        }
    }

    private boolean isSetBelow(String path) {
        return SET.keySet().stream().anyMatch(set -> isBelow(/* path= */ set, /* section= */ path));
    }

    private static boolean isBelow(String path, String section) {
        return path.startsWith(section + ".") || path.startsWith(section + "[");
    }

    /// A list of sections has one item, whose first key stands behind the dash.
    private void list(ConfigKey key, int depth) {
        int from = text.length();
        below(key.path(), depth + 1);
        var item = text.substring(from);
        var indent = " ".repeat((depth + 1) * INDENT);
        int first = item.indexOf("\n" + indent
                + item.lines()
                        .filter(line -> !line.strip().startsWith("#"))
                        .findFirst()
                        .orElseThrow()
                        .strip());
        text.setLength(from);
        text.append(item, 0, first + 1)
                .append(" ".repeat(depth * INDENT))
                .append("- ")
                .append(item, first + 1 + indent.length(), item.length());
    }

    private void comment(ConfigKey key, int depth) {
        var prefix = " ".repeat(depth * INDENT) + "# ";
        var line = new StringBuilder(prefix);
        var terms = terms(key);
        var words = terms.isEmpty() ? key.sentence() : key.sentence() + " (" + terms + ")";
        for (var word : words.split(" ", -1)) {
            if (line.length() + word.length() > COLUMNS) {
                text.append(line.toString().stripTrailing()).append("\n");
                line = new StringBuilder(prefix);
            }
            line.append(word).append(' ');
        }
        text.append(line.toString().stripTrailing()).append("\n");
    }

    /// What the value beside it does not show.
    private static String terms(ConfigKey key) {
        if (key.isSection() || key.type().startsWith("a list")) {
            return "";
        }
        var terms = new ArrayList<String>();
        if (key.isChoice()) {
            terms.add(key.type());
        }
        key.range().ifPresent(terms::add);
        if (key.required()) {
            terms.add("required");
        }
        key.usual().filter(_ -> key.example().isPresent()).ifPresent(usual -> terms.add(usual + " when left out"));
        return String.join("; ", terms);
    }

    private void line(boolean isSet, int depth, String content) {
        text.append(" ".repeat(depth * INDENT))
                .append(isSet ? "" : "#")
                .append(content)
                .append("\n");
    }

    private static String value(ConfigKey key, String name) {
        return Optional.ofNullable(SET.get(key.path()))
                .or(() -> Optional.ofNullable(LISTS.get(key.path())))
                .or(() -> key.path().startsWith("keywords.") ? Optional.ofNullable(WORDS.get(name)) : Optional.empty())
                .or(key::example)
                .or(key::usual)
                .orElseThrow(() -> new IllegalStateException(key.path() + " has no example"));
    }
}
