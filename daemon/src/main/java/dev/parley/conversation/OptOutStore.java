package dev.parley.conversation;

import dev.parley.account.Condition;
import dev.parley.person.NumberHash;
import dev.parley.store.Memory;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// All SQL of opt-outs and holds. The transaction is the caller's. Those that take a [Tx] answer from memory where they
/// can.
public final class OptOutStore {

    private final NumberHash hash;
    private final Memory<OnLine, Standing> known;

    OptOutStore(Store store) {
        hash = new NumberHash(store);
        known = new Memory<>(store, ConversationStore.NUMBERS_MAX, this::load);
    }

    /// What a number said about the texts of a line, and whether they wait.
    private record Standing(Optional<OptOut> optOut, boolean held) {}

    private Map<OnLine, Standing> standing(Tx tx, long lineId, Collection<String> numbers) {
        return known.get(
                tx, numbers.stream().map(number -> new OnLine(lineId, number)).toList());
    }

    private Map<OnLine, Standing> load(Tx tx, List<OnLine> missing) {
        var found = new HashMap<OnLine, Standing>();
        for (var line : OnLine.byLine(missing).entrySet()) {
            var held = held(tx.connection(), line.getKey(), Sql.padded(line.getValue()));
            var written = writtenAs(line.getValue());
            var asked = Sql.padded(written.keySet());
            var optOuts = new HashMap<String, OptOut>();
            for (var each : Sql.list(
                    tx.connection(),
                    "SELECT " + COLUMNS + " FROM opt_out o WHERE o.line_id = ? AND o.number IN ("
                            + Sql.marks(asked.size()) + ")",
                    OptOutStore::read,
                    line.getKey(),
                    asked)) {
                var number = written.getOrDefault(each.number(), each.number());
                if (number.equals(each.number())) {
                    optOuts.put(number, each);
                } else {
                    optOuts.putIfAbsent(number, each.of(number)); // what was said before its row was erased
                }
            }
            for (var number : line.getValue()) {
                found.put(
                        new OnLine(line.getKey(), number),
                        new Standing(Optional.ofNullable(optOuts.get(number)), held.contains(number)));
            }
        }
        return found;
    }

    /// Numbers as a row may have them, themselves or as what was left of them when they were erased, and which is
    /// which.
    private Map<String, String> writtenAs(Collection<String> numbers) {
        var written = new HashMap<String, String>();
        for (var number : numbers) {
            written.put(number, number);
            written.put(hash.of(number), number);
        }
        return written;
    }

    /// Which of these numbers have opted out of a line.
    Set<String> optedOut(Tx tx, long lineId, Collection<String> numbers) {
        return which(
                standing(tx, lineId, numbers),
                each -> each.optOut
                        .filter(said -> said.state == State.OPTED_OUT)
                        .isPresent());
    }

    /// Which of these numbers nothing goes to for now.
    Set<String> held(Tx tx, long lineId, Collection<String> numbers) {
        return which(standing(tx, lineId, numbers), Standing::held);
    }

    private static Set<String> which(Map<OnLine, Standing> standing, Predicate<Standing> holds) {
        return standing.entrySet().stream()
                .filter(each -> holds.test(each.getValue()))
                .map(each -> each.getKey().number())
                .collect(Collectors.toSet());
    }

    /// Empty for a number that never said anything about it.
    public Optional<OptOut> find(Tx tx, long lineId, String number) {
        return Optional.ofNullable(standing(tx, lineId, List.of(number)).get(new OnLine(lineId, number)))
                .flatMap(Standing::optOut);
    }

    public enum State implements Labelled {
        OPTED_OUT,
        /// It wrote what reads like an opt-out; until somebody decides, nothing is sent.
        SUSPECTED,
        OPTED_IN
    }

    /// Whether a number wants texts of a line.
    ///
    /// @param messageId the text that led to it
    public record OptOut(
            long id,
            long lineId,
            String number,
            State state,
            Instant since,
            Optional<Instant> decideBy,
            Optional<Long> messageId) {

        OptOut of(String other) {
            return new OptOut(id, lineId, other, state, since, decideBy, messageId);
        }
    }

    public record OnLine(long lineId, String number) {

