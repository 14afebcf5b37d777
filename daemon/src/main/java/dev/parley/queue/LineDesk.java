package dev.parley.queue;

import dev.parley.link.Link;
import dev.parley.link.LinkState;
import dev.parley.store.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of one line at hand, in their lanes, and the line's links that take them.
///
/// Memory follows the table: works change both, and what a work that came to nothing has changed is
/// forgotten and read again. Of a long backlog only the beginning is at hand: at most [#ITEMS_MAX]
/// parts of the line, and at most [#LANE_MAX] of one lane, so that one who gets very many texts does
/// not keep those of others out. The rest stays in the table until there is room.
///
/// Used by works alone, and so without a lock; what others read is volatile.
final class LineDesk {
    private static final Logger LOG = LoggerFactory.getLogger(LineDesk.class);

    /// Parts of the line at hand.
    static final int ITEMS_MAX = 10_000;

    /// Parts of one lane at hand.
    static final int LANE_MAX = 50;

    /// With fewer of a lane at hand than this, more are read.
    private static final int LANE_LOW = 10;

    /// Parts read at once.
    private static final int CHUNK = 2_500;

    /// Parts that one link looks at for one that it may take.
    private static final int LOOK_MAX = 200;

    /// A link with what the queue knows of it.
    final class Post {
        final Link link;
        private final int weight; // 0 for one that goes by its place in the order
        final Circuit circuit = new Circuit();
        final Allowance allowance;
        final FailureRun failures;
        volatile boolean isOpen; // whether the circuit is, as was told
        private boolean usedUp;
        private LinkState latest; // that it told of
        Optional<Instant> readySince = Optional.empty(); // empty while it is not
        int inFlight;
        private volatile Optional<Lease> lease = Optional.empty();

        private Post(Link link, LinkTerms terms) {
            this.link = link;
            this.latest = link.status().state();
            this.weight = terms.weight().orElse(0);
            this.allowance = new Allowance(terms.limits());
            this.failures = new FailureRun(LOG, link.name());
        }

        LineDesk desk() {
            return LineDesk.this;
        }

        Optional<Lease> lease() {
            return lease;
        }

        void lease(Optional<Lease> other) {
            if (lease.isPresent() && other.isEmpty()) {
                LOG.warn("link={} another process has taken its lease; nothing more is handed to it here", link.name());
            }
            lease = other;
            if (!isOurs()) {
                forget();
            }
        }

        /// Tells once of a circuit that opened or closed.
        void noteCircuit(Object why) {
            boolean opens = !circuit.isClosed();
            if (opens == isOpen) {
                return;
            }
            isOpen = opens;
            if (opens) {
                LOG.warn("link={} line={} takes no parts for now: {}", link.name(), lineId, why);
            } else {
                LOG.info("link={} line={} takes parts again", link.name(), lineId);
            }
            circuits.accept(link, opens);
        }

        private boolean hasPlace() {
            return inFlight < link.window();
        }

        private boolean isReady() {
            return lease.isPresent() && link.status().state() == LinkState.READY;
        }

        private boolean isAble(Instant now) {
            return isReady() && allowance.lets(now);
        }

        private boolean carriesOn(Instant now) {
            return circuit.isClosed() && isAble(now);
        }
    }

    /// What one participant gets in one conversation, in its order; the first is the head.
    private static final class Lane {
        private final long id;
        private final ArrayDeque<Item> items = new ArrayDeque<>();
        private boolean hasMore; // behind these, in the table
        private long last; // the place of the last that was at hand

        Lane(long id) {
            this.id = id;
        }
    }

    final long lineId;
    final List<Post> posts;
    private final BiConsumer<Link, Boolean> circuits;
    private final Shares shares;

