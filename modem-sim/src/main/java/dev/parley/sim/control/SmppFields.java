package dev.parley.sim.control;

import dev.parley.sim.smpp.IdForm;
import dev.parley.sim.smpp.Quirks;
import dev.parley.sim.smpp.ReceiptFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The members of `/smsc` that say how its SMPP port misbehaves.
final class SmppFields {
    private SmppFields() {}

    static final List<String> NAMES = List.of(
            "idForm",
            "duplicateReceipts",
            "dropReceipts",
            "noAnswer",
            "outOfOrder",
            "garbage",
            "refuseBinds",
            "credentials",
            "window",
            "submitStatus",
            "throttleStatus",
            "disconnectEvery",
            "halfOpen",
            "segments",
            "deliverWindow",
            "deliverTimeoutMs",
            "longTexts",
            "latin1");

    private static final int PERCENT = 100;
    private static final int WINDOW_MAX = 100_000;
    private static final int EVERY_MAX = 1_000_000_000;

    /// ESME_RBINDFAIL: what `refuseBinds: true` means.
    private static final int BIND_FAILED = 0x0D;

    static void show(Quirks quirks, Map<String, Object> shown) {
        shown.put("idForm", quirks.idForm().label());
        shown.put("duplicateReceipts", quirks.duplicateReceipts());
        shown.put("dropReceipts", quirks.dropReceipts());
        shown.put("noAnswer", quirks.noAnswer());
        shown.put("outOfOrder", quirks.outOfOrder());
        shown.put("garbage", Quirks.label(quirks.garbage()));
        shown.put("refuseBinds", quirks.refuseBinds());
        shown.put("credentials", quirks.credentials());
        shown.put("window", quirks.window());
        shown.put("submitStatus", quirks.submitStatus());
        shown.put("throttleStatus", quirks.throttleStatus());
        shown.put("disconnectEvery", quirks.disconnectEvery());
        shown.put("halfOpen", quirks.halfOpen());
        shown.put("segments", Quirks.label(quirks.segments()));
        shown.put("deliverWindow", quirks.deliverWindow());
        shown.put("deliverTimeoutMs", quirks.deliverTimeout().toMillis());
        shown.put("longTexts", Quirks.label(quirks.longTexts()));
        shown.put("latin1", quirks.latin1());
    }

    static Quirks read(Fields fields, Quirks now) throws Refused {
        var idForm = fields.text("idForm");
        if (idForm.isPresent() && IdForm.of(idForm.get()).isEmpty()) {
            throw fields.wrong(
                    "idForm",
                    "one of "
                            + Arrays.stream(IdForm.values()).map(IdForm::label).collect(Collectors.joining(", ")));
        }
        return new Quirks(
                idForm.flatMap(IdForm::of).orElse(now.idForm()),
                percent(fields, "duplicateReceipts", now.duplicateReceipts()),
                percent(fields, "dropReceipts", now.dropReceipts()),
                percent(fields, "noAnswer", now.noAnswer()),
                fields.flag("outOfOrder").orElse(now.outOfOrder()),
                garbage(fields, now.garbage()),
                refusal(fields, now.refuseBinds()),
                fields.textOrNone("credentials", now.credentials()),
                number(fields, "window", 1, WINDOW_MAX, now.window()),
                number(fields, "submitStatus", 0, Integer.MAX_VALUE, now.submitStatus()),
                number(fields, "throttleStatus", 1, Integer.MAX_VALUE, now.throttleStatus()),
                number(fields, "disconnectEvery", 0, EVERY_MAX, now.disconnectEvery()),
                fields.flag("halfOpen").orElse(now.halfOpen()),
                choice(fields, "segments", Quirks.Segments.values(), now.segments()),
                number(fields, "deliverWindow", 1, WINDOW_MAX, now.deliverWindow()),
                fields.millis("deliverTimeoutMs")
                        .filter(timeout -> timeout.compareTo(Duration.ZERO) > 0)
                        .orElse(now.deliverTimeout()),
                choice(fields, "longTexts", Quirks.LongTexts.values(), now.longTexts()),
                fields.flag("latin1").orElse(now.latin1()));
    }

    static String receiptFormat(Fields fields, String now) throws Refused {
        var format = fields.text("receiptFormat");
        if (format.isPresent() && ReceiptFormat.of(format.get()).isEmpty()) {
            throw fields.wrong(
                    "receiptFormat",
                    "one of "
                            + Arrays.stream(ReceiptFormat.values())
                                    .map(ReceiptFormat::label)
                                    .collect(Collectors.joining(", ")));
        }
        return format.orElse(now);
    }

    /// A number of percent; `true` is all of them.
    private static int percent(Fields fields, String name, int now) throws Refused {
        return fields.isFlag(name)
                ? fields.flag(name).filter(all -> all).isPresent() ? PERCENT : 0
                : number(fields, name, 0, PERCENT, now);
    }

    private static int refusal(Fields fields, int now) throws Refused {
        return fields.isFlag("refuseBinds")
                ? fields.flag("refuseBinds").filter(all -> all).isPresent() ? BIND_FAILED : 0
                : number(fields, "refuseBinds", 0, Integer.MAX_VALUE, now);
    }

    private static Quirks.Garbage garbage(Fields fields, Quirks.Garbage now) throws Refused {
        if (fields.isFlag("garbage")) {
            return fields.flag("garbage").filter(any -> any).isPresent() ? Quirks.Garbage.PDUS : Quirks.Garbage.NONE;
        }
        return choice(fields, "garbage", Quirks.Garbage.values(), now);
    }

    private static int number(Fields fields, String name, int from, int to, int now) throws Refused {
        return fields.number(name, from, to).map(Long::intValue).orElse(now);
    }

    private static <E extends Enum<E>> E choice(Fields fields, String name, E[] choices, E now) throws Refused {
        Optional<String> text = fields.text(name);
        if (text.isEmpty()) {
            return now;
        }
        for (E choice : choices) {
            if (Quirks.label(choice).equals(text.get())) {
                return choice;
            }
        }
        throw fields.wrong(
                name, "one of " + Arrays.stream(choices).map(Quirks::label).collect(Collectors.joining(", ")));
    }
}
