package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Which line a new conversation goes on, and what it shares with others there: a reply of somebody who is
/// in several groups on a line may need a tag.
record LineChoice(Lines lines, ConversationStore conversations, MessageStore messages, Views views) {

    /// The configured lines that may be used, in the order of the configuration: the one that is asked
    /// for, or all.
    List<Line> usable(Account actor, Optional<Long> wanted) {
        var access = Access.of(actor);
        return lines.all().stream()
                .filter(line -> access.maySeeLine(line.id()))
                .filter(line -> wanted.isEmpty() || wanted.get() == line.id())
                .toList();
    }

    /// The line with this id, if it is configured.
    Optional<Line> configured(long lineId) {
        return lines.all().stream().filter(line -> line.id() == lineId).findFirst();
    }

    /// The one of these lines for a new conversation with these people: with a single one a direct conversation.
    Line line(Connection connection, List<Line> usable, List<ConversationStore.Draft> people) {
        return switch (people.size()) {
            case 0 -> usable.getFirst();
            case 1 -> forDirect(connection, usable, people.getFirst().number());
            default -> forGroup(connection, usable, people);
        };
    }

    /// The first line on which none of them has an open group, else the one on which the fewest have.
    Line forGroup(Connection connection, List<Line> usable, List<ConversationStore.Draft> people) {
        if (usable.size() == 1) {
            return usable.getFirst();
        }
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        var groups = conversations.openGroupsOf(
                connection, usable.stream().map(Line::id).toList(), numbers);
        return usable.stream()
                .min(Comparator.comparingLong(line -> numbers.stream()
                        .filter(number -> groups.stream()
                                .anyMatch(group -> group.lineId() == line.id() && group.includes(number)))
                        .count()))
                .orElseThrow();
    }

    /// The line last used with a number, else the first.
    private Line forDirect(Connection connection, List<Line> usable, String number) {
        return conversations.linesOfDirect(connection, number).stream()
                .flatMap(id -> usable.stream().filter(line -> line.id() == id))
                .findFirst()
                .orElse(usable.getFirst());
    }

    /// What a new group has in common with others on its line.
    ///
    /// @param others the other open groups of any of its participants on the line
    ConversationView.SharedWith sharedWith(
            Connection connection, Account viewer, Conversation group, List<Conversation> others) {
        var visible = messages.meeting(
                connection,
                others.stream().map(Conversation::id).toList(),
                Access.of(viewer).conversations("c"));
        var shared = new HashSet<String>();
        var groups = new ArrayList<ConversationView.SharedGroup>();
        for (var other : others) {
            var here = group.participants().stream()
                    .filter(each -> other.includes(each.number()))
                    .toList();
            here.forEach(each -> shared.add(each.number()));
            if (visible.contains(other.id())) {
                groups.add(new ConversationView.SharedGroup(
                        Long.toString(other.id()),
                        views.title(other),
                        other.tag().map(tag -> "#" + tag),
                        here.stream()
                                .map(Participant::id)
                                .filter(id -> id > 0) // none are planned only
                                .map(id -> Long.toString(id))
                                .toList(),
                        here.stream()
                                .map(each -> views.name(each, group.lineId()))
                                .toList()));
            }
        }
        return new ConversationView.SharedWith(shared.size(), groups);
    }
}
