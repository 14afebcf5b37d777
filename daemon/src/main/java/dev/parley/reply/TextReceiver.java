package dev.parley.reply;

import dev.parley.conversation.InboundText;
import dev.parley.store.Tx;

/// Takes the texts that people send to our lines.
@FunctionalInterface
public interface TextReceiver {

    /// Stores the text, places it and relays it, all when `tx` commits.
    void received(Tx tx, InboundText text);
}
