package dev.parley.cli;

import dev.parley.config.Config;
import dev.parley.config.ConfigKey;
import dev.parley.config.Example;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

@Command(name = "config", description = "What the configuration file may say.")
final class ConfigCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            description = "Prints every key with its type, its range, what is so without it, and what it is for.",
            mixinStandardHelpOptions = true)
    void describe(
            @Option(
                            names = "--json",
                            description =
                                    "As a JSON array of {path, type, range, default, required, description, example}.")
                    boolean json,
            @Option(names = "--example", description = "As the example of a whole file.") boolean example) {
        var keys = Config.describe();
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(keys.stream().map(ConfigCommand::fields).toList()));
        } else if (example) {
            out.print(Example.of(keys));
        } else {
            keys.forEach(key -> out.printf("%s%n    %s%n    (%s)%n", key.path(), key.sentence(), key.terms()));
        }
        out.flush();
    }

    private static Map<String, Object> fields(ConfigKey key) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("path", key.path());
        fields.put("type", key.type());
        key.range().ifPresent(range -> fields.put("range", range));
        key.usual().ifPresent(usual -> fields.put("default", usual));
        fields.put("required", key.required());
        fields.put("description", key.sentence());
        key.example().ifPresent(text -> fields.put("example", text));
        return fields;
    }
}
