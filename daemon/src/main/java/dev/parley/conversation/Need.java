package dev.parley.conversation;

/// What a conversation needs of a person.
enum Need {
    /// A text that waits to be placed may belong here.
    ROUTE("route"),
    /// Somebody here wrote what reads like an opt-out; a user has to decide.
    DECIDE("decide"),
    /// A delivery failed, and nobody has looked since.
    FAILED("failed");

    private final String label;

    Need(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    static Need ofLabel(String label) {
        return Labels.find(values(), Need::label, label);
    }
}