    private final Map<Long, Lane> lanes = new HashMap<>();
    private final Map<Long, Item> items = new HashMap<>(); // by the part's id
    private final TreeSet<Item> ready = new TreeSet<>(); // heads that may go once they are due
    private final Set<Lane> low = new HashSet<>(); // lanes with few at hand and more in the table
    private int uncertain;
    private long turns;
    private boolean isLoaded;
    private boolean isWhole; // whether all the line's work is at hand, but for lanes that have more
    private long cursor; // what lies behind this place is not at hand, but for what was read of a lane alone

    /// By the lane, how far behind the cursor it was read alone. What lies before that place was at hand, and may have
    /// been handed over since, whatever the table has of it by then.
    private final Map<Long, Long> readAlone = new HashMap<>();

    Optional<Instant> scheduledAt = Optional.empty(); // the next part that has no place in its lane yet

    /// @param circuits hears of each link whose circuit opened (true) or closed
    LineDesk(long lineId, List<Link> links, Map<String, LinkTerms> terms, BiConsumer<Link, Boolean> circuits) {
        this.lineId = lineId;
        this.circuits = circuits;
        this.posts = links.stream()
                .map(link -> new Post(link, terms.getOrDefault(link.name(), LinkTerms.NONE)))
                .toList();
        this.shares = new Shares(posts.stream().map(post -> post.weight).toList());
    }

    // ---- Links ----

    /// Looks at the links' states. A link tells of more than its state: a change of its signal says
    /// nothing here.
    void look(Instant now) {
        for (var post : posts) {
            var state = post.link.status().state();
            boolean isReady = state == LinkState.READY;
            if (isReady && post.latest != LinkState.READY && !post.circuit.isClosed()) {
                post.circuit.readyAgain(now);
                post.noteCircuit("");
            }
            post.latest = state;
            post.readySince = isReady ? Optional.of(post.readySince.orElse(now)) : Optional.empty();
        }
    }

    /// A link told that it was in this state, which may have passed again since.
    void told(String link, LinkState state) {
        for (var post : posts) {
            if (post.link.name().equals(link) && state != LinkState.READY) {
                post.latest = state;
                post.readySince = Optional.empty();
            }
        }
    }

    /// Whether this node hands over anything of the line.
    boolean isOurs() {
        return posts.stream().anyMatch(post -> post.lease.isPresent());
    }

    /// Whether any link could take a part now.
    boolean isUsable() {
        return posts.stream().anyMatch(Post::isReady);
    }

    // ---- Parts at hand ----

    boolean isLoaded() {
        return isLoaded;
    }

    /// Whether memory has, or leaves to the table, exactly what it should: see [#load].
    boolean isWhole() {
        return isLoaded && isWhole && lanes.values().stream().noneMatch(lane -> lane.hasMore);
    }

    int atHand() {
        return items.size();
    }

    Optional<Item> item(long part) {
        return Optional.ofNullable(items.get(part));
    }

    List<Item> allAtHand() {
        return List.copyOf(items.values());
    }

    boolean hasUncertain() {
        return uncertain > 0;
    }

    /// How long until something of the line may happen without anybody telling of it; empty where
    /// nothing will.
    ///
    /// @param longest the longest wait
    Optional<Duration> looksAgainIn(Instant now, Duration longest) {
        if (isOurs() && isLoaded && hasRoom()) {
            return Optional.of(Duration.ZERO);
        }
        if (!isOurs() || (isLoaded && ready.isEmpty() && uncertain == 0 && scheduledAt.isEmpty())) {
            return Optional.empty();
        }
        var at = now.plus(longest);
        if (!ready.isEmpty()) {
            at = earlier(now, at, ready.first().dueAt);
            for (var post : posts) {
                at = earlier(now, at, post.circuit.isClosed() ? Instant.MIN : post.circuit.probeAt());
                at = earlier(now, at, post.allowance.mayAt());
            }
        }
        if (scheduledAt.isPresent()) {
            at = earlier(now, at, scheduledAt.get());
        }
        return Optional.of(Duration.between(now, at));
    }

    /// The earlier of two times, where the other is still to come.
    private static Instant earlier(Instant now, Instant at, Instant other) {
        return other.isAfter(now) && other.isBefore(at) ? other : at;
    }

