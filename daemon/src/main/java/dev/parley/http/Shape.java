package dev.parley.http;

import java.util.List;

/// What an answer holds, as far as the reference has to say it.
sealed interface Shape {

    /// One object, written from this record.
    record Of(Class<?> type) implements Shape {}

    /// An object of one of these records.
    record AnyOf(List<Class<?>> types) implements Shape {}

    /// A page of a list of these.
    record PageOf(Class<?> item) implements Shape {}

    record Plain(String contentType) implements Shape {}

    record Nothing() implements Shape {}
}
