package dev.parley.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/// One reading of one file: the sections that were opened in it and the mistakes found so far.
final class ConfigFile {

    private final Path file;
    private final Map<String, String> environment;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();

    private final Map<String, ConfigKey> descriptions = new LinkedHashMap<>();
    private final boolean described;

    ConfigFile(Path file, Map<String, String> environment) {
        this(file, environment, false);
    }

    private ConfigFile(Path file, Map<String, String> environment, boolean described) {
        this.file = file;
        this.environment = environment;
        this.described = described;
    }

    /// What every key is of which `reader` asks: it reads nothing, and no mistake is noted.
    static List<ConfigKey> describe(Consumer<Section> reader) {
        var nothing = new ConfigFile(Path.of(""), Map.of(), true);
        reader.accept(new Section(nothing, "", Optional.empty()));
        return List.copyOf(nothing.descriptions.values());
    }

    boolean isDescribed() {
        return described;
    }

    /// A key that is asked for twice is described once.
    void describe(String path, String type, String sentence) {
        if (described && !sentence.isEmpty()) {
            descriptions.putIfAbsent(
                    path,
                    new ConfigKey(path, type, Optional.empty(), Optional.empty(), false, sentence, Optional.empty()));
        }
    }

    void more(String path, UnaryOperator<ConfigKey> note) {
        descriptions.computeIfPresent(path, (_, key) -> note.apply(key));
    }

    /// The file as one section; empty, with the mistake noted, where it cannot be read as one.
    Optional<Section> open() {
        var node = parsed();
        if (node.isPresent() && !(node.get() instanceof MappingNode)) {
            wrong(
                    node.get().getStartMark(),
                    "",
                    "the file is not a list of keys and values; see config/parley.yaml for an example");
            return Optional.empty();
        }
        return node.map(mapping -> Section.of(this, "", mapping));
    }

    private Optional<Node> parsed() {
        try {
            var documents = new Compose(LoadSettings.builder().build())
                    .composeAllFromString(Files.readString(file))
                    .iterator();
            if (!documents.hasNext()) {
                whole("is empty; see config/parley.yaml for an example");
                return Optional.empty();
            }
            var first = documents.next();
            if (documents.hasNext()) {
                wrong(documents.next().getStartMark(), "", "a second document begins here; expected one");
            }
            return Optional.of(first);
        } catch (MarkedYamlEngineException e) {
            wrong(e.getProblemMark().or(e::getContextMark), "", "this is not YAML: " + withoutValue(e.getProblem()));
        } catch (YamlEngineException e) {
            whole("is not YAML: " + e.getMessage());
        } catch (NoSuchFileException _) {
            whole("there is no such file");
        } catch (AccessDeniedException _) {
            whole("this user may not read it");
        } catch (CharacterCodingException _) {
            whole("is not UTF-8 text");
        } catch (IOException e) {
            whole("cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    /// The name of an alias is what somebody wrote as a value without quotes, perhaps a password.
    private static String withoutValue(String problem) {
        return problem.contains("alias")
                ? "a value that begins with * names another place in the file; put it in quotes"
                : problem;
    }

    Path directory() {
        var parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    Reference resolve(String text) {
        return Reference.resolve(text, environment, directory());
    }

    void opened(Section section) {
        sections.add(section);
    }

    void wrong(Optional<Mark> place, String key, String sentence) {
        if (described) {
            return;
        }
        mistakes.add(new Mistake(
                file,
                place.map(mark -> mark.getLine() + 1).orElse(1),
                place.map(mark -> mark.getColumn() + 1).orElse(1),
                key,
                sentence));
    }

    private void whole(String sentence) {
        mistakes.add(new Mistake(file, 0, 0, "", sentence));
    }

    /// How many mistakes were found so far.
    int mistakes() {
        return mistakes.size();
    }

    /// Ends the reading: keys nobody asked for are noted, and every mistake is given in the order of the file.
    List<Mistake> close() {
        sections.forEach(Section::noteUnknownKeys);
        return mistakes.stream()
                .distinct() // a value that is read twice is noted twice
                .sorted(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column))
                .toList();
    }
}
