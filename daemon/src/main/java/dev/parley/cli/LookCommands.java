package dev.parley.cli;

import java.util.StringJoiner;
import java.util.concurrent.Callable;
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
                    "Lists the links of the running daemon: name, kind, state, and what to do where it is not ready.",
            mixinStandardHelpOptions = true)
    static final class Links implements Callable<Integer> {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Mixin
        private Output output = new Output();

        @Override
        public Integer call() {
            var rows = output.isJson()
                    ? output.rows("name", "kind", "state", "lease", "circuit", "sentence")
                    : output.rows("name", "kind", "state", "sentence");
            for (var link : items(daemon, "/api/v1/links")) {
                if (output.isJson()) {
                    rows.add(
                            text(link, "name"),
                            text(link, "kind"),
                            text(link, "state"),
                            text(link, "lease"),
                            text(link, "circuit"),
                            sentence(link));
                } else {
                    rows.add(text(link, "name"), text(link, "kind"), text(link, "state"), remark(link));
                }
            }
            rows.print("There is no link yet. Name one in the configuration, under lines and links, and reload.");
            return 0;
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
            description = "Lists the latest conversations: id, kind, line, title, and who is in them.",
            mixinStandardHelpOptions = true)
    static final class Conversations implements Callable<Integer> {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Mixin
        private Output output = new Output();

        @Override
        public Integer call() {
            var rows = output.rows("id", "kind", "line", "title", "participants");
            for (var conversation : items(daemon, "/api/v1/conversations")) {
                rows.add(
                        text(conversation, "id"),
                        text(conversation, "kind"),
                        text(conversation.path("line"), "number"),
                        text(conversation, "title"),
                        conversation
                                .path("participants")
                                .valueStream()
                                .map(person -> (text(person, "name") + " " + text(person, "number")).strip())
                                .collect(Collectors.joining(", ")));
            }
            rows.print("There is no conversation yet.");
            return 0;
        }
    }

    private static JsonNode items(DaemonOptions daemon, String path) {
        var answer = daemon.ask(api -> api.get(path));
        if (!answer.isDone()) {
            throw new Failure("the daemon refused: " + answer.refusal());
        }
        return answer.body().path("items");
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }
}
