package dev.parley.modem;

import dev.parley.link.Console;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something that a person wants to know, between the thread that asks and the one that owns the modem.
///
/// @param answer the first counts
record Question(Kind kind, String text, CompletableFuture<Console.Answer> answer) {

    enum Kind {
        /// A USSD code, for the network.
        USSD,
        /// A command line, for the modem.
        COMMAND
    }

    Question(Kind kind, String text) {
        this(kind, text, new CompletableFuture<>());
    }

    Console.Answer await(Duration limit) throws InterruptedException {
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new Console.Answer.Refused("The modem did not get to it within " + limit.toSeconds() + " s.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is a value", e);
        }
    }
}
