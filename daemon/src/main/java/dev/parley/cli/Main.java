package dev.parley.cli;

import dev.parley.store.StoreUnavailable;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;

/// `parley`: every command but `sim`, which is a program of its own that the launcher starts.
@Command(
        name = "parley",
        description = "A self-hosted SMS gateway whose unit of work is the group conversation.",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            CheckConfigCommand.class,
            ConfigCommand.class,
            BackupCommands.BackUp.class,
            BackupCommands.Restore.class,
            BackupCommands.Queue.class,
            UserCommand.class,
            TokenCommand.class,
            SendCommand.class,
            PersonCommand.class,
            LookCommands.Links.class,
            LookCommands.Conversations.class,
            EventCommands.Tail.class,
            EventCommands.Events.class,
            AlertsCommand.class,
            BenchCommand.class,
            UssdCommand.class,
            ModemCommand.class,
            PduCommand.class,
            VersionCommand.class,
            RecordCommand.class,
            ManualCommand.class,
            HelpCommand.class
        },
        versionProvider = VersionCommand.Provider.class,
        footer = {"", "parley sim runs the simulated network alone; see parley sim --help."})
public final class Main implements Runnable {

    /// What stays up logs what it does; every other command says what it was asked for, and what went wrong.
    private static final Set<String> LOGGING = Set.of("run", "demo", "record");

    private static final String LOG_LEVEL = "parley.log.level";

    @Override
    public void run() {
        throw new Misuse("Say which command to run.");
    }

    public static void main(String[] args) {
        if (System.getProperty(LOG_LEVEL) == null && args.length > 0 && !LOGGING.contains(args[0])) {
            System.setProperty(LOG_LEVEL, "WARN"); // before the first logger is made
        }
        var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(commandLine(out, err).execute(args));
    }

    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        var parley = new CommandLine(new Main()).setOut(out).setErr(err);
        parley.setCaseInsensitiveEnumValuesAllowed(true);
        parley.setExpandAtFiles(false); // a text may begin with @ and is no name of a file
        addHelp(parley);
        return parley.setExecutionExceptionHandler((e, command, words) -> switch (e) {
            case Misuse misuse ->
                command.getParameterExceptionHandler()
                        .handleParseException(
                                new ParameterException(command, misuse.getMessage()),
                                words.originalArgs().toArray(String[]::new));
            case Failure _, StoreUnavailable _ -> {
                command.getErr().println("parley: " + e.getMessage());
                yield 1;
            }
            default -> throw e;
        });
    }

    /// Every command that is not for the build alone explains itself. Those that are methods say so themselves: picocli
    /// counts their parameters behind the options of the help.
    private static void addHelp(CommandLine command) {
        var spec = command.getCommandSpec();
        spec.mixinStandardHelpOptions(!spec.usageMessage().hidden());
        command.getSubcommands().values().forEach(Main::addHelp);
    }
}
