package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.line.Line;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.sms.Special;
import dev.parley.sms.Split;
import dev.parley.store.Store;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What would come of a text or of a creation. Writes nothing.
public final class Previews {
    private final Store store;
    private final ConversationStore conversations;
    private final Roster roster;
    private final Blocks blocks;
    private final Views views;
    private final LineChoice lines;
    private final Sending sending;
    private final Messages posts;
    private final ConversationSettings settings;
    private final Pace pace;
    private final Clock clock;

    Previews(
            Store store,
            ConversationStore conversations,
            Roster roster,
            Blocks blocks,
            Views views,
            LineChoice lines,
            Sending sending,
            Messages posts,
            ConversationSettings settings,
            Pace pace,
            Clock clock) {
        this.store = store;
        this.conversations = conversations;
        this.roster = roster;
        this.blocks = blocks;
        this.views = views;
        this.lines = lines;
        this.sending = sending;
        this.posts = posts;
        this.settings = settings;
        this.pace = pace;
        this.clock = clock;
    }

    /// Whom a text would go to.
    public sealed interface To {

        /// One recipient of a plain text, on a line or the first that may be used.
        record Anybody(Optional<Long> line) implements To {}

        record Existing(long conversation) implements To {}

        /// A conversation that does not exist yet. Whom it could not include counts for nothing.
        record Planned(Optional<Long> line, List<NewParticipant> participants, Optional<String> title) implements To {}
    }

    /// How the recipients would get a text.
    @FunctionalInterface
    private interface Splitting {
        List<Split> of(String text);
    }

    /// What a text will cost and how long it will take.
    public Outcome<PreviewView> preview(Account viewer, String text, To to) {
        if (Texts.isBroken(text)) {
            return Outcome.refused(posts.fault(NewMessage.now("x" + text)).orElseThrow());
        }
        return store.read(connection -> switch (to) {
            case To.Anybody(var wanted) -> {
                var usable = lines.usable(viewer, wanted);
                yield usable.isEmpty()
                        ? Outcome.<PreviewView>refused(Conversations.unknownLine(wanted))
                        : preview(
                                text,
                                usable.getFirst().id(),
                                its -> List.of(
                                        sending.split(its, usable.getFirst().id())));
            }
            case To.Existing(long id) -> {
                if (!Access.of(viewer).maySeeConversation(connection, id)) {
                    yield Outcome.<PreviewView>refused(Problem.notFound());
                }
                var conversation = conversations.byId(connection, id).orElseThrow();
                yield preview(
                        text,
                        conversation.lineId(),
                        its -> sending.plan(connection, conversation, its).stream()
                                .filter(plan -> plan.block().isEmpty())
                                .map(Sending.Plan::split)
                                .toList());
            }
            case To.Planned planned -> preview(connection, viewer, text, planned);
        });
    }

    private Outcome<PreviewView> preview(Connection connection, Account viewer, String text, To.Planned planned) {
        var usable = lines.usable(viewer, planned.line());
        if (usable.isEmpty()) {
            return Outcome.refused(Conversations.unknownLine(planned.line()));
        }
        var people = roster.check(
                        connection,
                        viewer,
                        planned.participants(),
                        usable.getFirst().country())
                .people();
        var line = line(connection, usable, people);
        var blocked = blocks.ofNew(connection, line.id(), people);
        var reached = people.stream()
                .map(ConversationStore.Draft::number)
                .filter(number -> !blocked.containsKey(number))
                .toList();
        var open = people.size() > 1
                ? conversations.openCounts(connection, line.id(), reached)
                : Map.<String, Integer>of();
        var prefix = people.size() > 1
                ? Texts.prefix(planned(connection, line, people, planned.title().flatMap(Texts::title), Relay.ALL))
                : "";
        return preview(
                text,
                line.id(),
                its -> reached.stream()
                        // The new group will be one more.
                        .map(number -> sending.split(open.getOrDefault(number, 0) > 0 ? prefix + its : its, line.id()))
                        .toList());
    }

