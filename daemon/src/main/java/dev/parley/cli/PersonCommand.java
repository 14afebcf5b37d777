package dev.parley.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley person …`: what is kept about a number, and its end, through the API of the running daemon.
@Command(
        name = "person",
        description = "A person's data, by the number: prints what is kept, or erases it.",
        subcommands = {PersonCommand.Export.class, PersonCommand.Erase.class})
final class PersonCommand implements Runnable {

    @Override
    public void run() {
        throw new Misuse("Say what to do: parley person export or erase.");
    }

    @Command(
            name = "export",
            description = {
                "Prints all that is kept about a number as JSON, to be read; with --json on one line.",
                "The token must be an admin's."
            })
    static final class Export implements Runnable {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Parameters(paramLabel = "NUMBER", description = "Whose.")
        private String number = "";

        @Mixin
        private Output output = new Output();

        @Override
        public void run() {
            var kept = daemon.ask(api -> api.post("/api/v1/people/export", Map.of("number", number)))
                    .orFail("not exported: ");
            output.out().println(output.isJson() ? kept.toString() : kept.toPrettyString());
        }
    }

    @Command(
            name = "erase",
            description = {
                "Erases what is kept about a number: contact, texts and their copies, raw PDUs. Nothing brings it back.",
                "Opt-outs stay as a hash and still count. The token must be an admin's. Prints how far it is."
            })
    static final class Erase implements Runnable {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Parameters(paramLabel = "NUMBER", description = "Whose.")
        private String number = "";

        @Mixin
        private Output output = new Output();

        @Option(names = "--yes", required = true, description = "Say that you mean it.")
        private boolean meant;

        @Override
        public void run() {
            if (!meant) {
                throw new Misuse("say --yes");
            }
            var erasure = daemon.ask(api -> api.post("/api/v1/people/erase", Map.of("number", number)))
                    .orFail("not erased: ");
            var id = erasure.path("id").asString("");
            var state = erasure.path("state").asString("");
            output.say(id + " " + state, Output.object("id", id, "state", state));
        }
    }
}
