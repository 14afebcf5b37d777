package dev.parley.conversation;

/// What a conversation needs of a person.
enum Need implements Labelled {
    /// A text that waits to be placed may belong here.
    ROUTE,
    /// Somebody here wrote what reads like an opt-out; a user has to decide.
    DECIDE,
    /// A delivery failed, and nobody has looked since.
    FAILED
}