    private Line line(Connection connection, List<Line> usable, List<ConversationStore.Draft> people) {
        return switch (people.size()) {
            case 0 -> usable.getFirst();
            case 1 -> lines.forDirect(connection, usable, people.getFirst().number());
            default ->
                lines.forGroup(
                        connection,
                        usable,
                        people.stream().map(ConversationStore.Draft::number).toList());
        };
    }

    /// A group as it would be, with the tag that is free now.
    private Conversation planned(
            Connection connection,
            Line line,
            List<ConversationStore.Draft> people,
            Optional<String> title,
            Relay relay) {
        var participants = new ArrayList<Participant>();
        for (var each : people) {
            participants.add(new Participant(
                    0,
                    0,
                    participants.size(),
                    each.contactId(),
                    each.name(),
                    each.number(),
                    each.contact(),
                    Optional.empty()));
        }
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        int tag = numbers.isEmpty() ? 1 : Tags.smallestFree(conversations.tagsInUse(connection, line.id(), numbers));
        var now = clock.instant();
        return new Conversation(
                0,
                line.id(),
                Kind.GROUP,
                title,
                Optional.of(tag),
                relay,
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                now,
                participants);
    }

    private Outcome<PreviewView> preview(String text, long lineId, Splitting splitting) {
        var splits = splitting.of(text);
        // With nobody to reach it is still told what the text is.
        var longest = splits.isEmpty() ? sending.split(text, lineId) : longest(splits);
        return switch (longest) {
            case Split.TooLong _ -> Outcome.refused(posts.tooLong(longest).orElseThrow());
            case Split.Parts shown -> {
                int total = splits.stream().mapToInt(Previews::parts).sum();
                var special = Special.in(text);
                yield Outcome.done(new PreviewView(
                        shown.alphabet().label(),
                        text.codePointCount(0, text.length()),
                        shown.segments().size(),
                        shown.remaining(),
                        shown.replaced(),
                        special.stream()
                                .map(each -> new PreviewView.SpecialView(each.text(), each.replacement()))
                                .toList(),
                        special.isEmpty() ? shown.segments().size() : partsIfReplaced(text, lineId, splitting),
                        splits.size(),
                        total,
                        total == 0 ? 0 : ceilSeconds(pace.estimate(lineId, total))));
            }
        };
    }

    private int partsIfReplaced(String text, long lineId, Splitting splitting) {
        var replaced = Special.replaced(text);
        var splits = splitting.of(replaced);
        return parts(splits.isEmpty() ? sending.split(replaced, lineId) : longest(splits));
    }

    /// What the writer is shown: the costliest, with the least room left.
    private static Split longest(List<Split> splits) {
        var longest = splits.getFirst();
        for (var split : splits) {
            if (parts(split) > parts(longest)
                    || (parts(split) == parts(longest) && remaining(split) < remaining(longest))) {
                longest = split;
            }
        }
        return longest;
    }

    private static long ceilSeconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    private static int parts(Split split) {
        return switch (split) {
            case Split.Parts parts -> parts.segments().size();
            case Split.TooLong(int parts) -> parts;
        };
    }

    private static int remaining(Split split) {
        return switch (split) {
            case Split.Parts parts -> parts.remaining();
            case Split.TooLong _ -> 0;
        };
    }

    /// What a creation would lead to, with all that stands against it at once.
    public DryRunView creation(Account actor, NewConversation wanted) {
        return store.read(connection -> creation(connection, actor, wanted));
    }

