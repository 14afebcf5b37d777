package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.account.Condition;
import dev.parley.conversation.MessageStore.Sketch;
import dev.parley.conversation.SearchStore.Stretch;
import dev.parley.conversation.WordIndex.Batch;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Looks for messages, newest first, by the index that fits the question best, and looks at so many of them at
/// most. A page that ends before it is full has a cursor all the same: behind it the search goes on.
public final class Searches {

    /// Messages that are looked at in one step.
    private static final int STEP = 2_000;

    /// The same where each text is compared with what is looked for, which takes longer.
    private static final int COMPARED = 500;

    /// Messages that are looked at for one page.
    private static final int REACH = 10_000;

    /// Messages here and there that are looked at between two looks at the clock.
    private static final int SCATTERED = 100;

    /// Of those, what is looked at whatever the clock says: a slow machine gets on, too.
    private static final int SCATTERED_MIN = 200;

    /// After so long a page ends where it is, with a cursor; each looks at one step of what it goes along at least.
    private static final Duration HUNT_MAX = Duration.ofMillis(15);

    /// Batches of words that are asked for at first; four times as many at each further step, up to the most.
    private static final int WINDOW = 16;
    private static final int WINDOW_MAX = 256;

    private final Store store;
    private final ConversationStore conversations;
    private final SearchStore searches;
    private final MessageStore messages;
    private final WordIndex words;
    private final Views views;

    Searches(
            Store store,
            ConversationStore conversations,
            SearchStore searches,
            MessageStore messages,
            WordIndex words,
            Views views) {
        this.store = store;
        this.conversations = conversations;
        this.searches = searches;
        this.messages = messages;
        this.words = words;
        this.views = views;
    }

    /// Looks within what `viewer` may see. An unrouted text is found only by who may see all of its
    /// candidates.
    public Outcome<Page<HitView>> search(Account viewer, MessageSearch search, PageRequest page) {
        return page.place()
                .map(from -> store.read(connection -> {
                    var hunt = new Hunt(connection, viewer, search, page.limit());
                    var next = hunt.from(from.orElseGet(
                            () -> new Place(search.until().orElse(Place.END.at()), Place.END.id())));
                    return new Page<>(hits(connection, hunt.found, viewer), next.map(Cursors::of));
                }));
    }

    private List<HitView> hits(Connection connection, List<Message> found, Account viewer) {
        var places = conversations
                .byIds(
                        connection,
                        found.stream()
                                .flatMap(each -> each.conversationId().stream())
                                .collect(Collectors.toSet()))
                .stream()
                .collect(Collectors.toMap(
                        each -> Long.toString(each.id()),
                        each -> new HitView.Place(
                                Long.toString(each.id()),
                                views.title(each),
                                each.kind().label())));
        return views.messages(connection, found, viewer).stream()
                .map(each -> HitView.of(each, each.conversation().flatMap(id -> Optional.ofNullable(places.get(id)))))
                .toList();
    }

    private static Condition searchable(Access access) {
        var placed = access.conversations("c");
        var candidate = access.conversations("cc");
        return Condition.of(
                "((m.conversation_id IS NOT NULL AND " + placed.sql() + ") OR (m.conversation_id IS NULL"
                        + " AND NOT EXISTS (SELECT 1 FROM message_candidate mc JOIN conversation cc"
                        + " ON cc.id = mc.conversation_id WHERE mc.message_id = m.id AND NOT " + candidate.sql()
                        + ")))",
                Stream.of(placed, candidate)
                        .flatMap(each -> each.parameters().stream())
                        .toArray());
    }

    /// One search for one page.
    private final class Hunt {
        private final Connection connection;
        private final MessageSearch search;
        private final Optional<String> number;
        private final Optional<Words.Query> query;
        private final Condition where;
        private final int limit;
        private final List<Message> found = new ArrayList<>();
        private int characters; // of what was found
        private int reach = REACH;
        private final long begun = System.nanoTime();

        private boolean isOver() {
            return reach <= 0 || System.nanoTime() - begun > HUNT_MAX.toNanos();
        }

