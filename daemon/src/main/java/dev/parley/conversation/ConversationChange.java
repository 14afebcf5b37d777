package dev.parley.conversation;

import java.util.Optional;

/// What to change of a conversation; empty for what stays.
///
/// @param title an empty one inside takes it away
/// @param done whether a user is through with it
/// @param locked whether the request names `line` or `participants`, which never change
public record ConversationChange(
        Optional<Optional<String>> title, Optional<Relay> relay, Optional<Boolean> done, boolean locked) {}
