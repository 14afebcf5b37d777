package dev.parley.cli;

import dev.parley.queue.RestoredQueue;
import dev.parley.store.Backup;
import dev.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley backup`, `parley restore` and `parley queue`: the database in one file, and what becomes
/// of the texts that wait in it.
final class BackupCommands {

    private BackupCommands() {}

    @Command(
            name = "backup",
            description = {
                "Writes the whole database to a file, as it is at one moment, while the daemon runs or not.",
                "The configuration and its secrets are not in it."
            })
    static final class BackUp implements Runnable {

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "FILE", description = "Where to; such as parley.sql.gz.")
        private Path file = Path.of("");

        @Mixin
        private Output output = new Output();

        @Override
        public void run() {
            try (var store = Store.beside(config.read().database(), new SimpleMeterRegistry())) {
                long rows = Backup.write(store, file);
                output.say(
                        file + ": " + rows + " rows, " + Files.size(file) / 1024 + " KiB",
                        Output.object("file", file.toString(), "rows", rows, "octets", Files.size(file)));
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
    }

    @Command(
            name = "restore",
            description = {
                "Puts a backup in place of everything in the database. No daemon may use it.",
                "Texts that waited when the backup was taken may have been sent since: say what becomes of them."
            })
    static final class Restore implements Runnable {

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Option(
                names = "--queue",
                paramLabel = "hold|expire|send",
                defaultValue = "hold",
                description =
                        "What becomes of texts that waited: hold keeps them until parley queue says more, expire lets"
                                + " them fail, send sends them (default: ${DEFAULT-VALUE}).")
        private RestoredQueue queue = RestoredQueue.HOLD;

        @Parameters(paramLabel = "FILE", description = "The backup.")
        private Path file = Path.of("");

        @Mixin
        private Output output = new Output();

        @Override
        public void run() {
            var database = config.read().database();
            if (!Files.isReadable(file)) {
                throw new Failure("there is no file " + file + " that this user may read");
            }
            try {
                Backup.restore(database, file);
                try (var store = Store.beside(database, new SimpleMeterRegistry())) {
                    tell(output, queue, queue.apply(store));
                }
            } catch (IOException e) {
                throw new Failure(e);
            }
        }
    }

    @Command(
            name = "queue",
            description =
                    "Says what becomes of the texts that a restored backup holds. No daemon may use the database.")
    static final class Queue implements Runnable {

        @Mixin
        private ConfigOption config = new ConfigOption();

        @Parameters(paramLabel = "hold|expire|send", description = "See parley restore --help.")
        private RestoredQueue queue = RestoredQueue.HOLD;

        @Mixin
        private Output output = new Output();

        @Override
        public void run() {
            try (var store = Store.beside(config.read().database(), new SimpleMeterRegistry());
                    var _ = dev.parley.store.SoleUse.of(store)) {
                tell(output, queue, queue.apply(store));
            }
        }
    }

    private static void tell(Output output, RestoredQueue queue, int parts) {
        output.say(
                parts + " SMS waited; what becomes of them: " + queue,
                Output.object("waiting", parts, "queue", queue.toString()));
    }
}
