package dev.parley.webhook;

import org.slf4j.Logger;

/// What the log says of an endpoint: a run of failures as a warning, once, that it was given up as
/// another, and what ended the run as information. A single failure is of every day and counted only.
final class WebhookNews {

    /// With the usual waits these take a good while: an endpoint that was restarted is not told of.
    static final int RUN = 5;

    private final Logger log;

    WebhookNews(Logger log) {
        this.log = log;
    }

    /// @param failures in a row, this one among them
    void failed(long webhook, int failures, String error) {
        if (failures == RUN) {
            log.warn("webhook={} failed {} times in a row and is tried ever more seldom: {}", webhook, RUN, error);
        }
    }

    /// @param failures in a row, the last one among them
    void givenUp(long webhook, int failures, String error) {
        log.warn("webhook={} is dead after {} failures: {}", webhook, failures, error);
    }

    /// @param failures in a row before it
    void delivered(long webhook, int failures) {
        if (failures >= RUN) {
            log.info("webhook={} takes what is posted again after {} failures", webhook, failures);
        }
    }
}
