package dev.parley.problem;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

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

    /// What was looked for; [Problem#notFound] where there is none.
    static <T> Outcome<T> found(Optional<T> wanted) {
        return wanted.<Outcome<T>>map(Done::new).orElseGet(() -> refused(Problem.notFound()));
    }

    /// Whether what was to be ended was there.
    static Outcome<Boolean> found(boolean there) {
        return found(Optional.of(there).filter(found -> found));
    }

    /// Refused with `problem` where there is one, else what `otherwise` comes to.
    static <T> Outcome<T> unless(Optional<Problem> problem, Supplier<Outcome<T>> otherwise) {
        return problem.<Outcome<T>>map(Refused::new).orElseGet(otherwise);
    }

    /// What `next` comes to, unless this was refused.
    default <U> Outcome<U> then(Function<T, Outcome<U>> next) {
        return switch (this) {
            case Done<T>(var value) -> next.apply(value);
            case Refused<T>(var problem) -> refused(problem);
        };
    }

    /// The same of what `shown` makes of the value.
    default <U> Outcome<U> map(Function<? super T, ? extends U> shown) {
        return then(value -> done(shown.apply(value)));
    }
}
