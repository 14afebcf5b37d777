package dev.parley.queue;

import java.time.Duration;

/// How the queue behaves.
///
/// @param node who holds the links' leases: a daemon that starts under the same name takes them over
/// at once (it is the same node after a crash), any other waits until they are stale
/// @param grace how long a part that got no answer waits for a report before it is sent again
/// @param validity how long a delivery without `expiresAt` is tried, counted from when it may be sent
/// @param retryFirst the wait before the second attempt; each further one is twice as long
/// @param retryLongest the longest wait between two attempts
/// @param attemptsMax hand-overs of one part before it fails for good
/// @param copiesMax hand-overs of one part without an answer before it fails for good: each may have
/// reached the phone
/// @param parking how long a report that matches nothing is kept
/// @param clockMargin how far the SMSC's clock may be off ours where the two are compared
/// @param leaseTime how long a lease outlives its last renewal
/// @param poll how often the database is looked at even though nobody told of anything
/// @param stopWait how long [SendQueue#close] waits for hand-overs in progress
public record QueueSettings(
        String node,
        Duration grace,
        Duration validity,
        Duration retryFirst,
        Duration retryLongest,
        int attemptsMax,
        int copiesMax,
        Duration parking,
        Duration clockMargin,
        Duration leaseTime,
        Duration poll,
        Duration stopWait) {

    /// What the configuration says of it, with the rest as a daemon has it.
    public static QueueSettings of(Duration grace, int copiesMax, Duration validity) {
        return new QueueSettings(
                "main",
                grace,
                validity,
                Duration.ofSeconds(5),
                Duration.ofMinutes(10),
                20,
                copiesMax,
                Duration.ofHours(24),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }

    /// The wait after so many attempts.
    Duration backoff(int attempts) {
        var doubled = retryFirst.multipliedBy(1L << Math.clamp(attempts - 1L, 0, 20));
        return doubled.compareTo(retryLongest) < 0 ? doubled : retryLongest;
    }
}
