package dev.parley.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley person …`: what is kept about a number, and its end, through the API of the running daemon.
@Command(
        name = "person",
        description = "A person's data, by the number: prints what is kept, or erases it.",
        subcommands = {PersonCommand.Export.class, PersonCommand.Erase.class},
        mixinStandardHelpOptions = true)
final class PersonCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: parley person export or erase.");
    }

    @Command(
            name = "export",
            description = {
                "Prints all that is kept about a number as JSON, to be read; with --json on one line.",
                "The token must be an admin's."
            },
            mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Parameters(paramLabel = "NUMBER", description = "Whose.")
        private String number = "";

        @Mixin
        private Output output = new Output();

        @Override
        public Integer call() {
            var answer = daemon.ask(api -> api.post("/api/v1/people/export", Map.of("number", number)));
            if (!answer.isDone()) {
                throw new Failure("not exported: " + answer.refusal());
            }
            output.out()
                    .println(
                            output.isJson()
                                    ? answer.body().toString()
                                    : answer.body().toPrettyString());
            return 0;
        }
    }

    @Command(
            name = "erase",
            description = {
                "Erases what is kept about a number: contact, texts and their copies, raw PDUs. Nothing brings it back.",
                "Opt-outs stay as a hash and still count. The token must be an admin's. Prints how far it is."
            },
            mixinStandardHelpOptions = true)
    static final class Erase implements Callable<Integer> {

        @Mixin
        private DaemonOptions daemon = new DaemonOptions();

        @Parameters(paramLabel = "NUMBER", description = "Whose.")
        private String number = "";

        @Mixin
        private Output output = new Output();

        @Option(names = "--yes", required = true, description = "Say that you mean it.")
        private boolean meant;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (!meant) {
                throw new ParameterException(spec.commandLine(), "say --yes");
            }
            var answer = daemon.ask(api -> api.post("/api/v1/people/erase", Map.of("number", number)));
            if (!answer.isDone()) {
                throw new Failure("not erased: " + answer.refusal());
            }
            var id = answer.body().path("id").asString("");
            var state = answer.body().path("state").asString("");
            output.say(id + " " + state, Output.object("id", id, "state", state));
            return 0;
        }
    }
}
