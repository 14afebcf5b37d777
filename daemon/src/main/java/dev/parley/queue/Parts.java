package dev.parley.queue;

import dev.parley.conversation.OutgoingDelivery;
import dev.parley.link.FailureCode;
import dev.parley.sms.Alphabet;
import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rows of parts and lanes. Moves are conditional updates; each says by its result whether it
/// happened.
final class Parts {

    /// What a person may read of a reason.
    private static final int REASON_MAX = 300;

    private static final int REFERENCE_MAX = 80;

    private static final String COLUMNS = """
            id, delivery_id, seq, total, line_id, lane, recipient, alphabet, locking_shift, single_shift, text,
            concat_ref, concat_bits, concat_total, concat_seq, expires_at, attempts, tries, unsure,
            IF(seq = 1, NULL, (SELECT earlier.link
                                 FROM part AS earlier
                                WHERE earlier.delivery_id = part.delivery_id AND earlier.seq = part.seq - 1))
                AS earlier_link
            """;

    static Part part(ResultSet row) throws SQLException {
        return new Part(
                row.getLong("id"),
                row.getLong("delivery_id"),
                row.getInt("seq"),
                row.getInt("total"),
                row.getLong("line_id"),
                row.getLong("lane"),
                row.getString("recipient"),
                segment(row),
                Times.instant(row, "expires_at"),
                row.getInt("attempts"),
                row.getInt("tries"),
                row.getInt("unsure"),
                Optional.ofNullable(row.getString("earlier_link")));
    }

    private static Segment segment(ResultSet row) throws SQLException {
        int ref = row.getInt("concat_ref");
        Optional<Concat> concat = row.wasNull()
                ? Optional.empty()
                : Optional.of(new Concat(
                        ref, row.getInt("concat_bits"), row.getInt("concat_total"), row.getInt("concat_seq")));
        return new Segment(
                alphabet(row.getString("alphabet")),
                language(row.getInt("locking_shift")),
                language(row.getInt("single_shift")),
                row.getString("text"),
                concat);
    }

    private static Alphabet alphabet(String label) {
        return Arrays.stream(Alphabet.values())
                .filter(alphabet -> alphabet.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("alphabet " + label));
    }