    private DryRunView creation(Connection connection, Account actor, NewConversation wanted) {
        var refusals = new ArrayList<Problem.Reason>();
        var all = lines.usable(actor, Optional.empty());
        var usable = lines.usable(actor, wanted.line());
        if (usable.isEmpty()) {
            refuse(refusals, Conversations.unknownLine(wanted.line()), "line");
        }
        var here = usable.isEmpty() ? all : usable;
        Conversations.sizeFault(wanted.participants().size(), settings)
                .ifPresent(problem -> refuse(refusals, problem, "participants"));
        var checked = roster.check(
                connection,
                actor,
                wanted.participants(),
                here.isEmpty() ? "US" : here.getFirst().country());
        refusals.addAll(checked.reasons());
        if (!checked.people().isEmpty()) {
            Conversations.unassigned(actor, checked.assigned())
                    .ifPresent(problem -> refuse(refusals, problem, "participants"));
        }
        Conversations.titleFault(wanted.title()).ifPresent(problem -> refuse(refusals, problem, "title"));
        wanted.text()
                .flatMap(text -> posts.fault(NewMessage.now(text)))
                .ifPresent(problem -> refuse(refusals, problem, "text"));
        if (here.isEmpty()) {
            return new DryRunView(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new ConversationView.SharedWith(0, List.of()),
                    refusals,
                    Optional.empty());
        }
        return creation(connection, actor, wanted, line(connection, here, checked.people()), checked, refusals);
    }

    private DryRunView creation(
            Connection connection,
            Account actor,
            NewConversation wanted,
            Line line,
            Roster.Checked checked,
            List<Problem.Reason> refusals) {
        var people = checked.people();
        boolean group = wanted.participants().size() > 1;
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        for (int i = 0; i < people.size(); i++) {
            settings.refusal(
                            line,
                            people.get(i).number(),
                            "participants[" + checked.places().get(i) + "]")
                    .ifPresent(refusals::add);
        }
        if (group || wanted.text().isPresent()) {
            var blocked = blocks.ofNew(connection, line.id(), people);
            for (int i = 0; i < people.size(); i++) {
                var block = blocked.get(people.get(i).number());
                if (block != null) {
                    refusals.add(Conversations.blockedReason(
                            people.get(i), block, checked.places().get(i)));
                }
            }
        }
        var planned = planned(
                connection,
                line,
                people,
                wanted.title().flatMap(Texts::title),
                wanted.relay().orElse(settings.relay()));
        wanted.text()
                .map(text -> group ? Conversations.longestPrefix(planned.tag().orElseThrow()) + text : text)
                .flatMap(text -> posts.tooLong(sending.split(text, line.id())))
                .ifPresent(problem -> refuse(refusals, problem, "text"));
        var names = new LinkedHashMap<String, String>();
        people.forEach(each -> names.put(
                each.number(), each.name().isEmpty() ? views.display(each.number(), line.id()) : each.name()));
        var others = group && !numbers.isEmpty()
                ? conversations.openGroupsOf(connection, List.of(line.id()), numbers)
                : List.<Conversation>of();
        return new DryRunView(
                Optional.of(views.line(line.id())),
                Optional.of(views.line(suggested(connection, actor, line, people, others.isEmpty())
                        .id())),
                group ? planned.tag().map(tag -> "#" + tag) : Optional.empty(),
                lines.sharedWith(connection, actor, names, Map.of(), others),
                refusals,
                group && people.size() > 1 ? Optional.of(Texts.introduction(planned, line.name())) : Optional.empty());
    }

    /// The line itself where nothing is shared on it, or nothing less on another.
    private Line suggested(
            Connection connection, Account actor, Line line, List<ConversationStore.Draft> people, boolean alone) {
        if (alone) {
            return line;
        }
        var inOrder = new ArrayList<>(List.of(line));
        lines.usable(actor, Optional.empty()).stream()
                .filter(each -> each.id() != line.id())
                .forEach(inOrder::add);
        return lines.forGroup(
                connection,
                inOrder,
                people.stream().map(ConversationStore.Draft::number).toList());
    }

    private static void refuse(List<Problem.Reason> refusals, Problem problem, String field) {
        if (problem.reasons().isEmpty()) {
            refusals.add(new Problem.Reason(problem.field().orElse(field), problem.code(), problem.detail()));
        } else {
            refusals.addAll(problem.reasons());
        }
    }
}
