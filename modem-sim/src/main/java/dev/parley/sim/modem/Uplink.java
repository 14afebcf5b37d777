package dev.parley.sim.modem;

import dev.parley.sim.network.Origin;
import dev.parley.sim.network.ReportWish;
import dev.parley.sim.network.ShortMessage;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.Submission;
import dev.parley.sim.network.Submitted;
import dev.parley.sms.Address;
import dev.parley.sms.Submit;
import dev.parley.sms.ValidityPeriod;
import java.time.Instant;
import java.util.Optional;

/// Hands messages over to the SMSC, and counts their TP-MR.
final class Uplink {

    private static final int REFERENCES = 256;

    private final Identity identity;
    private final State state;
    private final Smsc smsc;
    private int reference;

    Uplink(Identity identity, State state, Smsc smsc) {
        this.identity = identity;
        this.state = state;
        this.smsc = smsc;
    }

    /// Submits a message, if there is a network that takes it.
    ///
    /// @param name of the answer that has the TP-MR, with its colon and blank
    Reply handOver(Submit submit, String name) {
        if (state.fault instanceof Fault.Refuse(int cause)) {
            return new Reply.Cms(cause);
        }
        if (!state.isRegistered()) {
            return new Reply.Cms(Reply.Cms.NO_NETWORK);
        }
        int mr = reference;
        reference = (reference + 1) % REFERENCES;
        var submission = new Submission(
                new Origin.Stick(identity.number()),
                Address.ofNumber(identity.number()),
                submit.to(),
                submit.pid(),
                submit.dcs(),
                submit.userData(),
                expires(submit.validity()),
                submit.statusReportRequest() ? ReportWish.ALL : ReportWish.NONE,
                mr);
        return switch (smsc.submit(submission)) {
            case Submitted.Accepted(ShortMessage _) -> Reply.Ok.of(name + mr);
            case Submitted.NoSuchNumber _ -> new Reply.Cms(Reply.Cms.UNIDENTIFIED_SUBSCRIBER);
            case Submitted.Congested _ -> new Reply.Cms(Reply.Cms.CONGESTION);
        };
    }

    /// TP-VP (3GPP TS 23.040 §9.2.3.12). The enhanced format counts in steps of a relative one, in seconds
    /// or in hours, minutes and seconds (§9.2.3.12.3).
    private static Optional<Instant> expires(ValidityPeriod validity) {
        var now = Instant.now();
        return switch (validity) {
            case ValidityPeriod.SmscDefault _, ValidityPeriod.NoTime _ -> Optional.empty();
            case ValidityPeriod.Relative(var atMost) -> Optional.of(now.plus(atMost));
            case ValidityPeriod.Absolute(var until) -> Optional.of(until.toInstant());
            case ValidityPeriod.Enhanced(var octets) ->
                switch (octets.at(0) & 0b111) {
                    case 0b001 ->
                        Optional.of(now.plus(ValidityPeriod.Relative.ofOctet(octets.at(1) & 0xFF)
                                .atMost()));
                    case 0b010 -> Optional.of(now.plusSeconds(octets.at(1) & 0xFF));
                    case 0b011 ->
                        Optional.of(now.plusSeconds(
                                digits(octets.at(1)) * 3600L + digits(octets.at(2)) * 60L + digits(octets.at(3))));
                    default -> Optional.empty();
                };
        };
    }

    private static int digits(int octet) {
        return (octet & 0xF) * 10 + (octet >> 4 & 0xF);
    }
}
