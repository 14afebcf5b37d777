package dev.parley.contact;

import java.util.Optional;

/// What to change of a contact; empty for what stays as it is. In what may be without a value, an empty one inside
/// takes
/// it away.
public record ContactChange(
        Optional<String> name,
        Optional<String> primaryNumber,
        Optional<Optional<String>> secondaryNumber,
        Optional<Optional<Long>> assignedTo,
        Optional<Boolean> dnd) {

    /// What it makes of a contact.
    NewContact of(Contact before) {
        return new NewContact(
                name.orElse(before.name()),
                primaryNumber.orElse(before.primaryNumber()),
                secondaryNumber.orElse(before.secondaryNumber()),
                assignedTo.orElse(before.assignedTo()),
                dnd.orElse(before.dnd()));
    }

    boolean onlyDnd() {
        return name.isEmpty() && primaryNumber.isEmpty() && secondaryNumber.isEmpty() && assignedTo.isEmpty();
    }
}
