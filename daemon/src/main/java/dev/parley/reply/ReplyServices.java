package dev.parley.reply;

import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.ConversationSettings;
import dev.parley.line.Lines;
import dev.parley.store.Store;
import java.time.Clock;

/// The services of this package, built on those of the conversations.
///
/// @param replies for the inbox, which gives it what people text
public record ReplyServices(OptOuts optOuts, Replies replies, MessageMoves moves) {

    public ReplyServices(
            Store store,
            Lines lines,
            ConversationServices shared,
            ConversationSettings settings,
            Keywords keywords,
            Clock clock) {
        var optOuts = new OptOuts(store, shared, clock);
        this(
                optOuts,
                new Replies(store, lines, shared, optOuts, keywords, settings, clock),
                new MessageMoves(shared, clock));
    }
}
