package dev.parley.conversation;

import dev.parley.contact.Contacts;
import dev.parley.event.EventLog;
import dev.parley.line.Lines;
import dev.parley.person.Holding;
import dev.parley.store.Store;
import java.time.Clock;
import tools.jackson.databind.ObjectMapper;

/// The services of this package, which share their parts.
///
/// @param deliveries for the outbox, to tell what becomes of what it was given
/// @param words for upkeep: what has to be done behind the writes
/// @param people what is kept of a person here
/// @param optOutStore this and what follows is for what people text: the parts that it shares
public record ConversationServices(
        Conversations conversations,
        Messages messages,
        Threads threads,
        Reading reading,
        Searches searches,
        Previews previews,
        Traffic traffic,
        Deliveries deliveries,
        WordIndex words,
        Holding people,
        OptOutStore optOutStore,
        Roster roster,
        Views views,
        ConversationStore conversationStore,
        MessageStore messageStore,
        Sending sending) {

    /// Builds them in the order of need.
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
        var conversationStore = new ConversationStore(store);
        var messageStore = new MessageStore(store, json);
        var optOutStore = new OptOutStore(store);
        var roster = new Roster(store, contacts, lines);
        var blocks = new Blocks(store, contacts, optOutStore);
        var readStore = new ReadStore();
        var views = new Views(lines, messageStore, readStore, blocks);
        var news = new News(conversationStore, optOutStore, views, events);
        var deliveries = new Deliveries(store, messageStore, readStore, views, news, events);
        news.writes(deliveries::write);
        var sending = new Sending(
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
        var reading = new Reading(store, conversationStore, readStore, views, sending, events);
        var words = new WordIndex(store, clock);
        var choice = new LineChoice(lines, conversationStore, messageStore, views);
        var messages = new Messages(
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
        var conversations = new Conversations(
                store, conversationStore, choice, roster, blocks, views, sending, messages, reading, settings, clock);
        contacts.listen(conversations);
        this(
                conversations,
                messages,
                new Threads(store, messageStore, readStore, views),
                reading,
                new Searches(store, conversationStore, new SearchStore(messageStore), messageStore, words, views),
                new Previews(
                        store,
                        conversationStore,
                        roster,
                        blocks,
                        views,
                        choice,
                        sending,
                        messages,
                        settings,
                        pace,
                        clock),
                new Traffic(store, clock),
                deliveries,
                words,
                new ConversationPeople(
                        store,
                        lines,
                        conversationStore,
                        messageStore,
                        optOutStore,
                        sending,
                        outbox,
                        words,
                        clock,
                        json),
                optOutStore,
                roster,
                views,
                conversationStore,
                messageStore,
                sending);
    }
}
