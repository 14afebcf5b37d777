package dev.parley.contact;

import java.util.Optional;

/// A contact to be created, its numbers in any spelling.
///
/// @param assignedTo the id of a user; empty for nobody, except that what a member with scope `assigned` creates is
/// its own
public record NewContact(
        String name, String primaryNumber, Optional<String> secondaryNumber, Optional<Long> assignedTo, boolean dnd) {}
