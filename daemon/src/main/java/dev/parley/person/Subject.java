package dev.parley.person;

import java.util.LinkedHashSet;
import java.util.Set;

/// Who is being erased, and under what the person is known here.
///
/// @param erasure its id
/// @param number E.164 with `+`
/// @param spellings of the number, as it is shown
/// @param names that contacts and conversations give it
/// @param contacts ids of those that are gone with it
/// @param conversations ids of those that it took part in
/// @param directs those among them with nobody else
/// @param participants its ids there
public record Subject(
        long erasure,
        String number,
        Set<String> spellings,
        Set<String> names,
        Set<Long> contacts,
        Set<Long> conversations,
        Set<Long> directs,
        Set<Long> participants) {

    /// In place of a text.
    public static final String TEXT = "[erased]";

    /// In place of a name.
    public static final String NAME = "Erased";

    public Subject {
        spellings = Set.copyOf(spellings);
        names = Set.copyOf(names);
        contacts = Set.copyOf(contacts);
        conversations = Set.copyOf(conversations);
        directs = Set.copyOf(directs);
        participants = Set.copyOf(participants);
    }

    static Subject of(long erasure, String number) {
        return new Subject(erasure, number, Set.of(number), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
    }

    /// Whether something that was written of a conversation and a contact is about this person.
    ///
    /// @param text in which the number may be
    public boolean isIn(long conversation, long contact, String text) {
        return conversations.contains(conversation) || contacts.contains(contact) || text.contains(number);
    }

    /// In place of the number: nobody's, and no number at all, so that nothing can be sent there.
    public String pseudonym() {
        return "erased-" + erasure;
    }

    /// With contacts that are gone, and what they were called.
    public Subject withContacts(Set<Long> ids, Set<String> called) {
        return new Subject(
                erasure,
                number,
                spellings,
                union(names, called),
                union(contacts, ids),
                conversations,
                directs,
                participants);
    }

    /// With another way to write the number.
    public Subject withSpellings(Set<String> more) {
        return new Subject(
                erasure, number, union(spellings, more), names, contacts, conversations, directs, participants);
    }

    /// With its places in conversations.
    ///
    /// @param called the names that it has there
    public Subject withPlaces(Set<Long> all, Set<Long> alone, Set<Long> places, Set<String> called) {
        return new Subject(
                erasure,
                number,
                spellings,
                union(names, called),
                contacts,
                union(conversations, all),
                union(directs, alone),
                union(participants, places));
    }

    private static <T> Set<T> union(Set<T> some, Set<T> others) {
        var all = new LinkedHashSet<>(some);
        all.addAll(others);
        return all;
    }
}
