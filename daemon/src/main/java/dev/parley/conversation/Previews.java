package dev.parley.conversation;

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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

    /// What a text will cost and how long it will take.
    public Outcome<PreviewView> preview(Account viewer, String text, To to) {
        if (Texts.isBroken(text)) {
            return Outcome.refused(posts.fault(NewMessage.now("x" + text)).orElseThrow());
        }
        return store.read(connection -> switch (to) {
            case To.Anybody(var wanted) ->
                usable(viewer, wanted).then(usable -> {
                    long lineId = usable.getFirst().id();
                    return preview(text, lineId, its -> List.of(sending.split(its, lineId)));
                });
            case To.Existing(long id) ->
                Outcome.found(conversations.visible(connection, viewer, id))
                        .then(conversation -> preview(
                                text,
                                conversation.lineId(),
                                its -> sending.plan(connection, conversation, its).stream()
                                        .filter(plan -> plan.block().isEmpty())
                                        .map(Sending.Plan::split)
                                        .toList()));
            case To.Planned planned ->
                usable(viewer, planned.line()).then(usable -> preview(connection, viewer, text, planned, usable));
        });
    }

    private Outcome<List<Line>> usable(Account viewer, Optional<Long> wanted) {
        var usable = lines.usable(viewer, wanted);
        return Outcome.unless(Conversations.unknownLine(usable, wanted), () -> Outcome.done(usable));
    }

    private Outcome<PreviewView> preview(
            Connection connection, Account viewer, String text, To.Planned planned, List<Line> usable) {
        var people = roster.check(
                        connection,
                        viewer,
                        planned.participants(),
                        usable.getFirst().country())
                .people();
        var line = lines.line(connection, usable, people);
        var blocked = blocks.ofNew(connection, line.id(), people);
        var reached = people.stream()
                .map(ConversationStore.Draft::number)
                .filter(number -> !blocked.containsKey(number))
                .toList();
        boolean group = people.size() > 1;
        var open = group ? conversations.openCounts(connection, line.id(), reached) : Map.<String, Integer>of();
        var prefix = group ? Texts.prefix(planned(connection, line, people, planned.title(), Relay.ALL)) : "";
        return preview(
                text,
                line.id(),
                its -> reached.stream()
                        // The new group will be one more.
                        .map(number -> sending.split(open.getOrDefault(number, 0) > 0 ? prefix + its : its, line.id()))
                        .toList());
    }

    /// A group as it would be, with the tag that is free now.
    private Conversation planned(
            Connection connection,
            Line line,
            List<ConversationStore.Draft> people,
            Optional<String> title,
            Relay relay) {
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        return Conversation.begun(
                0,
                () -> 0,
                line.id(),
                title.flatMap(Texts::title),
                Optional.of(Tags.smallestFree(conversations.tagsInUse(connection, line.id(), numbers))),
                relay,
                Optional.empty(),
                people,
                clock.instant());
    }

    /// @param splitting how the recipients would get a text
    private Outcome<PreviewView> preview(String text, long lineId, Function<String, List<Split>> splitting) {
        var splits = splitting.apply(text);
        return switch (longest(splits, text, lineId)) {
            case Split.TooLong tooLong -> Outcome.refused(posts.tooLong(tooLong).orElseThrow());
            case Split.Parts shown -> {
                int total = splits.stream().mapToInt(Split::parts).sum();
                var special = Special.in(text);
                var replaced = Special.replaced(text);
                yield Outcome.done(new PreviewView(
                        shown.alphabet().label(),
                        text.codePointCount(0, text.length()),
                        shown.parts(),
                        shown.remaining(),
                        shown.replaced(),
                        special.stream()
                                .map(each -> new PreviewView.SpecialView(each.text(), each.replacement()))
                                .toList(),
                        special.isEmpty()
                                ? shown.parts()
                                : longest(splitting.apply(replaced), replaced, lineId)
                                        .parts(),
                        splits.size(),
                        total,
                        total == 0 ? 0 : ceilSeconds(pace.estimate(lineId, total))));
            }
        };
    }

    /// What the writer is shown: the costliest, with the least room left; with nobody to reach what the text itself is.
    private Split longest(List<Split> splits, String text, long lineId) {
        return splits.stream()
                .max(Comparator.comparingInt(Split::parts)
                        .thenComparing(
                                Comparator.comparingInt(Previews::remaining).reversed()))
                .orElseGet(() -> sending.split(text, lineId));
    }

    private static int remaining(Split split) {
        return split instanceof Split.Parts parts ? parts.remaining() : 0;
    }

    private static long ceilSeconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    /// What a creation would lead to, with all that stands against it at once.
    public DryRunView creation(Account actor, NewConversation wanted) {
        return store.read(connection -> creation(connection, actor, wanted));
    }

    private DryRunView creation(Connection connection, Account actor, NewConversation wanted) {
        var usable = lines.usable(actor, wanted.line());
        var here = usable.isEmpty() ? lines.usable(actor, Optional.empty()) : usable;
        var checked = roster.check(
                connection,
                actor,
                wanted.participants(),
                here.isEmpty() ? "US" : here.getFirst().country());
        var refusals = new ArrayList<Problem.Reason>();
        refuse(refusals, Conversations.unknownLine(usable, wanted.line()));
        refuse(refusals, Conversations.sizeFault(wanted.participants().size(), settings));
        refusals.addAll(checked.reasons());
        if (!checked.people().isEmpty()) {
            refuse(refusals, Conversations.unassigned(actor, checked.assigned()));
        }
        refuse(refusals, Conversations.titleFault(wanted.title()));
        refuse(refusals, wanted.text().flatMap(text -> posts.fault(NewMessage.now(text))));
        return here.isEmpty()
                ? new DryRunView(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        new ConversationView.SharedWith(0, List.of()),
                        refusals,
                        Optional.empty())
                : creation(
                        connection, actor, wanted, lines.line(connection, here, checked.people()), checked, refusals);
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
        refusals.addAll(Conversations.barred(line, checked, settings));
        if (group || wanted.text().isPresent()) {
            refusals.addAll(Conversations.blockedReasons(checked, blocks.ofNew(connection, line.id(), people)));
        }
        var planned =
                planned(connection, line, people, wanted.title(), wanted.relay().orElse(settings.relay()));
        refuse(
                refusals,
                wanted.text()
                        .map(text -> group
                                ? Conversations.longestPrefix(planned.tag().orElseThrow()) + text
                                : text)
                        .flatMap(text -> posts.tooLong(sending.split(text, line.id()))));
        var numbers = people.stream().map(ConversationStore.Draft::number).toList();
        var others =
                group ? conversations.openGroupsOf(connection, List.of(line.id()), numbers) : List.<Conversation>of();
        return new DryRunView(
                Optional.of(views.line(line.id())),
                Optional.of(views.line(suggested(connection, actor, line, people, others.isEmpty())
                        .id())),
                group ? planned.tag().map(tag -> "#" + tag) : Optional.empty(),
                lines.sharedWith(connection, actor, planned, others),
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
        return lines.forGroup(connection, inOrder, people);
    }

    private static void refuse(List<Problem.Reason> refusals, Optional<Problem> problem) {
        problem.ifPresent(its -> refusals.add(new Problem.Reason(its.field().orElseThrow(), its.code(), its.detail())));
    }
}
