package dev.parley.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A conversation as the API shows it.
///
/// @param tag with its `#`; empty for a direct one
/// @param unread of the user who asks, counted up to [Conversations#UNREAD_MAX]; empty in events, which
/// are for everybody
/// @param needs what it needs of a person: `route`, `decide`, `failed`
/// @param done a user is through with it; the next inbound text undoes it
/// @param sharedWith only in the answer to a creation: which participants are in other open groups on
/// this line
public record ConversationView(
        String id,
        String kind,
        LineRef line,
        String title,
        Optional<String> tag,
        String relay,
        List<ParticipantView> participants,
        Optional<LastMessage> lastMessage,
        Optional<Integer> unread,
        List<String> needs,
        boolean done,
        Instant createdAt,
        boolean closed,
        Optional<Instant> closedAt,
        Optional<String> predecessor,
        Optional<String> successor,
        Optional<SharedWith> sharedWith) {

    public record LineRef(String id, String number, String display, String name) {}

    /// What a list shows of the latest message.
    ///
    /// @param sendAt when it is to be sent, where that was planned
    /// @param summary deliveries for each status there is among them
    public record LastMessage(
            String id,
            String direction,
            String kind,
            MessageView.AuthorView author,
            String text,
            Instant createdAt,
            Optional<Instant> sendAt,
            Map<String, Integer> summary) {}

    /// What a new group has in common with others.
    ///
    /// @param count participants that are in another open group on this line
    /// @param groups those groups, as far as the user may see them
    public record SharedWith(int count, List<SharedGroup> groups) {}

    /// Another open group on the same line.
    ///
    /// @param participants ids of the participants of the new group that this one includes too; none while
    /// the new group is only planned
    /// @param names of the same people
    public record SharedGroup(
            String conversation, String title, Optional<String> tag, List<String> participants, List<String> names) {}
}
