package dev.parley.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley manual`: for the build alone. Writes the manual page (man(7)) and the completion for bash from the commands
/// themselves, so that neither says anything else than they do.
@Command(name = "manual", description = "Writes the manual page and the completion, for the build.", hidden = true)
final class ManualCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Where parley.1 and parley.bash are left.")
    private Path directory = Path.of("");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var parley = spec.root().commandLine();
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("parley.1"), page(parley));
        Files.writeString(directory.resolve("parley.bash"), AutoComplete.bash("parley", parley));
        return 0;
    }

    static String page(CommandLine parley) {
        var page = new StringBuilder();
        page.append("""
                .TH PARLEY 1 "" "Parley" "User Commands"
                .SH NAME
                parley \\- self\\-hosted SMS gateway for group conversations
                .SH SYNOPSIS
                .B parley
                .I COMMAND
                [\\fIARGUMENT\\fR ...]
                .SH DESCRIPTION
                """);
        lines(page, parley.getCommandSpec().usageMessage().description());
        page.append(".SH COMMANDS\n");
        commands(page, parley);
        page.append("""
                .SH "EXIT STATUS"
                .TP
                0
                The command did what it was asked.
                .TP
                1
                It could not; a sentence on the standard error says why and what to do.
                .TP
                2
                The command line is wrong.
                .SH ENVIRONMENT
                .TP
                PARLEY_CONFIG
                The configuration, where a command has no \\-\\-config.
                .TP
                PARLEY_TOKEN
                The API token, where a command wants one and has no \\-\\-token.
                .TP
                JAVA_OPTS
                Further options for the Java virtual machine.
                .SH FILES
                .TP
                /etc/parley/parley.yaml
                The configuration.
                .TP
                ~/.config/parley/token
                The token that parley token add \\-\\-save has kept.
                .TP
                /usr/share/doc/parley
                The documentation, and examples.
                """);
        return page.toString();
    }

    private static void commands(StringBuilder page, CommandLine of) {
        for (var command : of.getSubcommands().values()) {
            var spec = command.getCommandSpec();
            if (spec.usageMessage().hidden() || spec.name().equals("help")) {
                continue;
            }
            if (command.getSubcommands().isEmpty()) {
                page.append(".SS \"").append(roff(spec.qualifiedName())).append("\"\n");
                lines(page, spec.usageMessage().description());
                spec.positionalParameters().forEach(parameter -> argument(page, parameter.paramLabel(), parameter));
                spec.options().stream()
                        .filter(option -> !option.hidden())
                        .sorted(Comparator.comparing(option -> option.usageHelp() || option.versionHelp()))
                        .forEach(option -> argument(page, names(option), option));
            } else {
                commands(page, command);
            }
        }
    }

    private static String names(OptionSpec option) {
        return String.join(", ", option.names()) + (option.arity().max() > 0 ? " " + option.paramLabel() : "");
    }

    private static void argument(StringBuilder page, String name, ArgSpec argument) {
        page.append(".TP\n\\fB").append(roff(name)).append("\\fR\n");
        lines(page, argument.description());
    }

    private static void lines(StringBuilder page, String[] description) {
        var text = Arrays.stream(description)
                .map(line -> Help.Ansi.OFF.string(line.replace("%n", " ")))
                .collect(Collectors.joining(" "));
        page.append(text.isBlank() ? "\\&" : roff(text)).append('\n');
    }

    /// A dash is an option's dash and no hyphen; a line that begins with a dot or a quote would be a request.
    private static String roff(String text) {
        var escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
