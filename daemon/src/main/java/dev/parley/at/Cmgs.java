package dev.parley.at;

import java.util.List;
import java.util.OptionalInt;

/// The result of a submission (`+CMGS`, TS 27.005 §4.3).
public final class Cmgs {
    private Cmgs() {}

    /// TP-MR, 0 to 255: the first number, whatever `<ackpdu>` follows. Empty if the modem said `OK` without one: the
    /// message is out, and no status report can be matched to it by reference.
    public static OptionalInt messageReference(List<Answer> answers) {
        for (var answer : answers) {
            var mr = reference(answer.text());
            if (mr.isPresent()) {
                return mr;
            }
        }
        return OptionalInt.empty();
    }

    static OptionalInt reference(String value) {
        var mr = Lines.number(Lines.field(Lines.fields(value), 0));
        return mr.isPresent() && mr.getAsInt() <= 255 ? mr : OptionalInt.empty();
    }
}