    private static NationalLanguage language(int code) {
        return Arrays.stream(NationalLanguage.values())
                .filter(language -> language.code() == code)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("national language " + code));
    }

    // ---- Lanes ----

    private static final String LANE_KNOWN = """
            INSERT INTO lane (lane, occupied, last_place) VALUES (?, FALSE, 0) ON DUPLICATE KEY UPDATE lane = lane
            """;

    private static final String LANE_LOCKED = "SELECT occupied, last_place FROM lane WHERE lane = ? FOR UPDATE";

    private static final String LANE_WRITTEN = "UPDATE lane SET occupied = ?, last_place = ? WHERE lane = ?";

    private static final class Lane {
        private boolean occupied;
        private long lastPlace;

        private Lane(boolean occupied, long lastPlace) {
            this.occupied = occupied;
            this.lastPlace = lastPlace;
        }
    }

    /// Locks the lane until the end of `tx`. Whoever moves a part of it has done this first.
    void lockLane(Tx tx, long lane) throws SQLException {
        try (var locked = tx.connection().prepareStatement(LANE_LOCKED)) {
            locked.setLong(1, lane);
            locked.executeQuery().close();
        }
    }

    /// Locks lanes that may be new, in their order, so that two who want several do not deadlock.
    private static Map<Long, Lane> lanes(Tx tx, SortedSet<Long> wanted) throws SQLException {
        try (var known = tx.connection().prepareStatement(LANE_KNOWN);
                var locked = tx.connection().prepareStatement(LANE_LOCKED)) {
            var lanes = new TreeMap<Long, Lane>();
            for (long lane : wanted) {
                known.setLong(1, lane);
                known.executeUpdate();
                locked.setLong(1, lane);
                try (var row = locked.executeQuery()) {
                    row.next();
                    lanes.put(lane, new Lane(row.getBoolean("occupied"), row.getLong("last_place")));
                }
            }
            return lanes;
        }
    }

    private static void write(Tx tx, Map<Long, Lane> lanes) throws SQLException {
        try (var written = tx.connection().prepareStatement(LANE_WRITTEN)) {
            for (var lane : lanes.entrySet()) {
                written.setBoolean(1, lane.getValue().occupied);
                written.setLong(2, lane.getValue().lastPlace);
                written.setLong(3, lane.getKey());
                written.addBatch();
            }
            written.executeBatch();
        }
    }

    private static PartState join(Lane lane, boolean held) {
        lane.lastPlace++;
        if (lane.occupied) {
            return PartState.WAITING;
        }
        lane.occupied = true;
        return held ? PartState.HELD : PartState.QUEUED;
    }

    // ---- Coming in ----

    private static final String INSERT = """
            INSERT INTO part
                (delivery_id, seq, total, line_id, lane, place, recipient, tail, alphabet, locking_shift, single_shift,
                 text, concat_ref, concat_bits, concat_total, concat_seq, state, held, due_at, expires_at, attempts,
                 tries, unsure)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
            """;

    /// Puts deliveries into their lanes; those whose time has not come are set aside.
    void insert(Tx tx, List<OutgoingDelivery> deliveries, Instant now, Duration validity) throws SQLException {
        var wanted = new TreeSet<Long>();
        for (var delivery : deliveries) {
            if (!isLater(delivery, now)) {
                wanted.add(delivery.lane());
            }
        }
        var lanes = lanes(tx, wanted);
        try (var insert = tx.connection().prepareStatement(INSERT)) {
            for (var delivery : deliveries) {
                var due = isLater(delivery, now) ? delivery.notBefore().orElseThrow() : now;
                int seq = 0;
                for (var segment : delivery.segments()) {
                    var lane = lanes.get(delivery.lane());
                    var state =
                            isLater(delivery, now) || lane == null ? PartState.SCHEDULED : join(lane, delivery.held());
                    insert.setLong(1, delivery.deliveryId());
                    insert.setInt(2, ++seq);
                    insert.setInt(3, delivery.segments().size());
                    insert.setLong(4, delivery.lineId());
                    insert.setLong(5, delivery.lane());
                    insert.setLong(6, state == PartState.SCHEDULED || lane == null ? 0 : lane.lastPlace);
                    insert.setString(7, delivery.recipient());
                    insert.setString(8, Part.tail(delivery.recipient()));
                    insert.setString(9, segment.alphabet().label());
                    insert.setInt(10, segment.locking().code());
                    insert.setInt(11, segment.single().code());
                    insert.setString(12, segment.text());
                    insert.setObject(13, segment.concat().map(Concat::ref).orElse(null));
                    insert.setObject(14, segment.concat().map(Concat::refBits).orElse(null));
                    insert.setObject(15, segment.concat().map(Concat::total).orElse(null));
                    insert.setObject(16, segment.concat().map(Concat::seq).orElse(null));
                    insert.setString(17, state.label());
                    insert.setBoolean(18, delivery.held());
                    insert.setObject(19, Times.bind(due));
                    insert.setObject(20, Times.bind(delivery.expiresAt().orElse(due.plus(validity))));
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
        write(tx, lanes);
    }

    private static boolean isLater(OutgoingDelivery delivery, Instant now) {
        return delivery.notBefore().filter(now::isBefore).isPresent();
    }

    private static final String SCHEDULED_OF =
            "SELECT id, held FROM part WHERE delivery_id = ? AND state = 'scheduled' ORDER BY seq FOR UPDATE";

    private static final String JOINED = "UPDATE part SET state = ?, place = ? WHERE id = ? AND state = 'scheduled'";

    /// Puts what is set aside of a delivery at the end of its lane.
    void join(Tx tx, long deliveryId, long laneId) throws SQLException {
        var lanes = lanes(tx, new TreeSet<>(Set.of(laneId)));
        var lane = lanes.get(laneId);
        if (lane == null) {
            throw new IllegalStateException("lane " + laneId + " was not locked");
        }
        try (var scheduled = tx.connection().prepareStatement(SCHEDULED_OF);
                var joined = tx.connection().prepareStatement(JOINED)) {
            scheduled.setLong(1, deliveryId);
            try (var row = scheduled.executeQuery()) {
                while (row.next()) {
                    joined.setString(1, join(lane, row.getBoolean("held")).label());
                    joined.setLong(2, lane.lastPlace);
                    joined.setLong(3, row.getLong("id"));
                    joined.addBatch();
                }
            }
            joined.executeBatch();
        }
        write(tx, lanes);
    }

    // ---- The claim ----

    private static final String CLAIM = "SELECT " + COLUMNS + """
              FROM part
             WHERE line_id = ? AND state = 'queued' AND due_at <= ?
             ORDER BY due_at, id
             LIMIT ?
            """;

    /// What may be handed over now, the longest due first. Claims nothing by itself: [#toSubmitting]
    /// decides.
    List<Part> due(Connection connection, long lineId, Instant now, int limit) throws SQLException {
        return dueIn(connection, CLAIM, lineId, now, limit);
    }

    private static final String GRACE_OVER = "SELECT " + COLUMNS + """
              FROM part
             WHERE line_id = ? AND state = 'uncertain' AND due_at <= ?
             ORDER BY due_at, id
             LIMIT ?
            """;

    List<Part> graceOver(Connection connection, long lineId, Instant now, int limit) throws SQLException {
        return dueIn(connection, GRACE_OVER, lineId, now, limit);
    }

    private static final String SCHEDULE_DUE = "SELECT " + COLUMNS + """
              FROM part
             WHERE line_id = ? AND state = 'scheduled' AND due_at <= ? AND seq = 1
             ORDER BY due_at, id
             LIMIT ?
            """;

    /// The first parts of those deliveries whose time has come.
    List<Part> scheduleDue(Connection connection, long lineId, Instant now, int limit) throws SQLException {
        return dueIn(connection, SCHEDULE_DUE, lineId, now, limit);
    }

    private static List<Part> dueIn(Connection connection, String sql, long lineId, Instant now, int limit)
            throws SQLException {
        try (var query = connection.prepareStatement(sql)) {
            query.setLong(1, lineId);
            query.setObject(2, Times.bind(now));
            query.setInt(3, limit);
            return parts(query);
        }
    }

    private static List<Part> parts(PreparedStatement query) throws SQLException {
        var parts = new ArrayList<Part>();
        try (var row = query.executeQuery()) {
            while (row.next()) {
                parts.add(part(row));
            }
        }
        return parts;
    }

    private static final String EXPIRED = "SELECT " + COLUMNS + """
              FROM part
             WHERE state = ? AND expires_at <= ?
             ORDER BY expires_at, id
             LIMIT ?
            """;

    List<Part> expired(Connection connection, PartState state, Instant now, int limit) throws SQLException {
        try (var query = connection.prepareStatement(EXPIRED)) {
            query.setString(1, state.label());
            query.setObject(2, Times.bind(now));
            query.setInt(3, limit);
            return parts(query);
        }
    }

    // ---- Handing over ----

    private static final String TO_SUBMITTING = """
            UPDATE part
               SET state = 'submitting', link = ?, attempts = attempts + 1, tries = tries + 1, submitted_at = ?
             WHERE id = ? AND state = 'queued' AND due_at <= ? AND expires_at > ? AND attempts = ?
            """;

    /// Marks a part as about to be handed over. Must be committed before the first octet reaches the
    /// link: after a crash this row is what tells "perhaps sent" from "surely not sent".
    ///
    /// @return false if the part is no longer there to be sent
    boolean toSubmitting(Tx tx, Part part, String link, Instant now) throws SQLException {
        try (var update = tx.connection().prepareStatement(TO_SUBMITTING)) {
            update.setString(1, link);
            update.setObject(2, Times.bind(now));
            update.setLong(3, part.id());
            update.setObject(4, Times.bind(now));
            update.setObject(5, Times.bind(now));
            update.setInt(6, part.attempts()); // else it was handed over since the claim
            return update.executeUpdate() == 1;
        }
    }

    private static final String TO_ACCEPTED = """
            UPDATE part
               SET state = 'accepted', reference = ?, accepted_at = ?, unsure = 0,
                   error_code = NULL, error_network = NULL, error_reason = NULL
             WHERE id = ? AND link = ? AND state = ?
            """;

    boolean toAccepted(Tx tx, long id, String link, PartState from, Optional<String> reference, Instant at)
            throws SQLException {
        try (var update = tx.connection().prepareStatement(TO_ACCEPTED)) {
            update.setString(1, reference.map(Parts::reference).orElse(null));
            update.setObject(2, Times.bind(at));
            update.setLong(3, id);
            update.setString(4, link);
            update.setString(5, from.label());
            return update.executeUpdate() == 1;
        }
    }

    /// As much of a reference as the table keeps; SMPP v3.4 §5.2.23 allows 64 octets.
    static String reference(String reference) {
        return reference.length() <= REFERENCE_MAX ? reference : reference.substring(0, REFERENCE_MAX);
    }

    private static final String BACK_POSTPONED = """
            UPDATE part
               SET state = IF(held, 'held', 'queued'), due_at = ?, error_code = ?, error_network = ?, error_reason = ?
             WHERE id = ? AND link = ? AND state = 'submitting'
            """;

    boolean backPostponed(
            Tx tx, long id, String link, Instant due, FailureCode code, Optional<Integer> network, String reason)
            throws SQLException {
        try (var update = tx.connection().prepareStatement(BACK_POSTPONED)) {
            update.setObject(1, Times.bind(due));
            update.setString(2, code.label());
            update.setObject(3, network.orElse(null));
            update.setString(4, reason(reason));
            update.setLong(5, id);
            update.setString(6, link);
            return update.executeUpdate() == 1;
        }
    }

    private static final String BACK_UNTOUCHED = """
            UPDATE part
               SET state = IF(held, 'held', 'queued'), attempts = attempts - 1, tries = tries - 1
             WHERE id = ? AND link = ? AND state = 'submitting'
            """;

    /// As if it had never been taken.
    boolean backUntouched(Tx tx, long id, String link) throws SQLException {
        try (var update = tx.connection().prepareStatement(BACK_UNTOUCHED)) {
            update.setLong(1, id);
            update.setString(2, link);
            return update.executeUpdate() == 1;
        }
    }

    private static final String TO_UNCERTAIN = """
            UPDATE part
               SET state = 'uncertain', due_at = ?, error_reason = ?
             WHERE id = ? AND link = ? AND state = 'submitting'
            """;

    boolean toUncertain(Tx tx, long id, String link, Instant graceEnds, String reason) throws SQLException {
        try (var update = tx.connection().prepareStatement(TO_UNCERTAIN)) {
            update.setObject(1, Times.bind(graceEnds));
            update.setString(2, reason(reason));
            update.setLong(3, id);
            update.setString(4, link);
            return update.executeUpdate() == 1;
        }
    }

    private static final String LEFT_BEHIND = """
            UPDATE part
               SET state = 'uncertain', due_at = ?, error_reason = 'Parley ended while it was handed over'
             WHERE link = ? AND state = 'submitting'
            """;

    /// What a process before this one was handing over to `link` when it ended.
    int leftBehind(Tx tx, String link, Instant graceEnds) throws SQLException {
        try (var update = tx.connection().prepareStatement(LEFT_BEHIND)) {
            update.setObject(1, Times.bind(graceEnds));
            update.setString(2, link);
            return update.executeUpdate();
        }
    }

    private static final String UNCERTAIN_TAILS =
            "SELECT DISTINCT tail FROM part WHERE state = 'uncertain' AND link = ?";

    /// The recipients of what is uncertain with `link`.
    List<String> uncertainTails(Tx tx, String link) throws SQLException {
        try (var query = tx.connection().prepareStatement(UNCERTAIN_TAILS)) {
            query.setString(1, link);
            var tails = new ArrayList<String>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    tails.add(row.getString("tail"));
                }
            }
            return tails;
        }
    }

    private static final String BACK_UNSURE = """
            UPDATE part
               SET state = IF(held, 'held', 'queued'), unsure = unsure + 1
             WHERE id = ? AND state = 'uncertain' AND due_at <= ?
            """;

    private static final String TALLY = "UPDATE queue_tally SET n = n + 1 WHERE name = 'resent'";

    private static final String TALLIED = "SELECT n FROM queue_tally WHERE name = 'resent'";

    /// Puts an uncertain part back to be sent again, and counts that for ever.
    boolean backUnsure(Tx tx, long id, Instant now) throws SQLException {
        try (var update = tx.connection().prepareStatement(BACK_UNSURE);
                var tally = tx.connection().prepareStatement(TALLY)) {
            update.setLong(1, id);
            update.setObject(2, Times.bind(now));
            return update.executeUpdate() == 1 && tally.executeUpdate() == 1;
        }
    }

    long resent(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement(TALLIED);
                var row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    private static final String SET_ASIDE = "UPDATE part SET due_at = ? WHERE id = ? AND state = 'queued'";

    /// Lets others go before a part that meets a mistake of ours, or a link that may be at fault.
    boolean setAside(Tx tx, long id, Instant due) throws SQLException {
        try (var update = tx.connection().prepareStatement(SET_ASIDE)) {
            update.setObject(1, Times.bind(due));
            update.setLong(2, id);
            return update.executeUpdate() == 1;
        }
    }

    // ---- Ends ----

    private static final String NEXT =
            "SELECT id, line_id FROM part WHERE lane = ? AND state = 'waiting' ORDER BY place LIMIT 1 FOR UPDATE";

    private static final String PROMOTED =
            "UPDATE part SET state = IF(held, 'held', 'queued') WHERE id = ? AND state = 'waiting'";

    private static final String EMPTY = "UPDATE lane SET occupied = FALSE WHERE lane = ?";

    /// Makes the next part of a locked lane its head.
    ///
    /// @return the line of that part; empty if the lane is empty now
    Optional<Long> promote(Tx tx, long lane) throws SQLException {
        try (var next = tx.connection().prepareStatement(NEXT)) {
            next.setLong(1, lane);
            try (var row = next.executeQuery()) {
                if (row.next()) {
                    try (var promoted = tx.connection().prepareStatement(PROMOTED)) {
                        promoted.setLong(1, row.getLong("id"));
                        promoted.executeUpdate();
                    }
                    return Optional.of(row.getLong("line_id"));
                }
            }
        }
        try (var empty = tx.connection().prepareStatement(EMPTY)) {
            empty.setLong(1, lane);
            empty.executeUpdate();
        }
        return Optional.empty();
    }

    private static final String TO_DELIVERED = """
            UPDATE part SET state = 'delivered', ended_at = ?, scts = ? WHERE id = ? AND state = 'accepted'
            """;

    boolean toDelivered(Tx tx, long id, Optional<Instant> scts, Instant at) throws SQLException {
        try (var update = tx.connection().prepareStatement(TO_DELIVERED)) {
            update.setObject(1, Times.bind(at));
            update.setObject(2, Times.bind(scts));
            update.setLong(3, id);
            return update.executeUpdate() == 1;
        }
    }

    private static final String TO_FAILED = """
            UPDATE part
               SET state = 'failed', error_code = ?, error_network = ?, error_reason = ?, ended_at = ?, scts = ?
             WHERE id = ? AND state = ?
            """;

    boolean toFailed(Tx tx, long id, PartState from, Failure failure, Optional<Instant> scts, Instant at)
            throws SQLException {
        try (var update = tx.connection().prepareStatement(TO_FAILED)) {
            update.setString(1, failure.code().label());
            update.setObject(2, failure.network().orElse(null));
            update.setString(3, reason(failure.reason()));
            update.setObject(4, Times.bind(at));
            update.setObject(5, Times.bind(scts));
            update.setLong(6, id);
            update.setString(7, from.label());
            return update.executeUpdate() == 1;
        }
    }

    private static String reason(String reason) {
        return reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX);
    }

    /// @param heads whether one of them was the head of the lane
    record Withdrawn(int parts, boolean heads) {}

    private static final String UNTOUCHED_OF = """
            SELECT id, state
              FROM part
             WHERE delivery_id = ? AND state IN ('scheduled', 'waiting', 'queued', 'held')
               FOR UPDATE
            """;

    private static final String TO_WITHDRAWN = "UPDATE part SET state = 'withdrawn', ended_at = ? WHERE id = ?";

    /// Takes back what of a delivery is not with a link.
    Withdrawn withdrawRest(Tx tx, long deliveryId, Instant at) throws SQLException {
        try (var query = tx.connection().prepareStatement(UNTOUCHED_OF);
                var update = tx.connection().prepareStatement(TO_WITHDRAWN)) {
            query.setLong(1, deliveryId);
            int parts = 0;
            boolean heads = false;
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    var state = PartState.ofLabel(row.getString("state"));
                    heads |= state == PartState.QUEUED || state == PartState.HELD;
                    update.setObject(1, Times.bind(at));
                    update.setLong(2, row.getLong("id"));
                    update.addBatch();
                    parts++;
                }
            }
            if (parts > 0) {
                update.executeBatch();
            }
            return new Withdrawn(parts, heads);
        }
    }

    private static final String SUBMITTING_TO_WITHDRAWN = """
            UPDATE part
               SET state = 'withdrawn', ended_at = ?
             WHERE id = ? AND state IN ('submitting', 'uncertain')
            """;

    /// Drops a part that would be tried again, had its delivery not failed by another part meanwhile.
    boolean dropInsteadOfRetry(Tx tx, long id, Instant at) throws SQLException {
        try (var update = tx.connection().prepareStatement(SUBMITTING_TO_WITHDRAWN)) {
            update.setObject(1, Times.bind(at));
            update.setLong(2, id);
            return update.executeUpdate() == 1;
        }
    }

    // ---- Deliveries ----

    /// @param attempts hand-overs of all its parts
    record Sum(int parts, int accepted, int delivered, int failed, int attempts) {}

    private static final String SUM = """
            SELECT COUNT(*) AS parts, SUM(accepted_at IS NOT NULL) AS accepted, SUM(state = 'delivered') AS delivered,
                   SUM(state = 'failed') AS failed, SUM(attempts) AS attempts
              FROM part
             WHERE delivery_id = ?
            """;

    Sum sum(Tx tx, long deliveryId) throws SQLException {
        try (var query = tx.connection().prepareStatement(SUM)) {
            query.setLong(1, deliveryId);
            try (var row = query.executeQuery()) {
                row.next();
                return new Sum(
                        row.getInt("parts"),
                        row.getInt("accepted"),
                        row.getInt("delivered"),
                        row.getInt("failed"),
                        row.getInt("attempts"));
            }
        }
    }

    private static final String LANE_OF = "SELECT lane FROM part WHERE delivery_id = ? AND seq = 1";

    Optional<Long> laneOf(Tx tx, long deliveryId) throws SQLException {
        try (var query = tx.connection().prepareStatement(LANE_OF)) {
            query.setLong(1, deliveryId);
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    private static final String HANDED_OVER = """
            SELECT state, attempts FROM part WHERE delivery_id = ? FOR UPDATE
            """;

    /// Whether no part of the delivery has ever been with a link. Its rows are locked from then on.
    boolean isUntouched(Tx tx, long deliveryId) throws SQLException {
        try (var query = tx.connection().prepareStatement(HANDED_OVER)) {
            query.setLong(1, deliveryId);
            boolean any = false;
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    any = true;
                    var untouched = switch (PartState.ofLabel(row.getString("state"))) {
                        case SCHEDULED, WAITING, QUEUED, HELD -> row.getInt("attempts") == 0;
                        case SUBMITTING, UNCERTAIN, ACCEPTED, DELIVERED, FAILED, WITHDRAWN -> false;
                    };
                    if (!untouched) {
                        return false;
                    }
                }
            }
            return any;
        }
    }

    private static final String HOLD = """
            UPDATE part
               SET held = TRUE, state = IF(state = 'queued', 'held', state)
             WHERE delivery_id = ? AND state IN ('scheduled', 'waiting', 'queued', 'submitting', 'uncertain')
            """;

    private static final String RELEASE = """
            UPDATE part SET held = FALSE, state = IF(state = 'held', 'queued', state) WHERE delivery_id = ? AND held = TRUE
            """;

    /// Sets or clears the hold. Goes by the rows of the parts: a held head stays the head.
    void hold(Tx tx, long deliveryId, boolean held) throws SQLException {
        try (var update = tx.connection().prepareStatement(held ? HOLD : RELEASE)) {
            update.setLong(1, deliveryId);
            update.executeUpdate();
        }
    }

    private static final String AGAIN = """
            UPDATE part
               SET state = 'scheduled', held = FALSE, due_at = ?, expires_at = ?, link = NULL, tries = 0,
                   unsure = 0, reference = NULL, submitted_at = NULL, accepted_at = NULL, ended_at = NULL,
                   scts = NULL, error_code = NULL, error_network = NULL, error_reason = NULL
             WHERE delivery_id = ? AND state IN ('failed', 'withdrawn')
            """;

    /// Sets aside what failed of a delivery, and what was withdrawn because of that, as if it were new.
    void again(Tx tx, long deliveryId, Instant now, Instant expires) throws SQLException {
        try (var update = tx.connection().prepareStatement(AGAIN)) {
            update.setObject(1, Times.bind(now));
            update.setObject(2, Times.bind(expires));
            update.setLong(3, deliveryId);
            update.executeUpdate();
        }
    }

    // ---- Figures and retention ----

    private static final String DEPTH = "SELECT COUNT(*) FROM part WHERE state = ?";

    Map<PartState, Long> depth(Connection connection) throws SQLException {
        var depth = new EnumMap<PartState, Long>(PartState.class);
        try (var query = connection.prepareStatement(DEPTH)) {
            for (var state : PartState.UNFINISHED) {
                query.setString(1, state.label());
                try (var row = query.executeQuery()) {
                    row.next();
                    depth.put(state, row.getLong(1));
                }
            }
        }
        return depth;
    }

    private static final String DELETE = "DELETE FROM part WHERE state = ? AND expires_at < ? LIMIT ?";

    int delete(Tx tx, Instant before, int bite) throws SQLException {
        int deleted = 0;
        try (var delete = tx.connection().prepareStatement(DELETE)) {
            for (var state : PartState.values()) {
                if (!PartState.UNFINISHED.contains(state) && deleted < bite) {
                    delete.setString(1, state.label());
                    delete.setObject(2, Times.bind(before));
                    delete.setInt(3, bite - deleted);
                    deleted += delete.executeUpdate();
                }
            }
        }
        return deleted;
    }
}
