package dev.parley.modem;

import dev.parley.link.Console;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Something that a person wants to know, between the thread that asks and the one that owns the modem.
final class Question {

    enum Kind {
        /// A USSD code, for the network.
        USSD,
        /// A command line, for the modem.
        COMMAND
    }

    private final Kind kind;
    private final String text;
    private final CompletableFuture<Console.Answer> answer = new CompletableFuture<>();

    Question(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    Kind kind() {
        return kind;
    }

    String text() {
        return text;
    }

    /// The first answer counts.
    void answer(Console.Answer what) {
        answer.complete(what);
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
