package dev.parley.modem;

import dev.parley.link.Decoder;
import dev.parley.link.FailureCode;
import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.link.Received.Fate;
import dev.parley.sms.CellBroadcast;
import dev.parley.sms.Concat;
import dev.parley.sms.Decoded;
import dev.parley.sms.Deliver;
import dev.parley.sms.Pdu;
import dev.parley.sms.Status;
import dev.parley.sms.StatusReport;
import dev.parley.sms.Submit;
import dev.parley.sms.Timestamp;
import java.util.Optional;

/// Reads what a modem received: SMS-DELIVER and SMS-STATUS-REPORT with the SMSC's address in front (3GPP
/// TS 27.005 §3.1, `<pdu>`), and pages of cell broadcasts, which nobody sent to this line.
public final class ModemDecoder implements Decoder {
    /// Stands at the end of a text of which the end is missing.
    static final String CUT_OFF = " [cut off]";

    @Override
    public Received decode(Inbound inbound) {
        if (Broadcasts.isOne(inbound)) {
            return broadcast(inbound.pdu());
        }
        return switch (Pdu.decodeFromModem(inbound.pdu())) {
            case Decoded.Malformed(var field, int offset, var why) ->
                // What there is of it is worth more to a person than that something was there.
                Pdu.cutOffFromModem(inbound.pdu())
                        .map(deliver -> text(deliver, CUT_OFF))
                        .orElseGet(() -> new Received.Unreadable(field + " at octet " + offset + ": " + why));
            case Decoded.Ok(var _, var tpdu) ->
                switch (tpdu) {
                    case Deliver deliver -> text(deliver, "");
                    case StatusReport report -> report(report);
                    case Submit _ -> new Received.Unreadable("TP-MTI at octet 1: a message to be sent, not received");
                };
        };
    }

    /// A message is known by its TPDU with the SMSC's time in it (TS 23.040 §9.2.3.11), wherever it
    /// lies.
    @Override
    public Optional<byte[]> identity(Inbound inbound) {
        if (Broadcasts.isOne(inbound)) {
            return Optional.empty();
        }
        return switch (Pdu.decodeFromModem(inbound.pdu())) {
            case Decoded.Ok(var _, Deliver deliver) -> deliver.identity();
            case Decoded.Ok(var _, StatusReport report) -> report.identity();
            case Decoded.Ok(var _, Submit _) -> Optional.empty();
            case Decoded.Malformed _ -> Pdu.cutOffFromModem(inbound.pdu()).flatMap(Deliver::identity);
        };
    }

    private static Received broadcast(byte[] page) {
        return new Received.Machine(
                Optional.empty(),
                CellBroadcast.of(page)
                        .map(read -> "cell broadcast on channel %d, page %d of %d: %s"
                                .formatted(read.channel(), read.page(), read.pages(), read.text()))
                        .orElse("cell broadcast"));
    }

    /// @param end what stands at the end of a text
    private static Received text(Deliver deliver, String end) {
        var sender = deliver.from().number();
        var machine = deliver.machine();
        if (machine.isPresent()) {
            return new Received.Machine(known(sender), machine.get());
        }
        var said = deliver.userData();
        var isPiece = said.concat().filter(Concat::isOneOfSeveral).isPresent();
        return new Received.Text(
                sender,
                deliver.from().isName(),
                (isPiece ? said.piece() : said.text()) + end,
                said.concat(),
                deliver.scts().map(Timestamp::instant),
                Optional.empty());
    }

    private static Received report(StatusReport report) {
        return new Received.Report(
                Optional.of(Integer.toString(report.mr())),
                known(report.recipient().number()),
                report.scts().map(Timestamp::instant),
                report.discharge().map(Timestamp::instant),
                fate(report.status()),
                Optional.empty());
    }

    private static Optional<String> known(String number) {
        return number.isEmpty() ? Optional.empty() : Optional.of(number);
    }

    /// TP-ST (3GPP TS 23.040 §9.2.3.15). What the SMSC cannot confirm is not delivered, and no failure
    /// either.
    static Fate fate(Status status) {
        var network = Optional.of(status.octet());
        return switch (status.outcome()) {
            case DELIVERED -> new Fate.Delivered();
            case STILL_TRYING, UNCONFIRMED -> new Fate.Pending(network, status.sentence());
            case FAILED -> new Fate.Failed(failure(status.octet()), network, status.sentence());
        };
    }

    private static FailureCode failure(int st) {
        return switch (st) {
            case 0x42, 0x65 -> FailureCode.REJECTED_BY_RECIPIENT;
            case 0x43 -> FailureCode.UNKNOWN_NUMBER;
            case 0x46 -> FailureCode.EXPIRED;
            case 0x02, 0x47, 0x48, 0x49 -> FailureCode.DELETED_BY_NETWORK;
            case 0x61, 0x62 -> FailureCode.UNREACHABLE;
            case 0x40, 0x44, 0x60, 0x64 -> FailureCode.NETWORK_TROUBLE;
            case 0x41, 0x45, 0x63 -> FailureCode.REFUSED_BY_NETWORK;
            default -> st >= 0x80 ? FailureCode.REFUSED_BY_NETWORK : FailureCode.UNKNOWN;
        };
    }
}
