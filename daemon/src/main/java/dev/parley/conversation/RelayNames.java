package dev.parley.conversation;

import java.util.List;

/// What participants without a name are called: the end of their number, as long as it must be to
/// differ from the others' of the same conversation.
final class RelayNames {

    /// Fewer digits say nothing.
    private static final int DIGITS_MIN = 4;

    private RelayNames() {}

    static String nameOf(Participant participant, List<Participant> all) {
        return participant.name().isEmpty() ? shortForm(participant.number(), all) : participant.name();
    }

    /// `...0111`; the whole number where no shorter end of it is unique.
    static String shortForm(String number, List<Participant> all) {
        if (!number.startsWith("+")) {
            return number;
        }
        for (int digits = DIGITS_MIN; digits < number.length() - 1; digits++) {
            var end = number.substring(number.length() - digits);
            if (all.stream().filter(each -> each.number().endsWith(end)).count() <= 1
                    && all.stream().noneMatch(each -> each.name().equals("..." + end))) {
                return "..." + end;
            }
        }
        return number;
    }
}
