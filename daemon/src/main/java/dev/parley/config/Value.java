package dev.parley.config;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// One value of a [Section] while it is read. Whatever is wrong has been noted with its place; reading goes
/// on with the
/// fallback, so that one start shows every mistake.
///
/// @param read empty when nothing is written there, or something that was noted as a mistake
/// @param placeholder stands for a value that is required and missing or wrong, until the caller refuses
/// to run
record Value<T>(Section section, String key, Optional<T> read, T placeholder) {
    /// @param expected what the rule asks for, as in "expected a name of at most 60 characters"
    Value<T> that(Predicate<T> rule, String expected) {
        section.more(key, it -> it.ranging(expected));
        if (read.isEmpty() || rule.test(read.get())) {
            return this;
        }
        section.wrong(key, section.shown(key) + "; expected " + expected);
        return new Value<>(section, key, Optional.empty(), placeholder);
    }

    /// @param example what could stand there, as it is written
    Value<T> like(String example) {
        section.more(key, it -> it.like(example));
        return this;
    }

    /// @param words what is so where nothing is written, as in "8 GiB or what the machine has"
    Value<T> otherwise(String words) {
        section.more(key, it -> it.otherwise(Optional.of(words)));
        return this;
    }

    T or(T fallback) {
        section.more(key, it -> it.otherwise(it.usual().or(() -> Scalars.shown(fallback))));
        return read.orElse(fallback);
    }

    T required() {
        section.more(key, ConfigKey::demanded);
        if (!section.has(key)) {
            section.wrong(key, "is missing and required");
        }
        return read.orElse(placeholder);
    }

    Optional<T> optional() {
        return read;
    }

    /// A value with limits: none is read without naming them.
    record Ranged<T extends Comparable<? super T>>(Value<T> value, Function<T, String> words) {

        Value<T> in(T least, T most) {
            return value.that(
                    number -> number.compareTo(least) >= 0 && number.compareTo(most) <= 0,
                    words.apply(least) + " to " + words.apply(most));
        }
    }
}
