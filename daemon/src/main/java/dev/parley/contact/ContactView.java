package dev.parley.contact;

import java.util.Map;
import java.util.Optional;

/// A contact as the API and the events show it.
///
/// @param primaryDisplay the number as it is written in the country of the first line
/// @param assignedTo the user whose contact it is
public record ContactView(
        String id,
        String name,
        String primaryNumber,
        Optional<String> secondaryNumber,
        String primaryDisplay,
        Optional<String> secondaryDisplay,
        Optional<Assignee> assignedTo,
        boolean dnd,
        boolean deleted) {

    /// A user, as those see it too who may not read users.
    public record Assignee(String id, String name) {}

    /// @param users names of users by their ids
    static ContactView of(Contact contact, String country, Map<Long, String> users) {
        return new ContactView(
                Long.toString(contact.id()),
                contact.name(),
                contact.primaryNumber(),
                contact.secondaryNumber(),
                Numbers.display(contact.primaryNumber(), country),
                contact.secondaryNumber().map(number -> Numbers.display(number, country)),
                contact.assignedTo().map(id -> new Assignee(Long.toString(id), users.getOrDefault(id, ""))),
                contact.dnd(),
                contact.deleted());
    }
}