    void scheduledToo(Instant due) {
        scheduledAt = scheduledAt.filter(due::isAfter).or(() -> Optional.of(due));
    }

    void forget() {
        lanes.clear();
        items.clear();
        ready.clear();
        low.clear();
        readAlone.clear();
        uncertain = 0;
        isLoaded = false;
    }

    /// Reads the beginning of the line's work from the table.
    ///
    /// @param isUnderWay whether this node is handing over the part of this id
    /// @return what lies there as being handed over here, and is not: a commit whose outcome nobody
    /// knew
    List<Item> load(Tx tx, LongPredicate isUnderWay) {
        forget();
        isLoaded = true;
        isWhole = false;
        cursor = Long.MIN_VALUE;
        while (!isWhole && items.size() < ITEMS_MAX) {
            took(Parts.work(tx, lineId, cursor, CHUNK));
        }
        scheduledAt = Parts.nextScheduled(tx, lineId);
        return left(items.values(), isUnderWay);
    }

    private List<Item> left(Collection<Item> read, LongPredicate isUnderWay) {
        return read.stream()
                .filter(item -> isLeft(item, isUnderWay)
                        && posts.stream()
                                .anyMatch(post -> post.lease.isPresent()
                                        && post.link.name().equals(item.link)))
                .toList();
    }

    private static boolean isLeft(Item item, LongPredicate isUnderWay) {
        return item.state == PartState.SUBMITTING && !isUnderWay.test(item.part.id());
    }

    /// Reads on where there is room.
    ///
    /// @return as [#load]
    List<Item> refill(Tx tx, LongPredicate isUnderWay) {
        var all = new ArrayList<Item>();
        if (hasRoom()) {
            all.addAll(Parts.work(tx, lineId, cursor, CHUNK));
            took(all);
        }
        for (var lane : List.copyOf(low)) {
            low.remove(lane);
            var more = Parts.workOfLane(tx, lane.id, lane.last, LANE_MAX);
            lane.hasMore = more.size() == LANE_MAX;
            tookAlone(lane.id, more);
            dropIfEmpty(lane);
            all.addAll(more);
        }
        all.removeIf(item -> !item.equals(items.get(item.part.id())));
        return left(all, isUnderWay);
    }

    /// The same without waiting until the table has all that is durable: what is not at hand was never handed over, so
    /// that it lies there as it is, and the latest may be missing.
    ///
    /// @return false where more may be at hand only if the table is asked anew, once it has everything
    boolean refillEarlier(Tx tx, LongPredicate isUnderWay) {
        if (hasRoom()) {
            var more = sure(Parts.workEarlier(tx, lineId, cursor, CHUNK), isUnderWay);
            if (more.size() < CHUNK) {
                return false;
            }
            took(more);
        }
        for (var lane : List.copyOf(low)) {
            tookAlone(lane.id, sure(Parts.workOfLaneEarlier(tx, lane.id, lane.last, LANE_MAX), isUnderWay));
            if (lane.items.size() < LANE_LOW) {
                return false;
            }
            low.remove(lane);
        }
        return true;
    }

    /// Nothing, where some of it may have come to its end since: what was under way when memory was read anew.
    private static List<Item> sure(Optional<List<Item>> read, LongPredicate isUnderWay) {
        return read.filter(items -> items.stream().noneMatch(item -> isLeft(item, isUnderWay)))
                .orElse(List.of());
    }

    boolean isLow() {
        return !low.isEmpty() || hasRoom();
    }

    private boolean hasRoom() {
        return !isWhole && items.size() <= ITEMS_MAX - CHUNK;
    }

    /// @param read what lies behind the cursor, [#CHUNK] of it
    private void took(List<Item> read) {
        isWhole = read.size() < CHUNK;
        for (var item : read) {
            cursor = item.place;
            if (item.place > readAlone.getOrDefault(item.part.lane(), Long.MIN_VALUE) && hasRoomFor(item)) {
                append(item);
            }
        }
        readAlone.values().removeIf(place -> isWhole || place <= cursor);
    }

