package dev.parley.conversation;

/// Why a participant gets no texts.
public enum Block {
    /// Its contact, or a contact that owns its number, is on Do Not Disturb.
    DND("dnd", "is on Do Not Disturb"),
    /// The number has opted out of the line.
    OPTED_OUT("opted-out", "has opted out of this line"),
    /// It has left this group.
    LEFT("left", "has left this group"),
    /// It is a name, or a number that no text can be sent to.
    NOT_TEXTABLE("not-textable", "cannot be sent texts");

    private final String label;
    private final String phrase;

    Block(String label, String phrase) {
        this.label = label;
        this.phrase = phrase;
    }

    public String label() {
        return label;
    }

    /// What goes on behind the name: `Ann is on Do Not Disturb`.
    String phrase() {
        return phrase;
    }
}
