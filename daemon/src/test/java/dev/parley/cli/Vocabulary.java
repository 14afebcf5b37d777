package dev.parley.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// Which commands and options there are, for what is written about them.
public final class Vocabulary {

    private Vocabulary() {}

    /// Whether the words, as they stand behind `parley`, begin with a command and have no option that it
    /// does not know. `sim` is a program of its own.
    public static boolean knows(List<String> words) {
        if (words.getFirst().equals("sim") || words.getFirst().equals("--help")) {
            return true;
        }
        var nowhere = new PrintWriter(new StringWriter());
        var command = Main.commandLine(nowhere, nowhere);
        int at = 0;
        while (at < words.size()) {
            var next = command.getSubcommands().get(words.get(at));
            if (next == null) {
                break;
            }
            command = next;
            at++;
        }
        if (at == 0) {
            return false;
        }
        var options = command.getCommandSpec();
        return words.stream()
                .skip(at)
                .filter(word -> word.startsWith("--"))
                .allMatch(option -> options.findOption(option.split("=", 2)[0]) != null);
    }
}
