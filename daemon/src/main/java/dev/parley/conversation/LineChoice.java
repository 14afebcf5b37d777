package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

    /// The first line on which none of them has an open group, else the one on which the fewest have.
    Line forGroup(Connection connection, List<Line> usable, Collection<String> numbers) {
        if (usable.size() == 1) {
            return usable.getFirst();
        }
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
    Line forDirect(Connection connection, List<Line> usable, String number) {
        return conversations.linesOfDirect(connection, number).stream()
                .flatMap(id -> usable.stream().filter(line -> line.id() == id))
                .findFirst()
                .orElse(usable.getFirst());
    }

    /// What a new group has in common with others on its line.
    ///
    /// @param names of the people in it by their numbers, in their order
    /// @param ids of them in the new group, where there is one yet
    /// @param others the other open groups of any of them on the line
    ConversationView.SharedWith sharedWith(
            Connection connection,
            Account viewer,
            Map<String, String> names,
            Map<String, Long> ids,
            List<Conversation> others) {
        var visible = messages.meeting(
                connection,
                others.stream().map(Conversation::id).toList(),
                Access.of(viewer).conversations("c"));
        var shared = new HashSet<String>();
        var groups = new ArrayList<ConversationView.SharedGroup>();
        for (var other : others) {
            var here = names.keySet().stream()
                    .filter(number -> other.includes(number))
                    .toList();
            shared.addAll(here);
            if (visible.contains(other.id())) {
                groups.add(new ConversationView.SharedGroup(
                        Long.toString(other.id()),
                        views.title(other),
                        other.tag().map(tag -> "#" + tag),
                        here.stream()
                                .flatMap(number -> Optional.ofNullable(ids.get(number)).stream())
                                .map(id -> Long.toString(id))
                                .toList(),
                        here.stream().map(names::get).toList()));
            }
        }
        return new ConversationView.SharedWith(shared.size(), groups);
    }
}
