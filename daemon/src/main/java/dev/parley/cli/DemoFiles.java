package dev.parley.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The files of a demo:
///
/// ```
/// DIR/parley.yaml    the daemon's configuration, written at each start
/// DIR/demo.json      addresses, tokens and process ids, there while the demo is up
/// DIR/world.json     the tokens and passwords that were made, for the next start
/// DIR/db/            the embedded database          DIR/daemon.log
/// DIR/sim/           the simulated network's files  DIR/simulator.log
/// DIR/demo.lock      held while a demo runs here
/// ```
record DemoFiles(Path directory, Path config, Path state, Path world, Path database, Path simulator) {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /// Makes the directory, for its owner alone: tokens are kept there.
    static DemoFiles in(Path directory) {
        var absolute = directory.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(
                        absolute, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return new DemoFiles(
                    absolute,
                    absolute.resolve("parley.yaml"),
                    absolute.resolve("demo.json"),
                    absolute.resolve("world.json"),
                    absolute.resolve("db"),
                    Files.createDirectories(absolute.resolve("sim")));
        } catch (FileAlreadyExistsException e) {
            throw new Failure(e.getFile() + " is a file, not a directory; say another --data", e);
        } catch (IOException e) {
            throw new Failure("cannot make the directory " + absolute + " (" + e + "); say another --data", e);
        }
    }

    Path simulatorState() {
        return simulator.resolve("sim.json");
    }

    Path log(Child.Program program) {
        return directory.resolve(program.label + ".log");
    }

    /// The right to run here, until this process ends.
    FileLock locked() throws IOException {
        var file =
                FileChannel.open(directory.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = file.tryLock();
        if (lock == null) {
            file.close();
            throw new Failure("a demo runs in " + directory + " already; end it first, or say another --data");
        }
        return lock;
    }

    /// The process id of the embedded database, as its server wrote it.
    Optional<ProcessHandle> databaseProcess() {
        try {
            var pid = Long.parseLong(
                    Files.readString(database.resolve("mariadb.pid")).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(process -> isOf(database, process));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// Whether a process was started with a path below this one: its id may be another's by now.
    static boolean isOf(Path path, ProcessHandle process) {
        return Stream.of(process.info().arguments().orElse(new String[0]))
                .anyMatch(argument -> argument.contains(path.toString()));
    }

    /// What a JSON file says; empty where there is none, or half of one.
    <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), type));
        } catch (IOException | JacksonException _) {
            return Optional.empty();
        }
    }

    /// Writes a file that only its owner may read, whole or not at all.
    void write(Path file, Object json) throws IOException {
        PersonalDirectory.write(file, JSON.writeValueAsString(json) + "\n");
    }
}
