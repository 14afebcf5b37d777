package dev.parley.cli;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A program that the demo runs as a process of its own, its output in a file.
///
/// @param logBegin where in the log it began
record Child(Program program, Path log, long logBegin, Process process) {

    /// What a demo is made of. Both classes are on one class path where there is no launcher.
    enum Program {
        DAEMON("daemon", "run", "dev.parley.cli.Main", "daemon.aot"),
        SIMULATOR("simulator", "sim", "dev.parley.sim.Sim", "modem-sim.aot");

        final String label;
        private final String command;
        private final String mainClass;
        /// The file in which the launcher looks for the record of its start (JEP 514).
        final String record;

        Program(String label, String command, String mainClass, String record) {
            this.label = label;
            this.command = command;
            this.mainClass = mainClass;
            this.record = record;
        }
    }

    /// Out of the terminal's reach: Ctrl-C is for the demo, which then ends its programs in their order. The program
    /// takes the place of setsid, so that the process id is the program's.
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    /// What the JVM would otherwise warn of: serial ports and ptys call native code, and Netty still uses
    /// sun.misc.Unsafe.
    private static final List<String> QUIET =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    /// How much of its log a program that failed is quoted with.
    private static final int LAST_LINES = 15;

    /// Starts a program of ours: by the launcher where this is an installation, which knows how much memory each needs
    /// and has the record of its start; else on the JVM and the class path that we run on, with the options of
    /// `JAVA_OPTS`.
    ///
    /// @param environment what the program has in its environment besides ours
    static Child start(Program program, Path log, List<String> arguments, Map<String, String> environment)
            throws IOException {
        var command = new ArrayList<String>();
        if (Files.isExecutable(SETSID)) {
            command.add(SETSID.toString());
        }
        var home = System.getenv("PARLEY_HOME");
        if (home == null) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(QUIET);
            var options = Objects.requireNonNullElse(System.getenv("JAVA_OPTS"), "");
            Arrays.stream(options.split("\\s+"))
                    .filter(option -> !option.isEmpty())
                    .forEach(command::add);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.mainClass));
            if (program == Program.DAEMON) {
                command.add(program.command);
            }
        } else {
            command.addAll(List.of(Path.of(home, "parley").toString(), program.command));
        }
        command.addAll(arguments);

        long begin = Files.exists(log) ? Files.size(log) : 0;
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        var process = builder.start();
        process.getOutputStream().close();
        return new Child(program, log, begin, process);
    }

    String name() {
        return program.label;
    }

    /// What it wrote since it was started.
    Stream<String> said() throws IOException {
        try (var file = Files.newByteChannel(log)) {
            file.position(Math.min(logBegin, file.size()));
            var octets = Channels.newInputStream(file).readAllBytes();
            return new String(octets, StandardCharsets.UTF_8).lines();
        }
    }

    /// How it ended and its last words, for a person.
    String lastWords() {
        try {
            var lines = said().toList();
            return "It ended with status " + (process.isAlive() ? "(still running)" : process.exitValue()) + "; " + log
                    + ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "Its log is " + log + ".";
        }
    }

    /// Asks a program to end (SIGTERM) and waits; after `atMost` it is made to.
    static void end(ProcessHandle process, Duration atMost) {
        process.destroy();
        try {
            process.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for process " + process.pid() + " failed", e);
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
