package dev.parley.modem;

import java.time.Duration;
import java.util.Optional;

/// How to reach and treat one modem.
///
/// @param where best a path below `/dev/serial/by-id`, which stays the same when the modem is plugged in again; a
/// symbolic link is followed each time the port is opened
/// @param baud bits a second; of no consequence on USB
/// @param pin of the SIM; entered at most once
/// @param dialect what the modem is treated as, whatever it says of itself
/// @param airTimeout how long `+CMGS` may take before the outcome counts as uncertain; networks need a minute,
/// and some of them two
/// @param promptTimeout how long the modem may take to answer `AT+CMGS=…` with `>`
/// @param statusReports whether the network is asked what became of each part
/// @param pace how often the link looks at things on its own
public record ModemSettings(
        Whereabouts where,
        int baud,
        Optional<Pin> pin,
        Optional<Dialect> dialect,
        Duration airTimeout,
        Duration promptTimeout,
        boolean statusReports,
        Pace pace) {

    /// How often the link looks at things on its own, and how long it waits for a modem that says
    /// nothing.
    ///
    /// @param search how often a port that is not there, or is taken, is tried again
    /// @param answer how long a modem may take to answer a plain command; three silences in a row count
    /// as a hang
    /// @param recheck how long to wait before a busy SIM, or a network that is not there, is asked for
    /// again
    /// @param health how often an idle modem is asked for its signal, which also shows that it still
    /// answers
    /// @param sweep how often every memory is listed, for messages whose URC got lost
    /// @param poll the same for a modem that cannot tell of new messages
    public record Pace(
            Duration search, Duration answer, Duration recheck, Duration health, Duration sweep, Duration poll) {
        public static final Pace USUAL = new Pace(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(20),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5));
    }
}
