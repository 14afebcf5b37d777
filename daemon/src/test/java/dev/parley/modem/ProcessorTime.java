package dev.parley.modem;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// How long threads of this process ran on a processor, as Linux counts it (`schedstat`). Other work on
/// the machine makes a program wait and leaves this as it is.
final class ProcessorTime {
    private final List<Path> counters;

    private ProcessorTime(List<Path> counters) {
        this.counters = counters;
    }

    /// Of the threads that have these names now.
    static ProcessorTime of(Set<String> names) throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            return new ProcessorTime(tasks.filter(task -> names.contains(name(task)))
                    .map(task -> task.resolve("schedstat"))
                    .toList());
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException _) {
            return ""; // it has just ended
        }
    }

    /// Milliseconds since each thread's start.
    double millis() throws IOException {
        double millis = 0;
        for (var counter : counters) {
            millis += Long.parseLong(Files.readString(counter).split(" ", -1)[0]) / 1e6;
        }
        return millis;
    }

    int threads() {
        return counters.size();
    }
}
