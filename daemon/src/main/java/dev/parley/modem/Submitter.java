package dev.parley.modem;

import dev.parley.at.Cmgs;
import dev.parley.at.CmsCause;
import dev.parley.at.Command;
import dev.parley.at.Final;
import dev.parley.at.SimState;
import dev.parley.at.Urc;
import dev.parley.link.FailureCode;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Address;
import dev.parley.sms.Submit;
import dev.parley.sms.ValidityPeriod;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands parts to the SC (`+CMGS` in PDU mode, TS 27.005 §4.3).
///
/// What can be said of a part depends on one octet: before its Ctrl-Z is written nothing has left this
/// machine, from then on only a result tells.
final class Submitter {
    private static final Logger log = LoggerFactory.getLogger(Submitter.class);

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// With `+CMMS=1` the modem holds the radio link for one to five seconds after a message (TS 27.005
    /// §3.5.6).
    private static final Duration HELD = Duration.ofSeconds(1);

    /// TP-VP in relative form ends at 63 weeks (TS 23.040 §9.2.3.12.1).
    private static final Duration VALIDITY_MAX = Duration.ofDays(441);

    /// `+CMS ERROR`s that are about the status report that was asked for, where the text goes without.
    private static final Set<Integer> ABOUT_REPORTS = Set.of(29, 50, 69);

    /// Those that blame the PDU or its handling, which the request is a part of (TS 24.011 annex E-2, TS 27.005
    /// §3.2.5).
    private static final Set<Integer> PERHAPS_ABOUT_REPORTS = Set.of(21, 95, 96, 97, 98, 99, 111, 127, 304);

    /// So many texts that went without what was refused with it are no accident.
    private static final int DOUBTS_MAX = 3;

    /// `+CMS ERROR: 304` (TS 27.005 §3.2.5): an invalid parameter of PDU mode. Our PDUs are valid.
    private static final int INVALID_PDU = 304;

    private static final int SMSC_UNKNOWN = 330;

    private static final String ERROR = "ERROR";

    /// How many parts of uncertain outcome are remembered, of which the modem may still say that they
    /// were sent.
    private static final int LATE_MAX = 64;

    private final Modem modem;
    private final Lasting lasting;
    private final Clock clock;
    private boolean holds = true;
    private long heldUntil = System.nanoTime();
    private boolean ctrlZ;
    private Verdict verdict = Verdict.FINE;
    private String why = "";

    /// What a submission showed about the modem itself.
    enum Verdict {
        FINE,
        /// The network has taken a part.
        ACCEPTED,
        /// It refuses whatever it is given, to whomever.
        SUSPECT,
        /// It does not know the SMSC's number.
        NO_SMSC,
        /// There is no network.
        NO_NETWORK,
        /// The modem or the SIM is at fault.
        FAULT,
        /// It answered nothing.
        SILENT,
        /// It started anew.
        BOOTED
    }

    /// Parts of uncertain outcome that the modem named later after all. Outlives connections.
    static final class Late {
        private Optional<Long> open = Optional.empty();
        private final Map<Long, SubmitOutcome> sent = new LinkedHashMap<>();

        /// The result of this part is not known; the next `+CMGS` that nobody asked for is its.
        void expect(long part) {
            open = Optional.of(part);
        }

        /// No result can come any more: the modem started anew, or another part was begun.
        void giveUp() {
            open = Optional.empty();
        }

        Optional<Long> came(Urc.LateSubmission submission) {
            var part = open;
            part.ifPresent(id -> {
                if (sent.size() >= LATE_MAX) {
                    sent.remove(sent.keySet().iterator().next());
                }
                sent.put(id, accepted(submission.mr()));
            });
            open = Optional.empty();
            return part;
        }

        Optional<SubmitOutcome> sent(long part) {
            return Optional.ofNullable(sent.remove(part));
        }
    }

