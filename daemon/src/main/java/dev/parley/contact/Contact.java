package dev.parley.contact;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A person with a phone, deleted or not.
///
/// @param primaryNumber E.164 with `+`
/// @param secondaryNumber E.164 with `+`, another than the primary one
/// @param assignedTo the id of a user
/// @param dnd Do Not Disturb: gets no text from any line
public record Contact(
        long id,
        String name,
        String primaryNumber,
        Optional<String> secondaryNumber,
        Optional<Long> assignedTo,
        boolean dnd,
        boolean deleted) {

    public List<String> numbers() {
        return Stream.concat(Stream.of(primaryNumber), secondaryNumber.stream()).toList();
    }

    public boolean owns(String number) {
        return numbers().contains(number);
    }

    Contact withId(long given) {
        return new Contact(given, name, primaryNumber, secondaryNumber, assignedTo, dnd, deleted);
    }

    Contact assigned(Optional<Long> user) {
        return new Contact(id, name, primaryNumber, secondaryNumber, user, dnd, deleted);
    }

    Contact gone() {
        return new Contact(id, name, primaryNumber, secondaryNumber, assignedTo, dnd, true);
    }
}