        Hunt(Connection connection, Account viewer, MessageSearch search, int limit) {
            this.connection = connection;
            this.search = search;
            this.limit = limit;
            this.number = search.participant().map(views::read);
            this.query = search.query().filter(typed -> !typed.isBlank()).map(Words.Query::of);
            this.where = Condition.all(
                            Optional.of(searchable(Access.of(viewer))),
                            search.conversation().map(id -> Condition.of("(m.conversation_id = ?)", id)),
                            number.map(its -> Condition.of(
                                    "(m.sender = ? OR EXISTS (SELECT 1 FROM delivery dn WHERE dn.message_id = m.id"
                                            + " AND dn.number = ?))",
                                    its,
                                    its)),
                            search.status().map(this::inStatus),
                            search.from().map(from -> Condition.of("(m.created_at >= ?)", from)),
                            search.until().map(until -> Condition.of("(m.created_at < ?)", until)))
                    .and(query.stream()
                            .flatMap(its -> its.patterns().stream())
                            .map(pattern -> Condition.of("(m.text LIKE ? ESCAPE '!')", pattern))
                            .reduce(Condition.ALWAYS, Condition::and));
        }

        private Condition inStatus(DeliveryStatus status) {
            var its = Condition.of("(ds.message_id = m.id AND ds.status = ?)", status.label())
                    .and(number.map(to -> Condition.of("(ds.number = ?)", to)).orElse(Condition.ALWAYS));
            return new Condition("(EXISTS (SELECT 1 FROM delivery ds WHERE " + its.sql() + "))", its.parameters());
        }

        /// @return where the next page begins; empty where there is none
        Optional<Place> from(Place begin) {
            if (search.conversation().isPresent()) {
                long id = search.conversation().get();
                return through(
                        begin, (before, most) -> searches.ofConversation(connection, id, before, step(), where, most));
            }
            if (number.isPresent()) {
                return along(begin, (before, most) -> searches.ofNumber(connection, number.get(), before, most));
            }
            if (search.status().filter(Hunt::isTrouble).isPresent()) {
                return along(begin, (before, most) -> searches.inTrouble(connection, before, most));
            }
            return query.isPresent() ? byWords(begin) : throughAll(begin);
        }

        private static boolean isTrouble(DeliveryStatus status) {
            return switch (status) {
                case FAILED, BLOCKED, CANCELLED -> true;
                case QUEUED, SENDING, SENT, DELIVERED -> false;
            };
        }

        /// Takes what really matches.
        ///
        /// @return the place of the last one, if the page is full and not all fits
        private Optional<Place> take(List<Sketch> sketches) {
            for (var rest = sketches; !rest.isEmpty(); ) {
                var next = PageRequest.fitting(rest, limit + 1 - found.size(), Sketch::characters);
                for (var message : read(next)) {
                    if (query.isEmpty() || query.get().matches(message.text())) {
                        if (isFull(message)) {
                            return Optional.of(new Place(
                                    found.getLast().createdAt(),
                                    found.getLast().id())); // one more: there is a next page
                        }
                        found.add(message);
                        characters += message.text().length();
                    }
                }
                rest = rest.subList(next.size(), rest.size());
            }
            return Optional.empty();
        }

        private boolean isFull(Message next) {
            return found.size() == limit
                    || (!found.isEmpty() && characters + next.text().length() > PageRequest.CHARACTERS_MAX);
        }

        /// In the order of the sketches.
        private List<Message> read(List<Sketch> sketches) {
            var read = messages
                    .byIds(connection, sketches.stream().map(Sketch::id).toList())
                    .stream()
                    .collect(Collectors.toMap(Message::id, each -> each));
            return sketches.stream()
                    .flatMap(each -> Optional.ofNullable(read.get(each.id())).stream())
                    .toList();
        }

        private boolean isTooOld(Place place) {
            return search.from().filter(from -> place.at().isBefore(from)).isPresent();
        }

        private Optional<Place> throughAll(Place begin) {
            return through(begin, (before, most) -> searches.ofAll(connection, before, step(), where, most));
        }

        private Optional<Place> through(Place begin, BiFunction<Place, Integer, Stretch> stretches) {
            var place = begin;
            do {
                int most = most();
                var stretch = stretches.apply(place, most);
                var last = take(stretch.found());
                if (last.isPresent()) {
                    return last;
                }
                if (stretch.found().size() == most) { // and not all of them matched
                    place = stretch.found().getLast().place();
                } else if (stretch.end().isEmpty() || isTooOld(stretch.end().get())) {
                    return Optional.empty();
                } else {
                    place = stretch.end().get();
                }
                reach -= step();
            } while (!isOver());
            return Optional.of(place);
        }