    Submitter(Modem modem, Clock clock) {
        this.modem = modem;
        this.lasting = modem.lasting();
        this.clock = clock;
    }

    /// What the modem said, where the last submission showed something about it.
    String why() {
        return why;
    }

    /// What the last submission showed about the modem.
    Verdict verdict() {
        return verdict;
    }

    /// Submits a part that was taken, and completes it whatever happens.
    ///
    /// @throws PortGone if the port is gone; the part is completed all the same
    void submit(Submission submission) throws PortGone {
        var part = submission.part();
        ctrlZ = false;
        verdict = Verdict.FINE;
        SubmitOutcome outcome = new SubmitOutcome.Uncertain("the hand-over broke off");
        try {
            var known = lasting.late.sent(part.id());
            known.ifPresent(
                    _ -> log.info("link={} part={} was sent at the first try after all", modem.link(), part.id()));
            outcome = known.isPresent() ? known.get() : handOver(part);
        } catch (PortGone e) {
            outcome = ctrlZ
                    ? new SubmitOutcome.Uncertain("the port was lost before the modem answered: " + e.getMessage())
                    : new SubmitOutcome.NotHandedOver("the port was lost: " + e.getMessage());
            throw e;
        } catch (RuntimeException e) {
            log.error("link={} part={} hand-over failed", modem.link(), part.id(), e);
            outcome = ctrlZ
                    ? new SubmitOutcome.Uncertain("the hand-over broke off: " + e.getMessage())
                    : new SubmitOutcome.Refused(
                            FailureCode.REFUSED_BY_MODEM, Optional.empty(), "it cannot be encoded: " + e.getMessage());
        } finally {
            log.debug(
                    "link={} part={} {}",
                    modem.link(),
                    part.id(),
                    outcome.getClass().getSimpleName());
            submission.outcome().complete(outcome);
        }
    }

    private SubmitOutcome handOver(OutboundPart part) throws PortGone {
        var wantsReport = part.statusReport() && modem.settings().statusReports() && !lasting.reportsRefused;
        var outcome = handOver(part, wantsReport);
        if (!wantsReport) {
            return judged(part, outcome);
        }
        lasting.reportsTaken |= outcome instanceof SubmitOutcome.Accepted;
        var surely = isAbout(outcome, ABOUT_REPORTS);
        if (!surely && !isPerhapsAboutReport(outcome)) {
            return judged(part, outcome);
        }
        ctrlZ = false;
        verdict = Verdict.FINE;
        var without = handOver(part, false);
        if (without instanceof SubmitOutcome.Accepted && (surely || ++lasting.reportDoubts >= DOUBTS_MAX)) {
            lasting.reportsRefused = true;
            log.warn("link={} the network takes no request for status reports; texts go without", modem.link());
        }
        return judged(part, without);
    }

    private static boolean isAbout(SubmitOutcome outcome, Set<Integer> codes) {
        return switch (outcome) {
            case SubmitOutcome.Refused(var _, var network, var _) ->
                network.filter(codes::contains).isPresent();
            case SubmitOutcome.Postponed(var _, var network, var _) ->
                network.filter(codes::contains).isPresent();
            default -> false;
        };
    }

    /// Whether a PDU was refused for no reason that its text or recipient gives, by a network that has never taken a
    /// request for a report.
    private boolean isPerhapsAboutReport(SubmitOutcome outcome) {
        boolean wordless = outcome instanceof SubmitOutcome.Postponed(var _, var network, var reason)
                && network.isEmpty()
                && reason.equals(ERROR);
        return ctrlZ && !lasting.reportsTaken && (wordless || isAbout(outcome, PERHAPS_ABOUT_REPORTS));
    }