        static Map<Long, List<String>> byLine(Collection<OnLine> these) {
            return these.stream()
                    .collect(Collectors.groupingBy(
                            OnLine::lineId, Collectors.mapping(OnLine::number, Collectors.toList())));
        }
    }

    /// @param what `opted-out`, `opted-in`, `suspected`, `confirmed`, `dismissed`, `expired`
    public record Change(
            long optOutId,
            Instant at,
            String what,
            Optional<Long> accountId,
            Optional<String> accountName,
            Optional<Long> messageId,
            Optional<String> text) {}

    private static final String COLUMNS = "o.id, o.line_id, o.number, o.state, o.since, o.decide_by, o.message_id";

    private static OptOut read(ResultSet row) throws SQLException {
        return new OptOut(
                row.getLong("id"),
                row.getLong("line_id"),
                row.getString("number"),
                Labelled.of(State.class, row.getString("state")),
                Times.instant(row, "since"),
                Times.maybe(row, "decide_by"),
                Sql.maybeLong(row, "message_id"));
    }

    private static final String BY_ID = "SELECT " + COLUMNS + " FROM opt_out o WHERE o.id = ?";

    public Optional<OptOut> byId(Connection connection, long id) {
        return Sql.first(connection, BY_ID, OptOutStore::read, id);
    }

    /// Which of these numbers have opted out, of which lines.
    Set<OnLine> optedOut(Connection connection, Collection<String> numbers) {
        if (numbers.isEmpty()) {
            return Set.of();
        }
        var written = writtenAs(numbers);
        return new HashSet<>(Sql.list(
                connection,
                "SELECT o.line_id, o.number FROM opt_out o WHERE o.state = 'opted-out' AND o.number IN ("
                        + Sql.marks(written.size()) + ")",
                row -> new OnLine(row.getLong("line_id"), written.getOrDefault(row.getString("number"), "")),
                written.keySet()));
    }

    private static final String PUT = """
            INSERT INTO opt_out (line_id, number, state, since, decide_by, message_id) VALUES (?, ?, ?, ?, ?, ?)
            ON DUPLICATE KEY UPDATE state = VALUE(state), since = VALUE(since), decide_by = VALUE(decide_by),
                                    message_id = COALESCE(VALUE(message_id), message_id)
            """;

    /// A number that was erased says something: it is in use again.
    private static final String AGAIN = "UPDATE opt_out SET number = ? WHERE line_id = ? AND number = ?";

    public OptOut put(
            Tx tx,
            long lineId,
            String number,
            State state,
            Instant at,
            Optional<Instant> decideBy,
            Optional<Long> messageId) {
        known.forget(tx, new OnLine(lineId, number));
        tx.update(AGAIN, number, lineId, hash.of(number));
        tx.update(PUT, lineId, number, state.label(), at, decideBy, messageId);
        return find(tx, lineId, number).orElseThrow();
    }

    private static final String NOTE = """
            INSERT INTO opt_out_history (opt_out_id, at, what, account_id, message_id, text) VALUES (?, ?, ?, ?, ?, ?)
            """;

    private static final int TEXT_MAX = 500;

    public void note(
            Tx tx,
            long optOutId,
            Instant at,
            String what,
            Optional<Long> accountId,
            Optional<Long> messageId,
            Optional<String> text) {
        tx.update(NOTE, optOutId, at, what, accountId, messageId, text.map(each -> Texts.cut(each, TEXT_MAX)));
    }

    /// A page, newest first.
    ///
    /// @param conditions all of them hold; each names `opt_out` as `o`
    public List<OptOut> page(Connection connection, List<Condition> conditions, long before, int limit) {
        var sql = new StringBuilder("SELECT " + COLUMNS + " FROM opt_out o WHERE o.id < ?");
        var values = new ArrayList<Object>();
        values.add(before);
        for (var condition : conditions) {
            sql.append(" AND ").append(condition.sql());
            values.addAll(condition.parameters());
        }
        sql.append(" ORDER BY o.id DESC LIMIT ?");
        values.add(limit);
        return Sql.list(connection, sql.toString(), OptOutStore::read, values);
    }

