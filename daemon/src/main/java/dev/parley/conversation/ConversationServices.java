package dev.parley.conversation;

import dev.parley.contact.Contacts;
import dev.parley.event.EventLog;
import dev.parley.line.Lines;
import dev.parley.person.Holding;
import dev.parley.store.Store;
import java.time.Clock;
import tools.jackson.databind.ObjectMapper;

/// The services of this package, which share their parts, built in the order of need.
public final class ConversationServices {
    private final Conversations conversations;
    private final Messages messages;
    private final OptOuts optOuts;
    private final Replies replies;
    private final MessageMoves moves;
    private final Reading reading;
    private final Threads threads;
    private final WordIndex words;
    private final Traffic traffic;
    private final Searches searches;
    private final Previews previews;
    private final Deliveries deliveries;
    private final ConversationStore conversationStore;
    private final MessageStore messageStore;
    private final Sending sending;
    private final ConversationPeople people;

    /// The services with the English keywords alone.
    public ConversationServices(
            Store store,
            EventLog events,
            Lines lines,
            Contacts contacts,
            Outbox outbox,
            ConversationSettings settings,
            Pace pace,
            Clock clock,
            ObjectMapper json) {
        this(store, events, lines, contacts, outbox, settings, new Keywords(), pace, clock, json);
    }

    /// The services.
    ///
    /// @param json writes what is kept of routing
    /// @param pace for previews
    public ConversationServices(
            Store store,
            EventLog events,
            Lines lines,
            Contacts contacts,
            Outbox outbox,
            ConversationSettings settings,
            Keywords keywords,
            Pace pace,
            Clock clock,
            ObjectMapper json) {
        conversationStore = new ConversationStore(store);
        messageStore = new MessageStore(store, json);
        var optOutStore = new OptOutStore(store);
        var roster = new Roster(store, contacts, lines);
        var blocks = new Blocks(store, contacts, optOutStore);
        var readStore = new ReadStore();
        var views = new Views(lines, messageStore, readStore, blocks);
        var news = new News(conversationStore, views, events);
        deliveries = new Deliveries(store, messageStore, readStore, views, news, events);
        news.writes(deliveries::write);
        sending = new Sending(
                conversationStore,
                messageStore,
                optOutStore,
                readStore,
                blocks,
                views,
                lines,
                outbox,
                events,
                deliveries,
                news,
                settings,
                clock);
        reading = new Reading(store, conversationStore, readStore, views, sending, events);
        traffic = new Traffic(store, clock);
        words = new WordIndex(store, clock);
        searches = new Searches(store, lines, conversationStore, new SearchStore(messageStore), words, views);
        threads = new Threads(store, messageStore, readStore, views);
        messages = new Messages(
                store,
                lines,
                conversationStore,
                messageStore,
                optOutStore,
                roster,
                blocks,
                views,
                sending,
                outbox,
                settings,
                clock);
        var choice = new LineChoice(lines, conversationStore, messageStore, views);
        previews = new Previews(
                store, conversationStore, roster, blocks, views, choice, sending, messages, settings, pace, clock);
        conversations = new Conversations(
                store,
                lines,
                conversationStore,
                choice,
                roster,
                blocks,
                views,
                sending,
                messages,
                reading,
                settings,
                clock);
        var replyStore = new ReplyStore();
        optOuts = new OptOuts(store, conversationStore, messageStore, optOutStore, views, sending, clock);
        replies = new Replies(
                store,
                lines,
                conversationStore,
                messageStore,
                optOutStore,
                replyStore,
                roster,
                sending,
                optOuts,
                keywords,
                settings,
                clock);
        moves = new MessageMoves(conversationStore, messageStore, optOutStore, sending, views, clock);
        contacts.listen(conversations);
        people = new ConversationPeople(
                store, lines, conversationStore, messageStore, optOutStore, sending, outbox, words, clock, json);
    }

    public Conversations conversations() {
        return conversations;
    }

    public Messages messages() {
        return messages;
    }

    public Replies replies() {
        return replies;
    }

    /// For the outbox, to tell what becomes of what it was given.
    public Deliveries deliveries() {
        return deliveries;
    }

    public Previews previews() {
        return previews;
    }

    public Traffic traffic() {
        return traffic;
    }

    /// For upkeep: what has to be done behind the writes.
    public WordIndex words() {
        return words;
    }

    /// What is kept of a person here.
    public Holding people() {
        return people;
    }

    public Searches searches() {
        return searches;
    }

    public Threads threads() {
        return threads;
    }

    public Reading reading() {
        return reading;
    }

    public MessageMoves moves() {
        return moves;
    }

    public OptOuts optOuts() {
        return optOuts;
    }

    ConversationStore conversationStore() {
        return conversationStore;
    }

    MessageStore messageStore() {
        return messageStore;
    }

    Sending sending() {
        return sending;
    }
}
