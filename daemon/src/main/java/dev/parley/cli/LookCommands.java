package dev.parley.cli;

import java.util.StringJoiner;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `parley links` and `parley conversations`: what the running daemon has, for a terminal.
final class LookCommands {

    private LookCommands() {}

    @Command(
            name = "links",
            description =
                    "Lists the links of the running daemon: name, kind, state, and what to do where it is not ready.")
    static final class Links implements Runnable {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Mixin
        private Output output = new Output();

        @Override
        public void run() {
            var rows = output.isJson()
                    ? output.rows("name", "kind", "state", "lease", "circuit", "sentence")
                    : output.rows("name", "kind", "state", "remark");
            for (var link : items(daemon, "/api/v1/links")) {
                rows.add(key -> switch (key) {
                    case "sentence" -> sentence(link);
                    case "remark" -> remark(link);
                    default -> text(link, key);
                });
            }
            rows.print("There is no link yet. Name one in the configuration, under lines and links, and reload.");
        }

        /// What is as it should be is not worth a word to a person.
        private static String remark(JsonNode link) {
            var remarks = new StringJoiner(" ");
            if (!text(link, "lease").equals("held")) {
                remarks.add("This daemon does not drive it: its lease is lost to another process.");
            }
            if (text(link, "circuit").equals("open")) {
                remarks.add("Handing over to it comes to nothing; it gets a probe now and then.");
            }
            return remarks.add(sentence(link)).toString().strip();
        }

        private static String sentence(JsonNode link) {
            var said = text(link, "sentence");
            return said.isEmpty() ? text(link, "detail") : said;
        }
    }

    @Command(
            name = "conversations",
            description = "Lists the latest conversations: id, kind, line, title, and who is in them.")
    static final class Conversations implements Runnable {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Mixin
        private Output output = new Output();

        @Override
        public void run() {
            var rows = output.rows("id", "kind", "line", "title", "participants");
            for (var conversation : items(daemon, "/api/v1/conversations")) {
                rows.add(key -> switch (key) {
                    case "line" -> text(conversation.path(key), "number");
                    case "participants" ->
                        conversation
                                .path(key)
                                .valueStream()
                                .map(person -> (text(person, "name") + " " + text(person, "number")).strip())
                                .collect(Collectors.joining(", "));
                    default -> text(conversation, key);
                });
            }
            rows.print("There is no conversation yet.");
        }
    }

    private static JsonNode items(DaemonOptions daemon, String path) {
        return daemon.ask(api -> api.get(path)).orFail("the daemon refused: ").path("items");
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }
}