    /// What led to each, oldest first; none for those missing.
    public Map<Long, List<Change>> history(Connection connection, Collection<Long> ids) {
        var found = new HashMap<Long, List<Change>>();
        if (ids.isEmpty()) {
            return found;
        }
        for (var each : Sql.list(
                connection,
                "SELECT h.opt_out_id, h.at, h.what, h.account_id, a.name, h.message_id, h.text FROM opt_out_history h"
                        + " LEFT JOIN account a ON a.id = h.account_id WHERE h.opt_out_id IN ("
                        + Sql.marks(ids.size()) + ") ORDER BY h.id",
                row -> new Change(
                        row.getLong("opt_out_id"),
                        Times.instant(row, "at"),
                        row.getString("what"),
                        Sql.maybeLong(row, "account_id"),
                        Sql.maybeText(row, "name"),
                        Sql.maybeLong(row, "message_id"),
                        Sql.maybeText(row, "text")),
                ids)) {
            found.computeIfAbsent(each.optOutId(), _ -> new ArrayList<>()).add(each);
        }
        return found;
    }

    private static final String UNTEXTED = """
            UPDATE opt_out_history SET text = NULL WHERE opt_out_id IN (SELECT id FROM opt_out WHERE number = ?)
            """;

    private static final String UNSAID = """
            DELETE FROM opt_out_history
             WHERE opt_out_id IN (SELECT id FROM opt_out WHERE number = ? AND state = 'opted-in')
            """;

    private static final String NO_OPT_OUT = "DELETE FROM opt_out WHERE number = ? AND state = 'opted-in'";

    private static final String AS_HASH =
            "UPDATE opt_out SET number = ?, state = 'opted-out', decide_by = NULL WHERE number = ?";

    private static final String NO_HOLD = "DELETE FROM hold WHERE number = ?";

    /// What a number said about texts of any line stays as its hash, as far as it does not want them; what nobody has
    /// decided about counts as that. Memory has been forgotten.
    void erase(Tx tx, String number) {
        tx.update(UNTEXTED, number);
        tx.update(UNSAID, number);
        tx.update(NO_OPT_OUT, number);
        tx.update(AS_HASH, hash.of(number), number);
        tx.update(NO_HOLD, number);
    }

    private static final String OF_NUMBER = "SELECT " + COLUMNS + " FROM opt_out o WHERE o.number IN (?, ?)";

    /// On all lines.
    List<OptOut> ofNumber(Connection connection, String number) {
        return Sql.list(connection, OF_NUMBER, OptOutStore::read, number, hash.of(number));
    }

    private static final String DUE = "SELECT " + COLUMNS
            + " FROM opt_out o WHERE o.state = 'suspected' AND o.decide_by <= ?" + " ORDER BY o.decide_by LIMIT ?";

    /// The suspected ones that nobody has decided in time.
    public List<OptOut> due(Connection connection, Instant at, int limit) {
        return Sql.list(connection, DUE, OptOutStore::read, at, limit);
    }

    private static final String HOLD = "INSERT IGNORE INTO hold (line_id, number, reason, since) VALUES (?, ?, ?, ?)";

    void hold(Tx tx, long lineId, String number, HoldReason reason, Instant at) {
        known.forget(tx, new OnLine(lineId, number));
        tx.update(HOLD, lineId, number, reason.label(), at);
    }

    private static final String RELEASE = "DELETE FROM hold WHERE line_id = ? AND number = ? AND reason = ?";

    private static final String HELD = "SELECT number FROM hold WHERE line_id = ? AND number = ? LIMIT 1";

    /// Ends a hold for one reason.
    ///
    /// @return whether no other reason is left
    boolean release(Tx tx, long lineId, String number, HoldReason reason) {
        known.forget(tx, new OnLine(lineId, number));
        tx.update(RELEASE, lineId, number, reason.label());
        return Sql.first(tx.connection(), HELD, row -> row.getString("number"), lineId, number)
                .isEmpty();
    }

    /// Which of these numbers nothing goes to for now.
    static Set<String> held(Connection connection, long lineId, Collection<String> numbers) {
        return numbers.isEmpty()
                ? Set.of()
                : new HashSet<>(Sql.list(
                        connection,
                        "SELECT number FROM hold WHERE line_id = ? AND number IN (" + Sql.marks(numbers.size()) + ")",
                        row -> row.getString("number"),
                        lineId,
                        numbers));
    }
}
