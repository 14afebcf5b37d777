package dev.parley.cli;

import dev.parley.config.Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley send`: one text to one number, through the API of the running daemon.
@Command(
        name = "send",
        description = {
            "Sends a text through the running daemon and prints the message's id.",
            "Prints nothing and ends with status 1 if the daemon did not accept it."
        },
        mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {

    @ArgGroup(multiplicity = "1")
    private Where where = new Where();

    static final class Where {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The daemon's configuration file, for its address.")
        private @Nullable Path config;

        @Option(
                names = "--url",
                paramLabel = "URL",
                description = "The daemon's address, such as http://127.0.0.1:8080.")
        private @Nullable String url;
    }

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "An API token (see parley token add). Without it, the environment variable PARLEY_TOKEN.")
    private @Nullable String token;

    @Option(names = "--line", paramLabel = "ID", description = "The line to send from, where there are several.")
    private @Nullable String line;

    @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "The recipient.")
    private String to = "";

    @Parameters(paramLabel = "TEXT")
    private String text = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        var secret = Api.token(token)
                .orElseThrow(() -> new Failure("say --token, or set PARLEY_TOKEN; parley token add makes a token"));
        var url = url();
        var message = new LinkedHashMap<String, String>();
        if (line != null) {
            message.put("line", line);
        }
        message.put("to", to);
        message.put("text", text);
        try (var api = new Api(url, Optional.of(secret))) {
            var answer = api.post("/api/v1/messages", message);
            if (!answer.isDone()) {
                throw new Failure("not sent: " + answer.refusal());
            }
            spec.commandLine().getOut().println(answer.body().path("id").asString(""));
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Failure(url + " is no address of a daemon: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Failure("no daemon answers at " + url + " (" + e + "); is it running?", e);
        }
    }

    private String url() {
        if (where.url != null) {
            return where.url;
        }
        if (where.config == null) {
            throw new IllegalStateException("one of --config and --url is required");
        }
        Config config = ConfigOption.read(where.config);
        return Api.urlOf(config);
    }
}
