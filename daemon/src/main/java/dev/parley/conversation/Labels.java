package dev.parley.conversation;

import java.util.Arrays;
import java.util.function.Function;

/// Finds the constant of an enumeration by the word that the database and the API use for it.
public final class Labels {
    private Labels() {}

    public static <E extends Enum<E>> E find(E[] values, Function<E, String> label, String wanted) {
        return Arrays.stream(values)
                .filter(value -> label.apply(value).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("unknown label " + wanted));
    }
}
