package dev.parley.problem;

import java.util.Optional;
import java.util.function.Function;

/// How a request to a service ended: with what was asked for, or refused with a problem. For services whose refusals
/// differ only in what is told to the user; where the caller must act on the difference, the cases are named instead.
public sealed interface Outcome<T> {

    record Done<T>(T value) implements Outcome<T> {}

    /// Nothing was changed.
    record Refused<T>(Problem problem) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> refused(Problem problem) {
        return new Refused<>(problem);
    }

    /// What was looked for; where there is nothing, that is the refusal.
    static <T> Outcome<T> found(Optional<T> value) {
        return value.map(Outcome::done).orElseGet(() -> refused(Problem.notFound()));
    }

    /// Whether what was to be ended was there.
    static Outcome<Boolean> found(boolean there) {
        return found(Optional.of(there).filter(found -> found));
    }

    /// The same of what `view` makes of the value.
    default <V> Outcome<V> map(Function<? super T, ? extends V> view) {
        return switch (this) {
            case Done<T>(var value) -> done(view.apply(value));
            case Refused<T>(var problem) -> refused(problem);
        };
    }
}
