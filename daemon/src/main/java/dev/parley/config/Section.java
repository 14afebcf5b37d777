package dev.parley.config;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// One mapping of the file, read key by key. A key that was asked for is known; whatever else is written
/// there is a
/// mistake when the reading ends. A section that is not in the file is read as an empty one, so that defaults
/// have one
/// home.
final class Section {

    /// Two slips of the finger at most: further away, a suggestion is a guess.
    private static final int SUGGESTION_DISTANCE_MAX = 2;

    /// The beginning of a further word in an enum's name.
    private static final Pattern WORD = Pattern.compile("_(.)");

    private final ConfigFile file;
    private final String path;
    private final Optional<Mark> place;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Set<String> secrets = new HashSet<>();
    private boolean anyKeyGoes;

    /// @param path of this section, empty for the whole file
    /// @param place where it begins, for what is missing in it
    Section(ConfigFile file, String path, Optional<Mark> place) {
        this.file = file;
        this.path = path;
        this.place = place;
        file.opened(this);
    }

    static Section of(ConfigFile file, String path, Node node) {
        var section = new Section(file, path, node.getStartMark());
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(section::enter);
        } else if (!isNothing(node)) {
            file.wrong(node.getStartMark(), path, "is " + kind(node) + "; expected keys and values");
            section.anyKeyGoes = true;
        }
        return section;
    }

    private void enter(NodeTuple entry) {
        if (!(entry.getKeyNode() instanceof ScalarNode name)) {
            file.wrong(entry.getKeyNode().getStartMark(), path, "has a key that is not a word");
        } else if (entries.putIfAbsent(name.getValue(), entry) != null) {
            file.wrong(name.getStartMark(), pathOf(name.getValue()), "is written twice; keep one of them");
        }
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    // ---- single values ----

    Value<String> text(String key, String sentence) {
        return scalar(key, sentence, "a text", Optional::of, "");
    }

    Value.Ranged<Integer> integer(String key, String sentence) {
        return new Value.Ranged<>(scalar(key, sentence, "a whole number", Scalars::integer, 0), number -> "" + number);
    }

    Value.Ranged<Duration> duration(String key, String sentence) {
        return new Value.Ranged<>(
                scalar(key, sentence, "a duration such as 30s, 2m, 48h, 30d or 5y", Scalars::duration, Duration.ZERO),
                Scalars::written);
    }

    Value<Double> perSecond(String key, String sentence) {
        return scalar(key, sentence, "a rate such as 30/s, 100/m or 5000/d", Scalars::perSecond, 1.0);
    }

    Value<Boolean> flag(String key, String sentence) {
        return scalar(key, sentence, "true or false", Scalars::flag, false);
    }

    Value<InetSocketAddress> listen(String key, String sentence) {
        return scalar(
                key,
                sentence,
                "HOST:PORT, such as 127.0.0.1:8080 (port 0 is any free one)",
                Scalars::listen,
                InetSocketAddress.createUnresolved("localhost", 0));
    }

    /// A relative path is taken from the directory of the configuration file.
    Value<Path> path(String key, String sentence) {
        return scalar(key, sentence, "the path of a file or directory", this::resolved, Path.of(""));
    }

    Value<Secret> secret(String key, String sentence) {
        secrets.add(key);
        return scalar(
                key,
                sentence,
                "a secret; best as ${env:NAME} or ${file:PATH}",
                text -> Optional.of(new Secret(text)),
                new Secret(""));
    }

    /// One of the names of an enum, written as they would be in camel case: `TRANSCEIVER` is `transceiver`.
    <E extends Enum<E>> Value<E> choice(String key, String sentence, Class<E> type) {
        var choices = type.getEnumConstants();
        return scalar(
                key,
                sentence,
                Arrays.stream(choices).map(Section::label).collect(Collectors.joining(", ")),
                text -> Arrays.stream(choices)
                        .filter(choice -> label(choice).equals(text))
                        .findFirst(),
                choices[0]);
    }

    static String label(Enum<?> choice) {
        return WORD.matcher(choice.name().toLowerCase(Locale.ROOT))
                .replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }

    private <T> Value<T> scalar(
            String key, String sentence, String expected, Function<String, Optional<T>> reader, T placeholder) {
        asked.add(key);
        file.describe(pathOf(key), expected, sentence);
        var read = written(key, expected).flatMap(text -> {
            var value = reader.apply(text);
            if (value.isEmpty()) {
                wrong(key, shown(key) + "; expected " + expected);
            }
            return value;
        });
        return new Value<>(this, key, read, placeholder);
    }

    /// The text written at `key` with its references put in; empty, with the mistake noted, where there is
    /// none.
    private Optional<String> written(String key, String expected) {
        var entry = entries.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        if (isNothing(entry.getValueNode())) {
            wrong(key, "has no value; expected " + expected + ", or leave the key out");
            return Optional.empty();
        }
        if (!(entry.getValueNode() instanceof ScalarNode scalar)) {
            wrong(key, "is " + kind(entry.getValueNode()) + "; expected " + expected);
            return Optional.empty();
        }
        return switch (file.resolve(scalar.getValue())) {
            case Reference.Resolved(var text) -> Optional.of(text);
            case Reference.Unresolved(var why) -> {
                // What looks like a reference may be a part of the secret itself.
                wrong(key, secrets.contains(key) && !isReference(scalar) ? "has a reference that is none" : why);
                yield Optional.empty();
            }
        };
    }

    private Optional<Path> resolved(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(file.directory().resolve(text).normalize());
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// What is written at `key`, fit for a mistake: the reference and not what it stands for, and nothing of
    /// a secret that is written there itself.
    String shown(String key) {
        var entry = entries.get(key);
        if (entry == null || !(entry.getValueNode() instanceof ScalarNode scalar)) {
            return "is missing";
        }
        return secrets.contains(key) && !isReference(scalar)
                ? "is a secret that is not shown"
                : "is \"" + scalar.getValue() + "\"";
    }

    private static boolean isReference(ScalarNode scalar) {
        return scalar.getValue().matches("\\$\\{[a-z]+:[^}]*}");
    }

    // ---- what holds other values ----

    /// A section that is read as an empty one where the file does not have it.
    Section section(String key, String sentence) {
        file.describe(pathOf(key), "a section", sentence);
        asked.add(key);
        var entry = entries.get(key);
        return entry == null ? new Section(file, pathOf(key), place) : of(file, pathOf(key), entry.getValueNode());
    }

    /// A section that says something by being there.
    <T> Optional<T> optional(String key, String sentence, Function<Section, T> reader) {
        var section = section(key, sentence);
        if (has(key)) {
            return section.read(reader);
        }
        if (file.isDescribed()) {
            var _ = reader.apply(section); // says what there is, and nothing is set
        }
        return Optional.empty();
    }

    /// The sections of a list, in their order.
    List<Section> sections(String key, String sentence) {
        file.describe(pathOf(key), "a list of sections", sentence);
        if (file.isDescribed()) {
            return List.of(new Section(file, pathOf(key) + "[]", place));
        }
        var sections = new ArrayList<Section>();
        for (var item : items(key, "a list of keys and values")) {
            sections.add(of(file, pathOf(key) + "[" + sections.size() + "]", item));
        }
        return sections;
    }

    /// The sections of a mapping whose keys are names of the user's choice, in their order.
    ///
    /// @param sample what stands for such a name where the keys are described
    Map<String, Section> named(String key, String sample, String sentence) {
        file.describe(pathOf(key), "sections by name", sentence);
        if (file.isDescribed()) {
            return Map.of(sample, new Section(file, pathOf(key) + "." + sample, place));
        }
        var names = section(key, "");
        names.anyKeyGoes = true;
        var sections = new LinkedHashMap<String, Section>();
        names.entries.forEach((name, entry) -> sections.put(name, of(file, names.pathOf(name), entry.getValueNode())));
        return sections;
    }

    /// What the texts of a list are read as; one that `reader` answers empty for is a mistake.
    <T> List<T> texts(String key, String sentence, Function<String, Optional<T>> reader, String expected) {
        file.describe(pathOf(key), "a list of texts", sentence);
        var read = new ArrayList<T>();
        for (var item : items(key, "a list of texts")) {
            if (item instanceof ScalarNode scalar && !isNothing(item)) {
                var text = scalar.getValue();
                var mistake = "has \"" + text + "\"; expected " + expected;
                reader.apply(text)
                        .ifPresentOrElse(read::add, () -> file.wrong(item.getStartMark(), pathOf(key), mistake));
            } else {
                file.wrong(item.getStartMark(), pathOf(key), "has " + kind(item) + " in its list; expected texts");
            }
        }
        return read;
    }

    /// The items of a list of names, each alone or as a section that says more of it under `name`.
    List<Item> names(String key, String sentence) {
        file.describe(pathOf(key), "a list of names", sentence);
        if (file.isDescribed()) {
            var section = new Section(file, pathOf(key) + "[]", place);
            section.text("name", "The name of a link, where more is said of it.")
                    .required();
            return List.of(new Item("", place, Optional.of(section)));
        }
        var found = new ArrayList<Item>();
        for (var item : items(key, "a list of names")) {
            if (item instanceof ScalarNode scalar && !isNothing(item)) {
                found.add(new Item(scalar.getValue(), item.getStartMark(), Optional.empty()));
            } else {
                var section = of(file, pathOf(key) + "[" + found.size() + "]", item);
                found.add(new Item(section.text("name", "").required(), item.getStartMark(), Optional.of(section)));
            }
        }
        return found;
    }

    /// @param name empty where it is missing, which is noted
    record Item(String name, Optional<Mark> place, Optional<Section> more) {}

    private List<Node> items(String key, String expected) {
        asked.add(key);
        var entry = entries.get(key);
        if (entry == null || isNothing(entry.getValueNode())) {
            return List.of();
        }
        if (entry.getValueNode() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        wrong(key, "is " + kind(entry.getValueNode()) + "; expected " + expected);
        return List.of();
    }

    // ---- mistakes ----

    /// Whether nothing is read and every key only says what it is.
    boolean isDescribed() {
        return file.isDescribed();
    }

    /// Notes more of a key that describes itself.
    void more(String key, UnaryOperator<ConfigKey> note) {
        file.more(pathOf(key), note);
    }

    void wrong(String key, String sentence) {
        var entry = entries.get(key);
        file.wrong(entry == null ? place : valuePlace(entry), pathOf(key), sentence);
    }

    void wrong(String key, Item item, String sentence) {
        file.wrong(item.place(), pathOf(key), sentence);
    }

    /// What is wrong with this section as a whole.
    void wrong(String sentence) {
        file.wrong(place, path, sentence);
    }

    /// For a section of which it is not known what it should hold: its keys are not judged.
    void anyKeyGoes() {
        anyKeyGoes = true;
    }

    /// Makes a value of what `reader` reads here, unless one of the things it read is a mistake: invariants
    /// of the
    /// value's own constructor see sound values only, and what they still refuse is a mistake of the section.
    <T> Optional<T> read(Function<Section, T> reader) {
        int before = file.mistakes();
        try {
            var value = reader.apply(this);
            return file.mistakes() == before ? Optional.of(value) : Optional.empty();
        } catch (IllegalArgumentException e) {
            if (file.mistakes() == before) {
                wrong(e.getMessage() == null ? "cannot be used as it is" : e.getMessage());
            }
            return Optional.empty();
        }
    }

    void noteUnknownKeys() {
        if (anyKeyGoes) {
            return;
        }
        entries.forEach((key, entry) -> {
            if (!asked.contains(key)) {
                file.wrong(
                        entry.getKeyNode().getStartMark(), pathOf(key), "is not a key of Parley; " + suggestion(key));
            }
        });
    }

    private String suggestion(String key) {
        var nearest = asked.stream()
                .filter(known -> distance(key.toLowerCase(Locale.ROOT), known.toLowerCase(Locale.ROOT))
                        <= SUGGESTION_DISTANCE_MAX)
                .filter(known -> !entries.containsKey(known))
                .min((one, other) -> distance(key, one) - distance(key, other));
        return nearest.map(known -> "did you mean \"" + known + "\"?")
                .orElseGet(() -> "known here: " + String.join(", ", asked));
    }

    /// The number of letters to add, drop, change or swap with their neighbour to get from one word to the
    /// other.
    static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(steps[i - 1][j - 1] + change, Math.min(steps[i - 1][j], steps[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[one.length()][other.length()];
    }

    private String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static Optional<Mark> valuePlace(NodeTuple entry) {
        return isNothing(entry.getValueNode())
                ? entry.getKeyNode().getStartMark()
                : entry.getValueNode().getStartMark();
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "keys and values";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar when isNothing(scalar) -> "nothing";
            case ScalarNode scalar -> "\"" + scalar.getValue() + "\"";
            default -> "something else";
        };
    }
}
