package dev.parley.conversation;

import dev.parley.problem.Problem;
import dev.parley.store.Labelled;

/// Why a participant gets no texts.
public enum Block implements Labelled {
    /// Its contact, or a contact that owns its number, is on Do Not Disturb.
    DND("is on Do Not Disturb"),
    /// The number has opted out of the line.
    OPTED_OUT("has opted out of this line"),
    /// It has left this group.
    LEFT("has left this group"),
    /// It is a name, or a number that no text can be sent to.
    NOT_TEXTABLE("cannot be sent texts");

    private final String phrase;

    Block(String phrase) {
        this.phrase = phrase;
    }

    /// `Ann is on Do Not Disturb.`
    String sentence(String name) {
        return name + " " + phrase + ".";
    }

    Problem.Reason reason(String field, String name) {
        return new Problem.Reason(field, label(), sentence(name));
    }
}
