package dev.parley.contact;

import java.util.Optional;

/// A contact as the API and the events show it.
///
/// @param primaryDisplay the number as it is written in the country of the first line
/// @param assignedTo the id of a user
public record ContactView(
        String id,
        String name,
        String primaryNumber,
        Optional<String> secondaryNumber,
        String primaryDisplay,
        Optional<String> secondaryDisplay,
        Optional<String> assignedTo,
        boolean dnd,
        boolean deleted) {

    static ContactView of(Contact contact, String country) {
        return new ContactView(
                Long.toString(contact.id()),
                contact.name(),
                contact.primaryNumber(),
                contact.secondaryNumber(),
                Numbers.display(contact.primaryNumber(), country),
                contact.secondaryNumber().map(number -> Numbers.display(number, country)),
                contact.assignedTo().map(id -> Long.toString(id)),
                contact.dnd(),
                contact.deleted());
    }
}
