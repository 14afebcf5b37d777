package dev.parley.conversation;

/// Who speaks: somebody outside or our side.
public enum Direction {
    INBOUND("inbound"),
    OUTBOUND("outbound");

    private final String label;

    Direction(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static Direction ofLabel(String label) {
        return Labels.find(values(), Direction::label, label);
    }
}
