package dev.parley.cli;

import dev.parley.conversation.Filling;
import dev.parley.line.Lines;
import dev.parley.store.Store;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `parley bench fill`: grows a database, to see how Parley does with years of messages.
@Command(
        name = "fill",
        description = {
            "Adds N messages in N / 100 conversations to a database. Nothing is sent.",
            "Not for a database that is used: what it adds stays."
        })
final class FillCommand implements Runnable {

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Parameters(paramLabel = "N", description = "How many messages.")
    private int messages;

    @Mixin
    private Output output = new Output();

    @Override
    public void run() {
        if (messages < 1) {
            throw new Misuse("N is " + messages + "; expected 1 or more");
        }
        var settings = config.read();
        try (var store = Store.beside(settings.database(), new SimpleMeterRegistry())) {
            var filling = new Filling(store, Lines.register(store, settings.lines()), Clock.systemUTC());
            filling.fill(
                    messages,
                    count -> output.say(count + " of " + messages, Output.object("added", count, "of", messages)));
            filling.index(count -> output.say("words of " + count, Output.object("indexed", count)));
        }
        output.say("done", Output.object("added", messages, "done", true));
    }
}
