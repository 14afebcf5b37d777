package dev.parley.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `parley ussd LINK CODE`.
@Command(
        name = "ussd",
        description = {
            "Asks the network of a modem by a USSD code, through the running daemon, and prints what it says.",
            "Such as a prepaid SIM's balance: parley ussd --config FILE modem-1 '*100#'",
            "The token is an admin's."
        })
final class UssdCommand implements Runnable {

    @Mixin
    private DaemonOptions daemon = new DaemonOptions();

    @Parameters(index = "0", paramLabel = "LINK", description = "The modem's name in the configuration.")
    private String link = "";

    @Parameters(index = "1", paramLabel = "CODE", description = "Such as *100#.")
    private String code = "";

    @Mixin
    private Output output = new Output();

    @Override
    public void run() {
        var said = daemon.ask(api -> api.post(Api.pathOfLink(link) + "/ussd", Map.of("code", code)))
                .orFail("");
        output.value("text", said.path("text").asString(""));
    }
}
