package dev.parley.at;

import java.util.List;
import java.util.Optional;

/// The result of a submission (`+CMGS`, TS 27.005 §4.3).
public final class Cmgs {
    private Cmgs() {}

    /// TP-MR, 0 to 255: the first number, whatever `<ackpdu>` follows. Empty if the modem said `OK` without one: the
    /// message is out, and no status report can be matched to it by reference.
    public static Optional<Integer> messageReference(List<Answer> answers) {
        return answers.stream()
                .flatMap(answer -> reference(answer.text()).stream())
                .findFirst();
    }

    static Optional<Integer> reference(String value) {
        return Lines.number(Lines.fields(value).getFirst()).filter(mr -> mr <= 255);
    }
}
