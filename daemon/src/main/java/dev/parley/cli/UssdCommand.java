package dev.parley.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
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
        },
        mixinStandardHelpOptions = true)
final class UssdCommand implements Callable<Integer> {

    @Mixin
    private DaemonOptions daemon = new DaemonOptions();

    @Parameters(index = "0", paramLabel = "LINK", description = "The modem's name in the configuration.")
    private String link = "";

    @Parameters(index = "1", paramLabel = "CODE", description = "Such as *100#.")
    private String code = "";

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var name = URLEncoder.encode(link, StandardCharsets.UTF_8).replace("+", "%20");
        var answer = daemon.ask(api -> api.post("/api/v1/links/" + name + "/ussd", Map.of("code", code)));
        if (!answer.isDone()) {
            throw new Failure(answer.refusal());
        }
        output.value("text", answer.body().path("text").asString(""));
        return 0;
    }
}
