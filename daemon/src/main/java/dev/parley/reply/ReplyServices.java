package dev.parley.reply;

import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.ConversationSettings;
import dev.parley.line.Lines;
import dev.parley.store.Store;
import java.time.Clock;

/// The services of this package, built on those of the conversations.
public final class ReplyServices {
    private final OptOuts optOuts;
    private final Replies replies;
    private final MessageMoves moves;

    /// The services with the English keywords alone.
    public ReplyServices(
            Store store, Lines lines, ConversationServices conversations, ConversationSettings settings, Clock clock) {
        this(store, lines, conversations, settings, new Keywords(), clock);
    }

    public ReplyServices(
            Store store,
            Lines lines,
            ConversationServices conversations,
            ConversationSettings settings,
            Keywords keywords,
            Clock clock) {
        optOuts = new OptOuts(
                store,
                conversations.conversationStore(),
                conversations.messageStore(),
                conversations.optOutStore(),
                conversations.views(),
                conversations.sending(),
                clock);
        replies = new Replies(
                store,
                lines,
                conversations.conversationStore(),
                conversations.messageStore(),
                conversations.optOutStore(),
                new ReplyStore(),
                conversations.roster(),
                conversations.sending(),
                optOuts,
                keywords,
                settings,
                clock);
        moves = new MessageMoves(
                conversations.conversationStore(),
                conversations.messageStore(),
                conversations.optOutStore(),
                conversations.sending(),
                conversations.views(),
                clock);
    }

    public OptOuts optOuts() {
        return optOuts;
    }

    /// For the inbox, which gives it what people text.
    public Replies replies() {
        return replies;
    }

    public MessageMoves moves() {
        return moves;
    }
}