    /// Whose fault a refusal is ([Refusals]).
    private SubmitOutcome judged(OutboundPart part, SubmitOutcome outcome) {
        return switch (outcome) {
            case SubmitOutcome.Accepted accepted -> {
                lasting.refusals.accepted();
                verdict = Verdict.ACCEPTED;
                yield accepted;
            }
            case SubmitOutcome.Refused(var _, var network, var reason) -> suspected(part, network, reason, outcome);
            case SubmitOutcome.Postponed(var code, var network, var reason) ->
                code == FailureCode.REFUSED_BY_MODEM || code == FailureCode.REFUSED_BY_NETWORK
                        ? suspected(part, network, reason, outcome)
                        : outcome;
            case SubmitOutcome.NotHandedOver _, SubmitOutcome.Suspected _, SubmitOutcome.Uncertain _ -> outcome;
        };
    }

    private SubmitOutcome suspected(
            OutboundPart part, Optional<Integer> network, String reason, SubmitOutcome outcome) {
        boolean ours = network.equals(Optional.of(INVALID_PDU));
        if (lasting.refusals.refused(part.id(), part.recipient(), ours, clock.instant()) == Refusals.Fault.PART) {
            return outcome;
        }
        verdict = Verdict.SUSPECT;
        why = reason;
        return new SubmitOutcome.Suspected(reason, lasting.parking.next().plus(Parking.FIRST));
    }

    private SubmitOutcome handOver(OutboundPart part, boolean statusReport) throws PortGone {
        var tpdu = tpdu(part, statusReport);
        hold(part.moreToCome());
        // <length> counts the TPDU alone; the "00" sent before it means: use the SC address of the SIM.
        var command = Command.prompt("AT+CMGS=" + tpdu.length);
        var instead = modem.dialogue().prompted(command, modem.settings().promptTimeout());
        if (instead.isPresent()) {
            return withoutPrompt(instead.get());
        }
        var digits = ("00" + HEX.formatHex(tpdu)).getBytes(StandardCharsets.US_ASCII);
        // What came up to now is the one given up before; from here on a result is this part's.
        modem.notes().lateSubmission.take().ifPresent(lasting.late::came);
        lasting.late.giveUp();
        ctrlZ = true;
        var result = modem.dialogue().pdu(command, digits, modem.settings().airTimeout());
        heldUntil = System.nanoTime() + HELD.toNanos();
        return switch (result) {
            // Some say OK and no reference (gammu #89): it is out.
            case Final.Ok(var answers) -> accepted(Cmgs.messageReference(answers));
            case Final.CmsError _, Final.CmeError _, Final.PlainError _ -> refused(result);
            // +CMGS without OK: that is all the network had to say.
            case Final.Silence(var answers) when !answers.isEmpty() -> accepted(Cmgs.messageReference(answers));
            case Final.Silence _ -> {
                // It may be on the air already. Only a status report can tell, or a late +CMGS.
                verdict = Verdict.SILENT;
                lasting.late.expect(part.id());
                yield new SubmitOutcome.Uncertain(
                        "no result within " + modem.settings().airTimeout().toSeconds() + " s");
            }
            case Final.Rebooted() -> {
                verdict = Verdict.BOOTED;
                yield new SubmitOutcome.Uncertain("the modem started anew before it answered");
            }
        };
    }

    /// An error in place of the prompt, or nothing. The PDU is not sent.
    private SubmitOutcome withoutPrompt(Final instead) throws PortGone {
        return switch (instead) {
            case Final.CmsError _, Final.CmeError _, Final.PlainError _ -> refused(instead);
            case Final.Rebooted() -> notHandedOver(Verdict.BOOTED, "the modem started anew");
            case Final.Ok _ -> {
                // The end of some earlier command; a prompt may be on its way.
                modem.dialogue().cancelPrompt();
                yield new SubmitOutcome.NotHandedOver("the modem did not ask for the PDU");
            }
            case Final.Silence _ -> {
                // ESC, so that a late '>' does not swallow the next command as message text.
                modem.dialogue().cancelPrompt();
                yield notHandedOver(
                        Verdict.SILENT,
                        "the modem did not ask for the PDU within "
                                + modem.settings().promptTimeout().toSeconds() + " s");
            }
        };
    }

