package dev.parley.modem;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A USSD code between the thread that asks and the one that owns the modem.
final class Question {
    private final String code;
    private final CompletableFuture<UssdAnswer> answer = new CompletableFuture<>();

    Question(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }

    /// The first answer counts.
    void answer(UssdAnswer what) {
        answer.complete(what);
    }

    UssdAnswer await(Duration limit) throws InterruptedException {
        try {
            return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            return new UssdAnswer.Refused("The modem did not get to it within " + limit.toSeconds() + " s.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is a value", e);
        }
    }
}
