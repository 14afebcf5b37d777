package dev.parley.link;

/// The kinds of link there are, with the word that the configuration and the API use.
public enum LinkKind {
    MODEM("modem"),
    SMPP("smpp");

    private final String label;

    LinkKind(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
