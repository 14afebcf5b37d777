package dev.parley.conversation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// An enumeration whose constants the database and the API know by their names, in small letters with hyphens.
public interface Labelled {
    String name();

    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The constant of a label that the database has.
    static <E extends Enum<E> & Labelled> E of(Class<E> type, String label) {
        return Enum.valueOf(type, label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /// The constant of what somebody says is a label.
    static <E extends Enum<E> & Labelled> Optional<E> find(Class<E> type, String label) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.label().equals(label))
                .findFirst();
    }
}
