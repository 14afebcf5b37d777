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
    private final Reading reading;
    private final Threads threads;
    private final WordIndex words;
    private final Traffic traffic;
    private final Searches searches;
    private final Previews previews;
    private final Deliveries deliveries;
    private final ConversationStore conversationStore;
    private final MessageStore messageStore;
    private final OptOutStore optOutStore;
    private final Roster roster;
    private final Views views;
    private final Sending sending;
    private final ConversationPeople people;

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
            Pace pace,
            Clock clock,
            ObjectMapper json) {
        conversationStore = new ConversationStore(store);
        messageStore = new MessageStore(store, json);
        optOutStore = new OptOutStore(store);
        roster = new Roster(store, contacts, lines);
        var blocks = new Blocks(store, contacts, optOutStore);
        var readStore = new ReadStore();
        views = new Views(lines, messageStore, readStore, blocks);
        var news = new News(conversationStore, optOutStore, views, events);
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
        searches = new Searches(store, conversationStore, new SearchStore(messageStore), messageStore, words, views);
        threads = new Threads(store, messageStore, readStore, views);
        var choice = new LineChoice(lines, conversationStore, messageStore, views);
        messages = new Messages(
                store,
                choice,
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
        previews = new Previews(
                store, conversationStore, roster, blocks, views, choice, sending, messages, settings, pace, clock);
        conversations = new Conversations(
                store, conversationStore, choice, roster, blocks, views, sending, messages, reading, settings, clock);
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

    // ---- for what people text: the parts that it shares ----

    public OptOutStore optOutStore() {
        return optOutStore;
    }

    public Roster roster() {
        return roster;
    }

    public Views views() {
        return views;
    }

    public ConversationStore conversationStore() {
        return conversationStore;
    }

    public MessageStore messageStore() {
        return messageStore;
    }

    public Sending sending() {
        return sending;
    }
}