    /// @param read what lies behind the last of a lane that was at hand
    private void tookAlone(long laneId, List<Item> read) {
        read.forEach(this::append);
        if (!isWhole && !read.isEmpty() && read.getLast().place > cursor) {
            readAlone.put(laneId, read.getLast().place);
        }
    }

    /// A new part. One for which there is no room, or which stands behind others that are not at hand,
    /// is left to the table.
    void add(Item item) {
        if (!isLoaded) {
            return;
        }
        if (isWhole && items.size() >= ITEMS_MAX) {
            isWhole = false;
            cursor = item.place - 1;
        }
        if (hasRoomFor(item) && isWhole) {
            append(item);
        }
    }

    /// Whether a part may stand behind those of its lane at hand. If not, the table has it.
    private boolean hasRoomFor(Item item) {
        var lane = lanes.get(item.part.lane());
        if (lane != null && lane.items.size() >= LANE_MAX) {
            lane.hasMore = true;
        }
        return lane == null || !lane.hasMore;
    }

    private void append(Item item) {
        if (items.putIfAbsent(item.part.id(), item) != null) {
            return;
        }
        var lane = lanes.computeIfAbsent(item.part.lane(), Lane::new);
        lane.items.addLast(item);
        lane.last = item.place;
        if (item.state == PartState.UNCERTAIN) {
            uncertain++;
        }
        if (lane.items.getFirst().equals(item)) {
            head(item);
        }
    }

    private void head(Item item) {
        if (item.state == PartState.QUEUED && !item.held) {
            item.turn = ++turns;
            ready.add(item);
        }
    }

    /// Takes the head of a lane away, which the SMSC has now: the next becomes head.
    void accepted(Item item) {
        var lane = lanes.get(item.part.lane());
        if (lane == null || !Objects.equals(lane.items.peekFirst(), item)) {
            throw new IllegalStateException("part " + item.part.id() + " is not the head of its lane");
        }
        lane.items.removeFirst();
        items.remove(item.part.id());
        var next = lane.items.peekFirst();
        if (next != null) {
            if (next.part.deliveryId() == item.part.deliveryId()) {
                next.earlierLink = item.link;
            }
            head(next);
        }
        if (lane.hasMore && lane.items.size() < LANE_LOW) {
            low.add(lane);
        }
        dropIfEmpty(lane);
    }

    private void dropIfEmpty(Lane lane) {
        if (lane.items.isEmpty() && !lane.hasMore) {
            lanes.remove(lane.id, lane);
        }
    }

    /// Reads a lane again of which rows were changed.
    void reload(Tx tx, long laneId) {
        if (!isLoaded) {
            return;
        }
        readAlone.remove(laneId); // the table has what is true of it
        var known = lanes.remove(laneId);
        if (known != null) {
            low.remove(known);
            for (var item : known.items) {
                items.remove(item.part.id());
                ready.remove(item);
                if (item.state == PartState.UNCERTAIN) {
                    uncertain--;
                }
            }
        }
        var rows = Parts.workOfLane(tx, laneId, Long.MIN_VALUE, LANE_MAX);
        if (rows.isEmpty() || (known == null && !isWhole && rows.getFirst().place > cursor)) {
            return; // nothing, or not at hand yet
        }
        var lane = new Lane(laneId);
        lane.hasMore = rows.size() == LANE_MAX;
        lanes.put(laneId, lane);
        tookAlone(laneId, rows);
    }

    // ---- Whose turn it is ----

    /// A part and the link that is to take it.
    record Choice(Post post, Item item) {}

    @Nullable
    Choice next(Instant now) {
        if (ready.isEmpty() || ready.first().dueAt.isAfter(now)) {
            return null;
        }
        for (var post : posts) {
            if (post.hasPlace()) {
                var item = chosen(post, now);
                if (item != null) {
                    return new Choice(post, item);
                }
            }
            noteLimit(post, now);
        }
        return null;
    }

