package dev.parley.queue;

import dev.parley.sms.Alphabet;
import dev.parley.sms.Concat;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.store.Ids;
import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of parts and lanes. Moves are conditional updates; each says by its result whether it
/// happened.
final class Parts {
    private Parts() {}

    /// What a person may read of a reason.
    private static final int REASON_MAX = 300;

    private static final int REFERENCE_MAX = 80;

    private static final String COLUMNS = """
            id, delivery_id, seq, total, line_id, lane, recipient, alphabet, locking_shift, single_shift, text,
            concat_ref, concat_bits, concat_total, concat_seq, expires_at, attempts, tries, unsure
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
                row.getInt("unsure"));
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

    // ---- Coming in ----

    private static final Rows PART = Rows.inserted(30, "part", """
            id, delivery_id, seq, total, line_id, lane, place, recipient, tail, alphabet, locking_shift,
            single_shift, text, concat_ref, concat_bits, concat_total, concat_seq, work, state, held, due_at,
            expires_at, link, attempts, tries, unsure, submitted_at
            """);

    /// Has the row of a new part written, in the state that it has come to.
    static void insert(Tx tx, Item item) {
        var part = item.part;
        var segment = part.segment();
        int handedOver = item.state == PartState.SUBMITTING ? 1 : 0;
        tx.add(
                PART,
                part.id(),
                part.deliveryId(),
                part.seq(),
                part.total(),
                part.lineId(),
                part.lane(),
                item.place,
                part.recipient(),
                part.tail(),
                segment.alphabet().label(),
                segment.locking().code(),
                segment.single().code(),
                segment.text(),
                segment.concat().map(Concat::ref),
                segment.concat().map(Concat::refBits),
                segment.concat().map(Concat::total),
                segment.concat().map(Concat::seq),
                item.state == PartState.SCHEDULED ? SCHEDULED_WORK : OPEN_WORK,
                item.state.label(),
                item.held,
                item.dueAt,
                part.expiresAt(),
                item.link,
                handedOver,
                handedOver,
                0,
                item.submittedAt);
    }

    private static final int OPEN_WORK = 1;
    private static final int SCHEDULED_WORK = 2;

    /// What orders scheduled parts.
    static long placeOf(Instant due) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, due);
    }

    private static final String SCHEDULED_OF =
            "SELECT id FROM part WHERE delivery_id = ? AND state = 'scheduled' ORDER BY seq";

    private static final String JOINED =
            "UPDATE part SET state = 'queued', work = 1, place = ? WHERE id = ? AND state = 'scheduled'";

    /// Puts what is set aside of a delivery at the end of its lane.
    static void join(Tx tx, long deliveryId, Ids places) {
        for (long id : tx.list(SCHEDULED_OF, row -> row.getLong("id"), deliveryId)) {
            tx.update(JOINED, places.next(), id);
        }
    }

    // ---- What there is to do ----

    private static final String WORK_COLUMNS = COLUMNS + """
            , place, state, held, due_at, link, submitted_at,
            IF(seq = 1, NULL, (SELECT earlier.link
                                 FROM part AS earlier
                                WHERE earlier.delivery_id = part.delivery_id AND earlier.seq = part.seq - 1))
                AS earlier_link
            """;

    private static Item item(ResultSet row) throws SQLException {
        var item = new Item(
                part(row),
                row.getLong("place"),
                PartState.ofLabel(row.getString("state")),
                row.getBoolean("held"),
                Times.instant(row, "due_at"));
        item.link = row.getString("link");
        item.submittedAt = Times.maybe(row, "submitted_at").orElse(null);
        item.earlierLink = row.getString("earlier_link");
        return item;
    }

    private static final String WORK = "SELECT " + WORK_COLUMNS + """
              FROM part
             WHERE work = 1 AND line_id = ? AND place > ?
             ORDER BY place
             LIMIT ?
            """;

    /// What a line has to hand over or is handing over behind a place, in its order.
    static List<Item> work(Tx tx, long lineId, long behind, int limit) {
        return tx.list(WORK, Parts::item, lineId, behind, limit);
    }

    /// The same a moment ago: see [Tx#listEarlier].
    static Optional<List<Item>> workEarlier(Tx tx, long lineId, long behind, int limit) {
        return tx.listEarlier(WORK, Parts::item, lineId, behind, limit);
    }

    private static final String WORK_OF_LANE = "SELECT " + WORK_COLUMNS + """
              FROM part
             WHERE lane = ? AND place > ? AND work = 1
             ORDER BY place
             LIMIT ?
            """;

    static List<Item> workOfLane(Tx tx, long lane, long behind, int limit) {
        return tx.list(WORK_OF_LANE, Parts::item, lane, behind, limit);
    }

    /// The same a moment ago: see [Tx#listEarlier].
    static Optional<List<Item>> workOfLaneEarlier(Tx tx, long lane, long behind, int limit) {
        return tx.listEarlier(WORK_OF_LANE, Parts::item, lane, behind, limit);
    }

    private static final String WORK_COUNT = "SELECT COUNT(*) FROM part WHERE work = 1 AND line_id = ?";

    static long workCount(Tx tx, long lineId) {
        return tx.first(WORK_COUNT, row -> row.getLong(1), lineId).orElse(0L);
    }

    private static final String WORK_LINES = "SELECT DISTINCT line_id FROM part WHERE work IN (1, 2)";

    /// The lines that have anything to hand over.
    static List<Long> workLines(Connection connection) {
        return Sql.list(connection, WORK_LINES, row -> row.getLong(1));
    }

    private static final String NEXT_SCHEDULED =
            "SELECT due_at FROM part WHERE work = 2 AND line_id = ? ORDER BY place LIMIT 1";

    /// When the next scheduled part of a line is due.
    static Optional<Instant> nextScheduled(Tx tx, long lineId) {
        return tx.first(NEXT_SCHEDULED, row -> Times.instant(row, "due_at"), lineId);
    }

    private static final String GRACE_OVER = "SELECT " + WORK_COLUMNS + """
              FROM part
             WHERE work = 1 AND line_id = ? AND state = 'uncertain' AND due_at <= ?
             ORDER BY place
             LIMIT ?
            """;

    static List<Item> graceOver(Tx tx, long lineId, Instant now, int limit) {
        return tx.list(GRACE_OVER, Parts::item, lineId, now, limit);
    }

    private static final String SCHEDULE_DUE = "SELECT " + COLUMNS + """
              FROM part
             WHERE work = 2 AND line_id = ? AND place <= ? AND seq = 1
             ORDER BY place, id
             LIMIT ?
            """;

    /// The first parts of those deliveries whose time has come.
    static List<Part> scheduleDue(Tx tx, long lineId, Instant now, int limit) {
        return tx.list(SCHEDULE_DUE, Parts::part, lineId, placeOf(now), limit);
    }

    private static final String EXPIRED = "SELECT " + COLUMNS + """
              FROM part
             WHERE work IN (1, 2) AND line_id = ? AND expires_at <= ? AND state IN ('queued', 'scheduled')
             LIMIT ?
            """;

    /// Parts of a line that nobody hands over here whose validity is over.
    static List<Part> expired(Connection connection, long lineId, Instant now, int limit) {
        return Sql.list(connection, EXPIRED, Parts::part, lineId, now, limit);
    }

    // ---- Handing over ----

    private static final Rows SUBMITTING =
            Rows.updatedTo(50, "part", "id", "state = 'submitting'", "submitted_at, link, attempts, tries");

    /// Marks a part as about to be handed over. Must be committed before the first octet reaches the
    /// link: after a crash this row is what tells "perhaps sent" from "surely not sent".
    static void toSubmitting(Tx tx, Item item) {
        var part = item.part;
        tx.add(SUBMITTING, part.id(), item.submittedAt, item.link, part.attempts() + 1, part.tries() + 1);
    }

    private static final Rows ACCEPTED = Rows.updatedTo(
            51,
            "part",
            "id",
            "state = 'accepted', work = 0, unsure = 0, error_code = NULL,"
                    + " error_network = NULL, error_reason = NULL",
            "accepted_at, reference");

    /// The link's answer to what this node is handing over.
    static void accepted(Tx tx, Item item, Optional<String> reference, Instant at) {
        tx.add(ACCEPTED, item.part.id(), at, reference.map(Parts::reference));
    }

    private static final Rows DELIVERED =
            Rows.updatedTo(52, "part", "id", "state = 'delivered', work = 0", "ended_at, scts");

    /// The recipient has what memory knows as accepted.
    static void delivered(Tx tx, long id, Optional<Instant> scts, Instant at) {
        tx.add(DELIVERED, id, at, scts);
    }

    private static final String TO_ACCEPTED = """
            UPDATE part
               SET state = 'accepted', work = 0, reference = ?, accepted_at = ?, unsure = 0,
                   error_code = NULL, error_network = NULL, error_reason = NULL
             WHERE id = ? AND link = ? AND state = ?
            """;

    static boolean toAccepted(Tx tx, long id, String link, PartState from, Optional<String> reference, Instant at) {
        return tx.update(TO_ACCEPTED, reference.map(Parts::reference), at, id, link, from.label()) == 1;
    }

    /// As much of a reference as the table keeps; SMPP v3.4 §5.2.23 allows 64 octets.
    static String reference(String reference) {
        return reference.length() <= REFERENCE_MAX ? reference : reference.substring(0, REFERENCE_MAX);
    }

    private static final String BACK_POSTPONED = """
            UPDATE part
               SET state = 'queued', due_at = ?, error_code = ?, error_network = ?, error_reason = ?
             WHERE id = ? AND link = ? AND state = 'submitting'
            """;

    static boolean backPostponed(Tx tx, long id, String link, Instant due, Failure why) {
        return tx.update(BACK_POSTPONED, due, values(why), id, link) == 1;
    }

    private static final String BACK_UNTOUCHED = """
            UPDATE part
               SET state = 'queued', attempts = attempts - 1, tries = tries - 1
             WHERE id = ? AND link = ? AND state = 'submitting'
            """;

    /// As if it had never been taken.
    static boolean backUntouched(Tx tx, long id, String link) {
        return tx.update(BACK_UNTOUCHED, id, link) == 1;
    }

    private static final String TO_UNCERTAIN = """
            UPDATE part
               SET state = 'uncertain', due_at = ?, error_reason = ?
             WHERE id = ? AND link = ? AND state = 'submitting'
            """;

    static boolean toUncertain(Tx tx, long id, String link, Instant graceEnds, String reason) {
        return tx.update(TO_UNCERTAIN, graceEnds, reason(reason), id, link) == 1;
    }

    private static final String LEFT_BEHIND = """
            UPDATE part
               SET state = 'uncertain', due_at = ?, error_reason = 'Parley ended while it was handed over'
             WHERE link = ? AND state = 'submitting'
            """;

    /// What a process before this one was handing over to `link` when it ended.
    static int leftBehind(Tx tx, String link, Instant graceEnds) {
        return tx.update(LEFT_BEHIND, graceEnds, link);
    }

    private static final String UNCERTAIN_TAILS =
            "SELECT DISTINCT tail FROM part WHERE state = 'uncertain' AND link = ?";

    /// The recipients of what is uncertain with `link`.
    static List<String> uncertainTails(Tx tx, String link) {
        return tx.list(UNCERTAIN_TAILS, row -> row.getString("tail"), link);
    }

    private static final String BACK_UNSURE = """
            UPDATE part
               SET state = 'queued', unsure = unsure + 1
             WHERE id = ? AND state = 'uncertain' AND due_at <= ?
            """;

    private static final String TALLY = "UPDATE queue_tally SET n = n + 1 WHERE name = 'resent'";

    private static final String TALLIED = "SELECT n FROM queue_tally WHERE name = 'resent'";

    /// Puts an uncertain part back to be sent again, and counts that for ever.
    static boolean backUnsure(Tx tx, long id, Instant now) {
        return tx.update(BACK_UNSURE, id, now) == 1 && tx.update(TALLY) == 1;
    }

    static long resent(Connection connection) {
        return Sql.first(connection, TALLIED, row -> row.getLong(1)).orElse(0L);
    }

    private static final String SET_ASIDE = "UPDATE part SET due_at = ? WHERE id = ? AND state = 'queued'";

    /// Lets others go before a part that meets a mistake of ours, or a link that may be at fault.
    static boolean setAside(Tx tx, long id, Instant due) {
        return tx.update(SET_ASIDE, due, id) == 1;
    }

    // ---- Ends ----

    private static final String TO_DELIVERED = """
            UPDATE part SET state = 'delivered', work = 0, ended_at = ?, scts = ? WHERE id = ? AND state = 'accepted'
            """;

    static boolean toDelivered(Tx tx, long id, Optional<Instant> scts, Instant at) {
        return tx.update(TO_DELIVERED, at, scts, id) == 1;
    }

    private static final String TO_FAILED = """
            UPDATE part
               SET state = 'failed', work = 0, error_code = ?, error_network = ?, error_reason = ?, ended_at = ?, scts = ?
             WHERE id = ? AND state = ?
            """;

    static boolean toFailed(Tx tx, long id, PartState from, Failure failure, Optional<Instant> scts, Instant at) {
        return tx.update(TO_FAILED, values(failure), at, scts, id, from.label()) == 1;
    }

    /// Code, network and reason.
    private static List<Object> values(Failure failure) {
        return List.of(failure.code().label(), failure.network(), reason(failure.reason()));
    }

    private static String reason(String reason) {
        return reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX);
    }

    private static final String UNTOUCHED_TO_WITHDRAWN = """
            UPDATE part
               SET state = 'withdrawn', work = 0, ended_at = ?
             WHERE delivery_id = ? AND state IN ('scheduled', 'queued')
            """;

    /// Takes back what of a delivery is not with a link.
    ///
    /// @return how many parts
    static int withdrawRest(Tx tx, long deliveryId, Instant at) {
        return tx.update(UNTOUCHED_TO_WITHDRAWN, at, deliveryId);
    }

    private static final String SUBMITTING_TO_WITHDRAWN = """
            UPDATE part
               SET state = 'withdrawn', work = 0, ended_at = ?
             WHERE id = ? AND state IN ('submitting', 'uncertain')
            """;

    /// Drops a part that would be tried again, had its delivery not failed by another part meanwhile.
    static boolean dropInsteadOfRetry(Tx tx, long id, Instant at) {
        return tx.update(SUBMITTING_TO_WITHDRAWN, at, id) == 1;
    }

    // ---- Deliveries ----

    /// @param attempts hand-overs of all its parts
    record Sum(int accepted, int delivered, int failed, int attempts) {}

    private static final String SUM = """
            SELECT SUM(accepted_at IS NOT NULL) AS accepted, SUM(state = 'delivered') AS delivered,
                   SUM(state = 'failed') AS failed, SUM(attempts) AS attempts
              FROM part
             WHERE delivery_id = ?
            """;

    static Sum sum(Tx tx, long deliveryId) {
        return tx.first(SUM, Parts::sum, deliveryId).orElseThrow();
    }

    private static Sum sum(ResultSet row) throws SQLException {
        return new Sum(row.getInt("accepted"), row.getInt("delivered"), row.getInt("failed"), row.getInt("attempts"));
    }

    /// Where a delivery is.
    record Where(long line, long lane) {}

    private static final String WHERE_OF = "SELECT line_id, lane FROM part WHERE delivery_id = ? AND seq = 1";

    static Optional<Where> whereOf(Tx tx, long deliveryId) {
        return tx.first(WHERE_OF, row -> new Where(row.getLong("line_id"), row.getLong("lane")), deliveryId);
    }

    private static final String HANDED_OVER = "SELECT state, attempts FROM part WHERE delivery_id = ? FOR UPDATE";

    /// Whether no part of the delivery has ever been with a link. Its rows are locked from then on.
    static boolean isUntouched(Tx tx, long deliveryId) {
        var each = tx.list(HANDED_OVER, Parts::isUntouched, deliveryId);
        return !each.isEmpty() && !each.contains(false);
    }

    private static boolean isUntouched(ResultSet row) throws SQLException {
        return switch (PartState.ofLabel(row.getString("state"))) {
            case SCHEDULED, WAITING, QUEUED, HELD -> row.getInt("attempts") == 0;
            case SUBMITTING, UNCERTAIN, ACCEPTED, DELIVERED, FAILED, WITHDRAWN -> false;
        };
    }

    private static final String HOLD =
            "UPDATE part SET held = TRUE WHERE delivery_id = ? AND state IN ('scheduled', 'queued', 'submitting', 'uncertain')";

    private static final String RELEASE = "UPDATE part SET held = FALSE WHERE delivery_id = ? AND held = TRUE";

    /// Sets or clears the hold: a held head stays the head.
    static void hold(Tx tx, long deliveryId, boolean held) {
        tx.update(held ? HOLD : RELEASE, deliveryId);
    }

    private static final String SUBMITTING_OF =
            "SELECT id FROM part WHERE delivery_id = ? AND state = 'submitting' FOR UPDATE";

    /// Whether a link has a part of the delivery at this moment.
    static boolean isSubmitting(Tx tx, long deliveryId) {
        return tx.first(SUBMITTING_OF, row -> row.getLong("id"), deliveryId).isPresent();
    }

    private static final String ERASE = """
            UPDATE part
               SET state = IF(work = 0, state, 'withdrawn'), ended_at = IF(work = 0, ended_at, ?), work = 0, text = '',
                   recipient = IF(?, '', recipient), tail = IF(?, '', tail), error_reason = IF(?, NULL, error_reason)
             WHERE delivery_id = ?
            """;

    /// Takes out the words of a delivery, and perhaps whom it is to. What is left of it is not handed over any more.
    static void erase(Tx tx, long deliveryId, boolean recipient, Instant at) {
        tx.update(ERASE, at, recipient, recipient, recipient, deliveryId);
    }

    private static final String AGAIN = """
            UPDATE part
               SET state = 'scheduled', work = 2, place = 0, held = FALSE, due_at = ?, expires_at = ?, link = NULL, tries = 0,
                   unsure = 0, reference = NULL, submitted_at = NULL, accepted_at = NULL, ended_at = NULL,
                   scts = NULL, error_code = NULL, error_network = NULL, error_reason = NULL
             WHERE delivery_id = ? AND state IN ('failed', 'withdrawn')
            """;

    /// Sets aside what failed of a delivery, and what was withdrawn because of that, as if it were new.
    static void again(Tx tx, long deliveryId, Instant now, Instant expires) {
        tx.update(AGAIN, now, expires, deliveryId);
    }

    // ---- Figures and retention ----

    private static final String DEPTH = """
            SELECT IF(state <> 'queued', state, IF(held, 'held', 'queued')) AS name, COUNT(*) AS parts
              FROM part
             WHERE work IN (1, 2)
             GROUP BY name
            """;

    /// How many parts wait, by their states; those behind another in their lane count as queued.
    static Map<PartState, Long> depth(Connection connection) {
        var depth = new EnumMap<PartState, Long>(PartState.class);
        PartState.UNFINISHED.forEach(state -> depth.put(state, 0L));
        Sql.list(connection, DEPTH, row -> depth.put(PartState.ofLabel(row.getString("name")), row.getLong("parts")));
        return depth;
    }

    private static final String DELETE = "DELETE FROM part WHERE work = 0 AND expires_at < ? LIMIT ?";

    static int delete(Tx tx, Instant before, int bite) {
        return tx.update(DELETE, before, bite);
    }
}