    static byte[] tpdu(OutboundPart part) {
        return tpdu(part, part.statusReport());
    }

    private static byte[] tpdu(OutboundPart part, boolean statusReport) {
        var validity = part.validity()
                .<ValidityPeriod>map(atMost -> new ValidityPeriod.Relative(Session.shorter(atMost, VALIDITY_MAX)))
                .orElseGet(ValidityPeriod.SmscDefault::new);
        return Submit.of(part.segment(), Address.ofNumber(part.recipient()), statusReport, validity)
                .encode();
    }

    /// `+CMMS=1`: keep the radio link for the next one (TS 27.005 §3.5.6). It lapses by itself.
    private void hold(boolean moreToCome) throws PortGone {
        if (!moreToCome || !holds || System.nanoTime() - heldUntil < 0) {
            return;
        }
        holds = modem.dialogue()
                .command(Command.of("AT+CMMS=1"), modem.pace().answer())
                .ok();
    }

    private static SubmitOutcome accepted(Optional<Integer> mr) {
        return new SubmitOutcome.Accepted(mr.map(String::valueOf));
    }

    private SubmitOutcome refused(Final result) {
        return switch (result) {
            case Final.CmsError(int code, var text) -> {
                var cause = CmsCause.of(code);
                var reason = "+CMS ERROR: " + (code == Final.NO_CODE ? text : code + ", " + cause.words());
                yield switch (cause.kind()) {
                    case PERMANENT -> new SubmitOutcome.Refused(failure(code), known(code), reason);
                    case TEMPORARY, UNCLEAR -> new SubmitOutcome.Postponed(failure(code), known(code), reason);
                    case NO_NETWORK -> notHandedOver(Verdict.NO_NETWORK, reason);
                    case MODEM -> notHandedOver(code == SMSC_UNKNOWN ? Verdict.NO_SMSC : Verdict.FAULT, reason);
                };
            }
            case Final.CmeError(int code, var _) -> {
                var noNetwork = code == 30 || code == 31 || code == 32; // no service, time-out, emergency calls only
                if (noNetwork
                        || SimState.of(result)
                                .filter(sim -> sim != SimState.READY)
                                .isPresent()) {
                    yield notHandedOver(noNetwork ? Verdict.NO_NETWORK : Verdict.FAULT, result.words());
                }
                yield new SubmitOutcome.Postponed(FailureCode.REFUSED_BY_MODEM, known(code), result.words());
            }
            default -> new SubmitOutcome.Postponed(FailureCode.REFUSED_BY_MODEM, Optional.empty(), ERROR);
        };
    }

    private SubmitOutcome notHandedOver(Verdict shown, String reason) {
        verdict = shown;
        why = reason;
        return new SubmitOutcome.NotHandedOver(reason);
    }

    private static Optional<Integer> known(int code) {
        return code == Final.NO_CODE ? Optional.empty() : Optional.of(code);
    }

    /// The API's code of a `+CMS ERROR`.
    static FailureCode failure(int code) {
        return switch (code) {
            case 1, 3, 28, 30, 195 -> FailureCode.UNKNOWN_NUMBER;
            case 8, 10, 29, 50, 193, 196 -> FailureCode.BARRED;
            case 27 -> FailureCode.UNREACHABLE;
            case 17, 22, 38, 41, 42, 47, 192, 194, 331, 332 -> FailureCode.NETWORK_TROUBLE;
            case 304, 305 -> FailureCode.REFUSED_BY_MODEM;
            case Final.NO_CODE -> FailureCode.REFUSED_BY_MODEM;
            default -> code >= 300 && code != 500 ? FailureCode.REFUSED_BY_MODEM : FailureCode.REFUSED_BY_NETWORK;
        };
    }
}