    /// The link takes the part.
    ///
    /// @return whether there is another part to come
    boolean take(Post post, Item item, Instant now) {
        ready.remove(item);
        shares.taken(posts.indexOf(post), sharing(now));
        post.circuit.handingOver();
        post.allowance.take(now);
        post.inFlight++;
        return !ready.isEmpty();
    }

    /// Not to be handed over now: its lane is read again.
    void aside(Item item) {
        ready.remove(item);
    }

    private @Nullable Item chosen(Post post, Instant now) {
        if (!post.circuit.lets(now) || !post.isAble(now)) {
            return null;
        }
        if (posts.size() == 1) {
            return ready.first();
        }
        boolean mayTakeAny = isTurnOf(post, now);
        var waiting = new HashMap<Post, Integer>();
        int looked = 0;
        for (var item : ready) {
            if (item.dueAt.isAfter(now) || ++looked > LOOK_MAX) {
                return null;
            }
            var keeper = keeper(item, now).filter(its -> waiting.merge(its, 1, Integer::sum) <= keptMax(its));
            if (keeper.isEmpty() ? mayTakeAny : keeper.get() == post) {
                return item;
            }
        }
        return null;
    }

    /// How many parts may wait for the link of their text's earlier ones: as many as it can take next,
    /// or a slow link would collect the texts that a fast one could send; and never so many that
    /// nothing else is looked at.
    private int keptMax(Post post) {
        return Math.clamp(LOOK_MAX / 4 / posts.size(), 1, post.link.window());
    }

    /// The link that the text's earlier parts went by, as long as it takes parts: a text whose parts go
    /// by several SMSCs is put together by the phone all the same, but may wait for the slowest.
    private Optional<Post> keeper(Item item, Instant now) {
        return Optional.ofNullable(item.earlierLink)
                .flatMap(link -> posts.stream()
                        .filter(post -> post.link.name().equals(link))
                        .findFirst())
                .filter(post -> post.carriesOn(now));
    }

    /// Whether this link is to take the next part that may go by any: those with a weight take turns,
    /// and behind them the first in the order that can takes all. One whose circuit is open takes its
    /// probe when that is due, and the others carry on meanwhile.
    private boolean isTurnOf(Post post, Instant now) {
        if (post.weight > 0) {
            return !post.circuit.isClosed()
                    || shares.next(sharing(now)).stream().anyMatch(place -> posts.get(place) == post);
        }
        return posts.subList(0, posts.indexOf(post)).stream().noneMatch(other -> other.carriesOn(now));
    }

    /// The places of the links with a weight that could take a part at once. Who has a full window
    /// passes its turn on: a slow link must not hold up the line.
    private BitSet sharing(Instant now) {
        var sharing = new BitSet(posts.size());
        for (int place = 0; place < posts.size(); place++) {
            var post = posts.get(place);
            sharing.set(place, post.weight > 0 && post.hasPlace() && post.carriesOn(now));
        }
        return sharing;
    }

    /// Tells once when a link with parts before it may take none, and once when it may again.
    private void noteLimit(Post post, Instant now) {
        boolean usedUp = !post.allowance.lets(now);
        if (usedUp && !post.usedUp) {
            LOG.info(
                    "link={} line={} has used up its limits, takes parts again at {}",
                    post.link.name(),
                    lineId,
                    post.allowance.mayAt());
        }
        post.usedUp = usedUp;
    }

    /// States of the parts at hand, with what is behind another in its lane as waiting.
    void count(Map<PartState, Long> depth) {
        for (var lane : lanes.values()) {
            boolean isHead = true;
            for (var item : lane.items) {
                var state = item.state != PartState.QUEUED
                        ? item.state
                        : !isHead ? PartState.WAITING : item.held ? PartState.HELD : PartState.QUEUED;
                depth.merge(state, 1L, Long::sum);
                isHead = false;
            }
        }
    }
}
