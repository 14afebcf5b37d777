package dev.parley.problem;

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
}
