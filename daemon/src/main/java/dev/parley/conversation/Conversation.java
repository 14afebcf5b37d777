package dev.parley.conversation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// A thread on one line.
///
/// @param title as a user gave it; see [#shownTitle]
/// @param tag the n of `#n`; empty for a direct one
/// @param doneAt since when a user is through with it; the next inbound text undoes it
/// @param lastInbound the latest inbound message that shows here, one that waits to be placed included
/// @param participants in their order, those that left included
public record Conversation(
        long id,
        long lineId,
        Kind kind,
        Optional<String> title,
        Optional<Integer> tag,
        Relay relay,
        Instant createdAt,
        Optional<Instant> closedAt,
        Optional<Instant> doneAt,
        Optional<Long> predecessor,
        Optional<Long> successor,
        Optional<Long> lastMessage,
        Optional<Long> lastInbound,
        Instant activeAt,
        List<Participant> participants) {

    public Conversation {
        participants = List.copyOf(participants);
    }

    /// One in which nothing was said yet.
    ///
    /// @param participantIds gives an id for each of `people`
    static Conversation begun(
            long id,
            LongSupplier participantIds,
            long lineId,
            Optional<String> title,
            Optional<Integer> tag,
            Relay relay,
            Optional<Long> predecessor,
            List<ConversationStore.Draft> people,
            Instant at) {
        var participants = new ArrayList<Participant>();
        for (var each : people) {
            participants.add(new Participant(
                    participantIds.getAsLong(),
                    id,
                    participants.size(),
                    each.contactId(),
                    each.name(),
                    each.number(),
                    each.contact(),
                    Optional.empty()));
        }
        return new Conversation(
                id,
                lineId,
                tag.isPresent() ? Kind.GROUP : Kind.DIRECT,
                title,
                tag,
                relay,
                at,
                Optional.empty(),
                Optional.empty(),
                predecessor,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                at,
                participants);
    }

    /// The same, with what lists are ordered and counted by.
    Conversation active(
            Optional<Long> lastMessage, Optional<Long> lastInbound, Optional<Instant> doneAt, Instant activeAt) {
        return with(lastMessage, lastInbound, doneAt, activeAt, participants);
    }

    Conversation with(List<Participant> participants) {
        return with(lastMessage, lastInbound, doneAt, activeAt, participants);
    }

    private Conversation with(
            Optional<Long> lastMessage,
            Optional<Long> lastInbound,
            Optional<Instant> doneAt,
            Instant activeAt,
            List<Participant> participants) {
        return new Conversation(
                id,
                lineId,
                kind,
                title,
                tag,
                relay,
                createdAt,
                closedAt,
                doneAt,
                predecessor,
                successor,
                lastMessage,
                lastInbound,
                activeAt,
                participants);
    }

    public boolean isOpen() {
        return closedAt.isEmpty();
    }

    public boolean isGroup() {
        return kind == Kind.GROUP;
    }

    public Optional<Participant> participant(String number) {
        return participants.stream()
                .filter(each -> each.number().equals(number))
                .findFirst();
    }

    public Optional<Participant> participant(long id) {
        return participants.stream().filter(each -> each.id() == id).findFirst();
    }

    /// Whether a number takes part and has not left.
    public boolean includes(String number) {
        return participant(number).filter(each -> !each.hasLeft()).isPresent();
    }

    /// The title, or else the names of the participants as relays show them.
    public String shownTitle() {
        return title.orElseGet(() -> participants.stream().map(this::nameOf).collect(Collectors.joining(", ")));
    }

    /// How a participant is called here: its frozen name, or else a short form of its number that no
    /// other number of the group has.
    public String nameOf(Participant participant) {
        return RelayNames.nameOf(participant, participants);
    }
}
