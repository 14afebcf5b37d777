package dev.parley.sms;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A decoded PDU field by field, named and ordered for a person to read: what `parley pdu decode` prints as JSON. The
/// values are maps, lists, strings, numbers, booleans and null.
public final class Description {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    private Description() {}

    public static Map<String, @Nullable Object> of(Decoded decoded) {
        return switch (decoded) {
            case Decoded.Ok(var smsc, var tpdu) -> {
                var fields = new LinkedHashMap<String, @Nullable Object>();
                fields.put("smsc", smsc.map(Address::number).orElse(null));
                switch (tpdu) {
                    case Deliver deliver -> deliver(deliver, fields);
                    case Submit submit -> submit(submit, fields);
                    case StatusReport report -> statusReport(report, fields);
                }
                yield fields;
            }
            case Decoded.Malformed(var field, int offset, var why) -> {
                var fields = new LinkedHashMap<String, @Nullable Object>();
                fields.put("error", field + ": " + why);
                fields.put("field", field);
                fields.put("offset", offset);
                yield fields;
            }
        };
    }

    private static void deliver(Deliver deliver, Map<String, @Nullable Object> fields) {
        fields.put("type", "SMS-DELIVER");
        fields.put("moreMessages", deliver.moreMessages());
        fields.put("statusReportIndication", deliver.statusReportIndication());
        fields.put("udhi", deliver.userData().headed());
        fields.put("replyPath", deliver.replyPath());
        fields.put("from", address(deliver.from()));
        fields.put("pid", deliver.pid());
        fields.put("dcs", deliver.dcs().octet());
        fields.put("coding", coding(deliver.dcs(), deliver.userData().alphabet()));
        fields.put("scts", time(deliver.scts()));
        userData(deliver.userData(), fields);
        deliver.machine().ifPresent(what -> fields.put("machine", what));
    }

    private static void submit(Submit submit, Map<String, @Nullable Object> fields) {
        fields.put("type", "SMS-SUBMIT");
        fields.put("rejectDuplicates", submit.rejectDuplicates());
        fields.put("vpf", submit.validity().format());
        fields.put("statusReportRequest", submit.statusReportRequest());
        fields.put("udhi", submit.userData().headed());
        fields.put("replyPath", submit.replyPath());
        fields.put("mr", submit.mr());
        fields.put("to", address(submit.to()));
        fields.put("pid", submit.pid());
        fields.put("dcs", submit.dcs().octet());
        fields.put("coding", coding(submit.dcs(), submit.userData().alphabet()));
        switch (submit.validity()) {
            case ValidityPeriod.SmscDefault _ -> {}
            case ValidityPeriod.Relative relative -> fields.put("validityRelative", relative.octet());
            case ValidityPeriod.Absolute(var until) -> fields.put("validityAbsolute", TIME.format(until));
            case ValidityPeriod.NoTime _ -> fields.put("validityAbsolute", null);
            case ValidityPeriod.Enhanced(var octets) -> fields.put("validityEnhanced", octets.hex());
        }
        userData(submit.userData(), fields);
    }

    private static void statusReport(StatusReport report, Map<String, @Nullable Object> fields) {
        var status = report.status();
        fields.put("type", "SMS-STATUS-REPORT");
        fields.put("moreMessages", report.moreMessages());
        fields.put("statusReportQualifier", report.qualifier());
        fields.put("udhi", report.headed());
        fields.put("mr", report.mr());
        fields.put("recipient", address(report.recipient()));
        fields.put("scts", time(report.scts()));
        fields.put("discharge", time(report.discharge()));
        fields.put("status", status.octet());
        fields.put("statusClass", status.statusClass().label());
        report.parameters().indicator().ifPresent(indicator -> fields.put("parameterIndicator", indicator));
        report.parameters().pid().ifPresent(pid -> fields.put("pid", pid));
        report.parameters().dcs().ifPresent(dcs -> fields.put("dcs", dcs.octet()));
        report.parameters().userData().ifPresent(userData -> userData(userData, fields));
        // The standard leaves open whether a reserved status is final; the outcome is what Parley makes of it.
        fields.put("final", status.statusClass() == Status.StatusClass.RESERVED ? null : status.isFinal());
        fields.put("delivered", delivered(status));
        fields.put("outcome", status.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        fields.put("sentence", status.sentence());
    }

    private static Object delivered(Status status) {
        if (status.statusClass() != Status.StatusClass.COMPLETED) {
            return false;
        }
        return switch (status.octet()) {
            case 0x00 -> true;
            case 0x01 -> "forwarded-unconfirmed";
            case 0x02 -> "replaced";
            default -> "completed-unknown-reason";
        };
    }

    private static Map<String, @Nullable Object> address(Address address) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("number", address.number());
        fields.put("ton", address.ton());
        fields.put("npi", address.npi());
        return fields;
    }

    private static @Nullable String time(Optional<Timestamp> time) {
        return time.map(known -> TIME.format(known.at())).orElse(null);
    }

    private static Map<String, @Nullable Object> coding(Dcs dcs, Alphabet alphabet) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("alphabet", dcs.reservedAlphabet() ? "reserved" : alphabet.label());
        switch (dcs.group()) {
            case GENERAL, AUTOMATIC_DELETION -> {
                fields.put("compressed", dcs.compressed());
                fields.put("class", dcs.messageClass().orElse(null));
                fields.put("autoDelete", dcs.automaticDeletion());
            }
            case DATA_OR_CLASS, RESERVED, MESSAGE_WAITING ->
                fields.put("class", dcs.messageClass().orElse(null));
        }
        dcs.waiting().ifPresent(waiting -> {
            var mwi = new LinkedHashMap<String, @Nullable Object>();
            mwi.put("action", waiting.store() ? "store" : "discard");
            mwi.put("active", waiting.active());
            mwi.put("type", waiting.kind().label());
            fields.put("mwi", mwi);
        });
        return fields;
    }

    private static void userData(UserData userData, Map<String, @Nullable Object> fields) {
        fields.put("udl", userData.length());
        if (userData.headed()) {
            var udh = new ArrayList<Map<String, @Nullable Object>>();
            for (var element : userData.elements()) {
                var ie = new LinkedHashMap<String, @Nullable Object>();
                ie.put("iei", "%02X".formatted(element.identifier()));
                ie.put("data", element.data().hex());
                udh.add(ie);
            }
            fields.put("udh", udh);
        }
        if (userData.headerIgnored()) {
            fields.put("udhIgnored", true);
        }
        userData.ports().ifPresent(ports -> {
            var of = new LinkedHashMap<String, @Nullable Object>();
            of.put("dst", ports.destination());
            of.put("src", ports.source());
            fields.put("ports", of);
        });
        userData.concat().ifPresent(concat -> {
            var of = new LinkedHashMap<String, @Nullable Object>();
            of.put("ref", concat.ref());
            of.put("total", concat.total());
            of.put("seq", concat.seq());
            of.put("refBits", concat.refBits());
            fields.put("concat", of);
        });
        if (userData.concatIgnored()) {
            fields.put("concatIgnored", true);
        }
        if (userData.isText()) {
            fields.put("text", userData.text());
        } else {
            fields.put("data", HEX.formatHex(userData.data()));
        }
    }
}
