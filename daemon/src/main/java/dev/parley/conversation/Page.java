package dev.parley.conversation;

import java.util.List;
import java.util.Optional;

/// Some items of a list, newest first.
///
/// @param next the cursor of the page that follows; empty at the end
public record Page<T>(List<T> items, Optional<String> next) {
    public Page {
        items = List.copyOf(items);
    }
}