        /// How many of a stretch are asked for: as many as fill the page and one more, where nothing but the database
        /// judges them.
        private int most() {
            return query.isEmpty() ? limit + 1 - found.size() : COMPARED;
        }

        private int step() {
            return query.isEmpty() ? STEP : COMPARED;
        }

        /// Along a list of ids, some at a time: each may be anywhere on the disk.
        private Optional<Place> along(Place begin, BiFunction<Long, Integer, List<Long>> ids) {
            long before = begin.id();
            int step = limit + 1; // most often they all match
            do {
                var next = ids.apply(before, step);
                var last = take(searches.among(connection, next, where).stream()
                        .sorted((a, b) -> Long.compare(b.id(), a.id()))
                        .toList());
                if (last.isPresent()) {
                    return last;
                }
                if (next.size() < step) {
                    return Optional.empty();
                }
                before = next.getLast();
                reach -= step;
                step = SCATTERED;
            } while (reach > REACH - SCATTERED_MIN || !isOver());
            return Optional.of(new Place(begin.at(), before));
        }

        /// First through what is in no batch yet, then from batch to batch.
        private Optional<Place> byWords(Place begin) {
            var expanded = new ArrayList<List<String>>();
            for (var word : query.orElseThrow().words()) {
                words.expand(connection, word).ifPresent(expanded::add);
            }
            var newest = words.lastBefore(connection, Place.END);
            if (newest.isEmpty() || expanded.isEmpty()) {
                // Nothing tells batches apart: words with that beginning are everywhere, and so soon found.
                return throughAll(begin);
            }
            var edge = newest.get().last();
            if (isBehind(edge, begin)) {
                var place = begin;
                var behind = edge.behind("m.created_at", "m.id").and(where);
                while (true) {
                    var stretch = searches.ofAll(connection, place, COMPARED, behind, COMPARED);
                    var last = take(stretch.found());
                    if (last.isPresent()) {
                        return last;
                    }
                    reach -= COMPARED;
                    if (stretch.end().isEmpty() || !isBehind(edge, stretch.end().get())) {
                        break;
                    }
                    place = stretch.end().get();
                    if (isOver()) {
                        return Optional.of(place);
                    }
                }
                var atEdge = new Place(edge.at(), edge.id() + 1);
                if (isOver() && isBehind(atEdge, begin)) {
                    return Optional.of(atEdge);
                }
            }
            return byBatches(begin, expanded);
        }

        /// Whether `place` was said later than `edge`.
        private static boolean isBehind(Place edge, Place place) {
            return Place.ORDER.compare(place, edge) > 0;
        }

        private Optional<Place> byBatches(Place begin, List<List<String>> expanded) {
            var top = words.lastBefore(connection, begin).map(Batch::number);
            int to = top.orElse(0);
            int window = WINDOW;
            reach = Math.max(reach, STEP);
            while (to > 0) {
                int from = Math.max(1, to - window + 1);
                for (var candidates :
                        candidates(expanded, from, to).descendingMap().entrySet()) {
                    var last = take(searches.among(connection, candidates.getValue(), where).stream()
                            .filter(each -> isBehind(each.place(), begin))
                            .toList());
                    if (last.isPresent()) {
                        return last;
                    }
                    reach -= candidates.getValue().size();
                    if (isOver()) {
                        return words.firstOf(connection, candidates.getKey());
                    }
                }
                if (isOver()) {
                    return words.firstOf(connection, from);
                }
                if (search.from().isPresent() && found.isEmpty() && isTooOldBatch(from)) {
                    return Optional.empty();
                }
                to = from - 1;
                window = Math.min(window * 4, WINDOW_MAX);
            }
            return Optional.empty();
        }

        private boolean isTooOldBatch(int number) {
            return words.firstOf(connection, number).filter(this::isTooOld).isPresent();
        }

        /// By batch, the messages that have each of the words; those that nothing tells apart are judged by
        /// their text.
        private TreeMap<Integer, Set<Long>> candidates(List<List<String>> expanded, int from, int to) {
            Map<Integer, Set<Long>> common = new HashMap<>();
            boolean first = true;
            for (var word : expanded) {
                var having = words.having(connection, word, from, to);
                if (first) {
                    common = having;
                    first = false;
                } else {
                    common.keySet().retainAll(having.keySet());
                    common.forEach((batch, ids) -> ids.retainAll(having.getOrDefault(batch, Set.of())));
                }
            }
            common.values().removeIf(Set::isEmpty);
            return new TreeMap<>(common);
        }
    }
}
