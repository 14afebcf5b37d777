package dev.parley.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// The options of a command that asks the running daemon: where it is, and who asks.
final class DaemonOptions {

    @ArgGroup
    private Where where = new Where();

    private static final class Where {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The daemon's configuration file, for its address (default: PARLEY_CONFIG, or"
                        + " /etc/parley/parley.yaml).")
        private Path config = ConfigOption.usual();

        @Option(
                names = "--url",
                paramLabel = "URL",
                description = "The daemon's address, such as http://127.0.0.1:8080.")
        private @Nullable String url;
    }

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "An API token. Without it, the environment variable PARLEY_TOKEN, or the token that"
                    + " parley token add --save has kept.")
    private @Nullable String token;

    /// One request of the API.
    interface Request {
        Api.Answer to(Api api) throws IOException;
    }

    /// The daemon's answer.
    ///
    /// @throws Failure if there is no token, or no daemon that answers
    Api.Answer ask(Request request) {
        var secret = Api.requireToken(token);
        var url = url();
        try (var api = new Api(url, Optional.of(secret))) {
            return request.to(api);
        } catch (IllegalArgumentException e) {
            throw new Failure(url + " is no address of a daemon: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Failure("no daemon answers at " + url + " (" + e + "); is it running?", e);
        }
    }

    /// The daemon's events.
    ///
    /// @param cursor behind which one to begin; from now on where empty
    EventTail events(Optional<String> cursor) {
        var secret = Api.requireToken(token);
        return new EventTail(url(), secret, cursor);
    }

    private String url() {
        if (where.url != null) {
            return where.url;
        }
        return Api.urlOf(ConfigOption.read(where.config));
    }
}
