package dev.parley.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `parley tail` and `parley events`: the live stream for a person, and for a program of the
/// operator's.
final class EventCommands {

    private EventCommands() {}

    @Command(name = "tail", description = "Shows what happens as it happens, until Ctrl-C: texts, statuses, links.")
    static final class Tail implements Callable<Integer> {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Mixin
        private Output output = new Output();

        @Option(names = "--all", description = "Begin with the oldest event that is kept.")
        private boolean all;

        @Override
        public Integer call() throws InterruptedException {
            daemon.events(all ? Optional.of("0") : Optional.empty())
                    .follow(event ->
                            output.out().println(output.isJson() ? object(event).toString() : line(event)));
            return 0;
        }
    }

    /// An event as a person reads it: its name, and what it is about.
    static String line(EventTail.Event event) {
        var data = event.data();
        var about = switch (event.name()) {
            case "message.received", "message.created" ->
                author(data) + ": " + data.path("text").asString("").replace('\n', ' ');
            case "delivery.updated" -> {
                var delivery = data.has("delivery") ? data.path("delivery") : data;
                yield delivery.path("number").asString("") + " "
                        + delivery.path("status").asString("")
                        + delivery.path("error").path("reason").asString("").transform(EventCommands::after);
            }
            case "link.updated" ->
                data.path("name").asString("") + " " + data.path("state").asString("")
                        + data.path("sentence").asString("").transform(EventCommands::after);
            default -> data.path("id").asString("");
        };
        return "%-22s %s".formatted(event.name(), about).stripTrailing();
    }

    /// The event's object, and what the stream says around it.
    private static JsonNode object(EventTail.Event event) {
        return event.data() instanceof ObjectNode object
                ? object.put("event", event.name()).put("eventId", event.id())
                : event.data();
    }

    private static String after(String sentence) {
        return sentence.isEmpty() ? "" : ": " + sentence;
    }

    static String author(JsonNode message) {
        var author = message.path("author");
        var name = author.path("name").asString("");
        return name.isEmpty() ? author.path("number").asString("?") : name;
    }

    @Command(
            name = "events",
            description = {
                "Runs a program for each inbound text, one after another, until Ctrl-C.",
                "The program gets the message as JSON on its standard input, and PARLEY_FROM,"
                        + " PARLEY_TEXT, PARLEY_MESSAGE and PARLEY_CONVERSATION. One that fails is run again, ever more"
                        + " seldom; where it was is kept in a file, so that none is left out over a restart."
            })
    static final class Events implements Callable<Integer> {
        private static final Duration FIRST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofMinutes(5);

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Option(names = "--exec", paramLabel = "COMMAND", required = true, description = "What to run, by sh -c.")
        private String command = "";

        @Option(
                names = "--cursor",
                paramLabel = "FILE",
                description =
                        "Where it is kept which event was the last (default: a file for this COMMAND and NAME below"
                                + " ~/.local/state/parley). Without one yet it begins with what happens now.")
        private @Nullable Path cursor;

        @Option(
                names = "--event",
                paramLabel = "NAME",
                defaultValue = "message.received",
                description = "Which events (default: ${DEFAULT-VALUE}).")
        private String wanted = "message.received";

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            var place = Optional.ofNullable(cursor).or(() -> usual(System.getenv(), command, wanted));
            daemon.events(remembered(place)).follow(event -> {
                if (event.name().equals(wanted)) {
                    runUntilDone(event);
                }
                if (place.isPresent()) {
                    remember(place.get(), event.id());
                }
            });
            return 0;
        }

        /// A file for each command, so that two of them do not take events from each other. Empty where
        /// the environment names no home.
        static Optional<Path> usual(Map<String, String> environment, String command, String wanted) {
            var name = UUID.nameUUIDFromBytes((wanted + '\n' + command).getBytes(StandardCharsets.UTF_8));
            return PersonalDirectory.STATE.of(environment).map(directory -> directory.resolve("events-" + name));
        }

        private void runUntilDone(EventTail.Event event) throws IOException, InterruptedException {
            for (var pause = FIRST; ; pause = pause.multipliedBy(2)) {
                int status = run(event);
                if (status == 0) {
                    return;
                }
                var wait = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
                spec.commandLine()
                        .getErr()
                        .println("parley: the program ended with status " + status + " for event " + event.id()
                                + "; it is run again in " + wait.toSeconds() + " s");
                Thread.sleep(wait);
            }
        }

        private int run(EventTail.Event event) throws IOException, InterruptedException {
            var message = event.data();
            var builder = new ProcessBuilder("sh", "-c", command)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            var environment = builder.environment();
            environment.put("PARLEY_EVENT", event.id());
            environment.put("PARLEY_MESSAGE", message.path("id").asString(""));
            environment.put("PARLEY_CONVERSATION", message.path("conversation").asString(""));
            environment.put("PARLEY_FROM", message.path("author").path("number").asString(""));
            environment.put("PARLEY_TEXT", message.path("text").asString(""));
            var process = builder.start();
            try (var in = process.getOutputStream()) {
                in.write(message.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                // It need not read what it is given.
            }
            return process.waitFor();
        }

        private static Optional<String> remembered(Optional<Path> place) throws IOException {
            return place.isPresent() && Files.exists(place.get())
                    ? Optional.of(Files.readString(place.get()).strip()).filter(id -> !id.isEmpty())
                    : Optional.empty();
        }

        private static void remember(Path place, String id) throws IOException {
            var whole = place.toAbsolutePath();
            Files.createDirectories(whole.getParent());
            var fresh = whole.resolveSibling(whole.getFileName() + ".new");
            Files.writeString(fresh, id + "\n");
            Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
