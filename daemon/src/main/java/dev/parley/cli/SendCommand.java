package dev.parley.cli;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `parley send`: one text to one number, through the API of the running daemon.
@Command(
        name = "send",
        description = {
            "Sends a text through the running daemon and prints the message's id.",
            "Prints nothing and ends with status 1 if the daemon did not accept it."
        })
final class SendCommand implements Runnable {

    @Mixin
    private DaemonOptions daemon = new DaemonOptions();

    @Option(
            names = "--line",
            paramLabel = "LINE",
            description = "The line to send from, where there are several: its number, its name or its id.")
    private @Nullable String line;

    @Option(names = "--to", paramLabel = "NUMBER", required = true, description = "The recipient.")
    private String to = "";

    @Parameters(paramLabel = "TEXT")
    private String text = "";

    @Mixin
    private Output output = new Output();

    @Override
    public void run() {
        var message = new LinkedHashMap<String, String>();
        if (line != null) {
            message.put("line", daemon.ask(api -> api.get("/api/v1/lines")).lineOf(line));
        }
        message.put("to", to);
        message.put("text", text);
        var sent = daemon.ask(api -> api.post("/api/v1/messages", message)).orFail("not sent: ");
        output.value("id", sent.path("id").asString(""));
    }
}
