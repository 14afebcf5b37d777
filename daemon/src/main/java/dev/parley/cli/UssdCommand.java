package dev.parley.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `parley ussd LINK CODE`.
@Command(
        name = "ussd",
        description = {
            "Asks the network of a modem by a USSD code, through the running daemon, and prints what it says.",
            "Such as a prepaid SIM's balance: parley ussd --config FILE modem-1 '*100#'"
        },
        mixinStandardHelpOptions = true)
final class UssdCommand implements Callable<Integer> {

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
            description = "An admin's API token. Without it, the environment variable PARLEY_TOKEN.")
    private @Nullable String token;

    @Parameters(index = "0", paramLabel = "LINK", description = "The modem's name in the configuration.")
    private String link = "";

    @Parameters(index = "1", paramLabel = "CODE", description = "Such as *100#.")
    private String code = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything else runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        var secret = Api.token(token)
                .orElseThrow(() -> new Failure("say --token, or set PARLEY_TOKEN; parley token add makes a token"));
        var url = url();
        try (var api = new Api(url, Optional.of(secret))) {
            var name = URLEncoder.encode(link, StandardCharsets.UTF_8).replace("+", "%20");
            var answer = api.post("/api/v1/links/" + name + "/ussd", Map.of("code", code));
            if (!answer.isDone()) {
                throw new Failure(answer.refusal());
            }
            spec.commandLine().getOut().println(answer.body().path("text").asString(""));
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
        return Api.urlOf(ConfigOption.read(where.config));
    }
}
