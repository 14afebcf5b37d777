package dev.parley.conversation;

import java.util.List;
import java.util.Optional;

/// Some messages of a conversation, newest first.
///
/// @param next the cursor of the older ones; empty at the beginning of the thread
/// @param previous the cursor of the newer ones; empty where the thread ends for now
public record ThreadPage(List<MessageView> items, Optional<String> next, Optional<String> previous) {
    public ThreadPage {
        items = List.copyOf(items);
    }
}
