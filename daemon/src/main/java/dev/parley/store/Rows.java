package dev.parley.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A statement that takes any number of rows: what [Tx#add] collects, and one transaction executes at
/// once.
///
/// What a row costs the server is a tenth in a statement of many of what it costs in one of its own.
/// So all works of a transaction add their rows to the same few statements, and these are executed
/// when somebody is to see them: before the next SQL of the transaction, or before its commit.
///
/// The number of rows is rounded up to one of [#SIZES], or, where no row may be said twice, made up of a
/// few, so that the statements stay prepared on the server.
public final class Rows implements Comparable<Rows> {

    /// Sizes of statements. Those of everyday are all here: each further statement of a transaction
    /// costs as much as some rows.
    static final List<Integer> SIZES =
            List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 96, 128);

    /// Sizes of statements that say no row twice, and are split where none fits.
    private static final List<Integer> WHOLE_SIZES = IntStream.concat(
                    IntStream.rangeClosed(1, 32), IntStream.of(36, 40, 44, 48, 56, 64, 72, 80, 96, 128))
            .boxed()
            .toList();

    private static final AtomicLong MADE = new AtomicLong();

    private final long order = MADE.incrementAndGet();
    private final int rank;
    private final String head;
    private final String row;
    private final String tail;
    private final int width;
    private final boolean isIdempotent;
    private final int keys;

    /// What an update changes; empty for other kinds.
    private final Optional<Change> change;

    private boolean isContended;
    private final ConcurrentHashMap<Form, String> statements = new ConcurrentHashMap<>();

    /// What an update changes by its key, where it need not be joined with its values.
    ///
    /// @param head up to the first column that gets a value
    /// @param byCases whether columns of which the rows have values of their own are given by cases;
    /// else all of them must be alike
    private record Change(String head, String key, List<String> columns, boolean byCases) {

        String statement(Form form) {
            var cases = " = CASE " + key + " WHEN ? THEN ?".repeat(form.rows) + " END";
            return IntStream.range(0, columns.size())
                    .mapToObj(i -> columns.get(i) + (i < form.alike ? " = ?" : cases))
                    .collect(Collectors.joining(", ", head, " WHERE " + key + " IN (" + marks(form.rows) + ")"));
        }
    }

    /// A statement of a kind.
    ///
    /// @param alike how many columns behind the key have the same value in all rows, and are said once;
    /// 0 in a statement that gives each row all of its values
    record Form(int rows, int alike) {}

    private Rows(int rank, String head, String row, String tail, boolean isIdempotent, int keys) {
        this(rank, head, row, tail, isIdempotent, keys, Optional.empty());
    }

    private Rows(
            int rank, String head, String row, String tail, boolean isIdempotent, int keys, Optional<Change> change) {
        this.change = change;
        this.rank = rank;
        this.head = head;
        this.row = row;
        this.tail = tail;
        this.width = Math.toIntExact(row.chars().filter(c -> c == '?').count());
        this.isIdempotent = isIdempotent;
        this.keys = keys;
    }

    /// New rows of `table`.
    ///
    /// @param rank kinds of lower rank are executed first: parents before their children, inserts
    /// before updates
    public static Rows inserted(int rank, String table, String... columns) {
        return inserted(rank, "INSERT INTO " + table + " (" + String.join(", ", columns) + ")", columns.length, "");
    }

    /// New rows, with another beginning or end of the statement (`INSERT IGNORE`, `ON DUPLICATE KEY
    /// UPDATE …`).
    public static Rows inserted(int rank, String head, int columns, String tail) {
        return new Rows(rank, head + " VALUES ", "(" + marks(columns) + ")", " " + tail, false, 0);
    }

    /// Rows of `table` that get new values, found by their key. A row that is not there changes
    /// nothing. Of two changes of one row in one transaction the later counts, so both must set all of
    /// `columns`. Rows that all get the same are changed without a join.
    ///
    /// @param key a column of the primary key
    public static Rows updated(int rank, String table, String key, String... columns) {
        var names = key + ", " + String.join(", ", columns);
        // The empty first part of the union gives the values the types of the columns. The join goes
        // from the values to the table by its key, whatever the optimizer believes of a table that has
        // grown since it was last counted.
        var head = "UPDATE (SELECT " + names + " FROM " + table + " WHERE FALSE UNION ALL VALUES ";
        var tail = ") AS given STRAIGHT_JOIN " + table + " FORCE INDEX (PRIMARY) ON " + table + "." + key + " = given."
                + key + " SET "
                + Stream.of(columns)
                        .map(column -> table + "." + column + " = given." + column)
                        .collect(Collectors.joining(", "));
        var change = new Change("UPDATE " + table + " SET ", key, List.of(columns), false);
        return new Rows(rank, head, "(" + marks(columns.length + 1) + ")", tail, true, 1, Optional.of(change));
    }

    /// The same for rows that get most of their values alike, and a few of their own. Those are picked
    /// from a list for each row, which grows with the square of the rows: for few columns, it costs
    /// less than a join. What all rows of a statement happen to get alike is said once, so that a row
    /// costs half as much.
    ///
    /// @param alike such as `status = 'sent', error_code = NULL`; may be empty
    /// @param columns those first that are alike most often: the first that differs ends what is said
    /// once
    public static Rows updatedTo(int rank, String table, String key, String alike, String... columns) {
        var head = "UPDATE " + table + " SET " + alike + (alike.isEmpty() ? "" : ", ");
        var change = new Change(head, key, List.of(columns), true);
        return new Rows(rank, head, "(" + marks(columns.length + 1) + ")", "", true, 1, Optional.of(change));
    }

    /// A statement about a list of keys.
    ///
    /// @param head up to `IN (`, such as `DELETE FROM part WHERE id IN (`
    public static Rows listed(int rank, String head) {
        return new Rows(rank, head, "?", ")", true, 1);
    }

    /// The same, where a key that is there already was made by another node: a conflict, after which
    /// memory is forgotten and the transaction is run again.
    public Rows contended() {
        isContended = true;
        return this;
    }

    private static String marks(int count) {
        return String.join(", ", Collections.nCopies(count, "?"));
    }

    /// Values of a row.
    int width() {
        return width;
    }

    /// Whether a row may be said twice in one statement, to fill it up.
    boolean isIdempotent() {
        return isIdempotent;
    }

    /// How many values in front make the row that a later row replaces; 0 where each row counts.
    int keys() {
        return keys;
    }

    boolean isContended() {
        return isContended;
    }

    /// The statement for `size` rows from `first` on.
    Form form(List<@Nullable Object[]> rows, int first, int size) {
        return new Form(size, change.map(of -> alike(of, rows, first, size)).orElse(0));
    }

    private static int alike(Change change, List<@Nullable Object[]> rows, int first, int size) {
        var model = rows.get(first);
        int alike = change.columns.size();
        for (int i = first + 1; i < Math.min(first + size, rows.size()) && alike > 0; i++) {
            var row = rows.get(i);
            for (int column = 0; column < alike; column++) {
                if (!Objects.equals(model[column + 1], row[column + 1])) {
                    alike = column;
                }
            }
        }
        return change.byCases || alike == change.columns.size() ? alike : 0;
    }

    private boolean isJoined(Form form) {
        return change.isEmpty() || (!change.get().byCases && form.alike == 0);
    }

    String statement(Form wanted) {
        return statements.computeIfAbsent(
                wanted,
                form -> isJoined(form)
                        ? IntStream.range(0, form.rows).mapToObj(_ -> row).collect(Collectors.joining(", ", head, tail))
                        : change.orElseThrow().statement(form));
    }

    /// Binds the rows of a form from `first` on; the last one fills up what is left.
    void bind(PreparedStatement statement, Form form, List<@Nullable Object[]> rows, int first) throws SQLException {
        int last = Math.min(first + form.rows, rows.size()) - 1;
        int index = 1;
        if (isJoined(form)) {
            for (int i = 0; i < form.rows; i++) {
                for (var value : rows.get(Math.min(first + i, last))) {
                    Sql.bind(statement, index++, value);
                }
            }
            return;
        }
        for (int column = 1; column <= form.alike; column++) {
            Sql.bind(statement, index++, rows.get(first)[column]);
        }
        for (int column = form.alike + 1; column < width; column++) {
            for (int i = 0; i < form.rows; i++) {
                var row = rows.get(Math.min(first + i, last));
                Sql.bind(statement, index++, row[0]);
                Sql.bind(statement, index++, row[column]);
            }
        }
        for (int i = 0; i < form.rows; i++) {
            Sql.bind(statement, index++, rows.get(Math.min(first + i, last))[0]);
        }
    }

    /// How many rows of `left` the next statement takes.
    int next(int left) {
        var fitting = isIdempotent
                ? SIZES.stream().filter(size -> size >= left).findFirst()
                : WHOLE_SIZES.reversed().stream().filter(size -> size <= left).findFirst();
        return fitting.orElse(SIZES.getLast());
    }

    @Override
    public int compareTo(Rows other) {
        return rank != other.rank ? Integer.compare(rank, other.rank) : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(order);
    }

    @Override
    public String toString() {
        return statement(new Form(1, 0));
    }
}
