package dev.parley.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/// What a command prints: for a person, or with `--json` an object a line for a program.
final class Output {
    @Option(names = "--json", description = "Print JSON, an object a line.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    boolean isJson() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// An answer of one value: itself for a person.
    void value(String key, Object value) {
        say(String.valueOf(value), Map.of(key, value));
    }

    /// For a program alone: a person needs no word of it, or was told in other ones.
    void done(Object object) {
        if (json) {
            say("", object);
        }
    }

    /// @param sentence for a person
    /// @param object for a program
    void say(String sentence, Object object) {
        out().println(json ? JsonMapper.shared().writeValueAsString(object) : sentence);
        out().flush();
    }

    /// Rows with these keys, to be added to and printed.
    Rows rows(String... keys) {
        return new Rows(this, keys);
    }

    /// In the order that is wanted.
    static Map<String, Object> object(Object... keysAndValues) {
        var object = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
