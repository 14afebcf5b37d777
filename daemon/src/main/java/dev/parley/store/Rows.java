package dev.parley.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    private static final Pattern CONSTANT =
            Pattern.compile("(?<column>\\w+) = (?:'(?<text>[^']*)'|(?<number>\\d+)|NULL)(?:, *|$)");

    private static final Pattern BETWEEN_NAMES = Pattern.compile(",\\s*");

    private static final Form ONE = new Form(1, 0);

    /// Columns for which picking a row's value from a list costs less than a join.
    private static final int CASES_MAX = 6;

    private static final AtomicLong MADE = new AtomicLong();

    private final long order = MADE.incrementAndGet();
    private final int rank;
    private final String head;
    private final int width;
    private final String tail;

    /// What its rows set, where that is plain.
    private final Optional<Target> target;

    private final long number;
    private boolean isContended;
    private boolean isAtOnce;
    private final ConcurrentHashMap<Form, String> statements = new ConcurrentHashMap<>();

    /// How an update says what its rows set.
    private enum Manner {
        /// It makes rows.
        NEW,
        /// By a join with the values, unless all rows get the same.
        JOINED,
        /// By cases for the columns of which the rows have values of their own.
        CASES
    }

    /// What each row of a kind sets, and nothing else.
    ///
    /// @param key a column that tells one row of the table from all others
    /// @param constants columns that get the same in every row, and what that is: text, a whole number, or null
    /// @param columns those that get a value of the row's own; of a new row with the key among them, else behind it
    record Target(
            String table, String key, Map<String, Optional<Object>> constants, List<String> columns, Manner manner) {

        boolean isNew() {
            return manner == Manner.NEW;
        }

        /// Up to the first column that gets a value.
        private String head() {
            return constants.entrySet().stream()
                    .map(each -> each.getKey() + " = "
                            + each.getValue().map(Target::literal).orElse("NULL") + ", ")
                    .collect(Collectors.joining("", "UPDATE " + table + " SET ", ""));
        }

        private static String literal(Object value) {
            return value instanceof String text ? "'" + text + "'" : value.toString();
        }

        private String changing(Form form) {
            var cases = " = CASE " + key + " WHEN ? THEN ?".repeat(form.rows) + " END";
            return IntStream.range(0, columns.size())
                    .mapToObj(i -> columns.get(i) + (i < form.alike ? " = ?" : cases))
                    .collect(Collectors.joining(", ", head(), " WHERE " + key + " IN (" + Sql.marks(form.rows) + ")"));
        }
    }

    /// A statement of a kind.
    ///
    /// @param alike how many columns behind the key have the same value in all rows, and are said once;
    /// 0 in a statement that gives each row all of its values
    record Form(int rows, int alike) {}

    private Rows(int rank, String head, int width, String tail, Optional<Target> target) {
        this.rank = rank;
        this.head = head;
        this.width = width;
        this.tail = tail;
        this.target = target;
        this.number = target.isEmpty()
                ? 0
                : UUID.nameUUIDFromBytes(single().getBytes(StandardCharsets.US_ASCII))
                        .getMostSignificantBits();
    }

    /// New rows of `table`.
    ///
    /// @param rank kinds of lower rank are executed first: parents before their children, inserts
    /// before updates
    /// @param columns their names between commas; first that by which rows of the table are changed, where any are
    public static Rows inserted(int rank, String table, String columns) {
        var names = names(columns);
        var target = new Target(table, names.getFirst(), Map.of(), names, Manner.NEW);
        var head = "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES ";
        return new Rows(rank, head, names.size(), "", Optional.of(target));
    }

    private static List<String> names(String columns) {
        return List.of(BETWEEN_NAMES.split(columns.strip(), -1));
    }

    /// New rows, with another beginning or end of the statement (`INSERT IGNORE`, `ON DUPLICATE KEY
    /// UPDATE …`).
    public static Rows inserted(int rank, String head, int columns, String tail) {
        return new Rows(rank, head + " VALUES ", columns, " " + tail, Optional.empty());
    }

    /// Rows of `table` that get new values, found by their key. A row that is not there changes
    /// nothing. Of two changes of one row in one transaction the later counts, so both must set all of
    /// `columns`. Rows that all get the same are changed without a join.
    ///
    /// @param key a column of the primary key
    /// @param columns their names between commas
    public static Rows updated(int rank, String table, String key, String columns) {
        var names = names(columns);
        // The empty first part of the union gives the values the types of the columns. The join goes
        // from the values to the table by its key, whatever the optimizer believes of a table that has
        // grown since it was last counted.
        var head = "UPDATE (SELECT " + key + ", " + String.join(", ", names) + " FROM " + table
                + " WHERE FALSE UNION ALL VALUES ";
        var tail = ") AS given STRAIGHT_JOIN " + table + " FORCE INDEX (PRIMARY) ON " + table + "." + key + " = given."
                + key + " SET "
                + names.stream()
                        .map(column -> table + "." + column + " = given." + column)
                        .collect(Collectors.joining(", "));
        var target = new Target(table, key, Map.of(), names, Manner.JOINED);
        return new Rows(rank, head, names.size() + 1, tail, Optional.of(target));
    }

    /// The same for rows that get most of their values alike, and a few of their own. Those are picked
    /// from a list for each row, which grows with the square of the rows: for few columns, it costs
    /// less than a join. What all rows of a statement happen to get alike is said once, so that a row
    /// costs half as much.
    ///
    /// @param alike such as `status = 'sent', error_code = NULL`: text without a quote in it, whole numbers, and
    /// `NULL`; may be empty
    /// @param columns their names between commas, those first that are alike most often: the first that differs
    /// ends what is said once
    public static Rows updatedTo(int rank, String table, String key, String alike, String columns) {
        var names = names(columns);
        var target = new Target(table, key, constants(alike), names, Manner.CASES);
        return new Rows(rank, "", names.size() + 1, "", Optional.of(target));
    }

    private static Map<String, Optional<Object>> constants(String alike) {
        var constants = new LinkedHashMap<String, Optional<Object>>();
        var said = CONSTANT.matcher(alike);
        int end = 0;
        while (said.find() && said.start() == end) {
            constants.put(
                    said.group("column"),
                    Optional.<Object>ofNullable(said.group("text"))
                            .or(() -> Optional.ofNullable(said.group("number")).map(Long::valueOf)));
            end = said.end();
        }
        if (end != alike.length()) {
            throw new IllegalArgumentException("not plain: " + alike.substring(end));
        }
        return constants;
    }

    /// The same rows with more columns, or other ones.
    Rows with(List<String> columns) {
        var of = target.orElseThrow();
        var names = String.join(", ", columns);
        if (of.isNew()) {
            return inserted(rank, of.table, names);
        }
        return columns.size() <= CASES_MAX
                ? updatedTo(rank, of.table, of.key, "", names)
                : updated(rank, of.table, of.key, names);
    }

    /// The same, where a key that is there already was made by another node: a conflict, after which
    /// memory is forgotten and the transaction is run again.
    public Rows contended() {
        isContended = true;
        return this;
    }

    /// The same, where nobody is to be told that it is done before the table itself has taken it.
    public Rows atOnce() {
        isAtOnce = true;
        return this;
    }

    /// Values of a row.
    int width() {
        return width;
    }

    /// Whether its rows change those of a table, each found by its first value: of two for one the later counts, and
    /// one may be said twice in a statement, to fill it up.
    boolean isUpdate() {
        return target.isPresent() && !target.get().isNew();
    }

    boolean isContended() {
        return isContended;
    }

    Optional<Target> target() {
        return target;
    }

    /// Whether such rows may be in the journal, and in the table a moment later.
    boolean mayWait() {
        return target.isPresent() && !isAtOnce;
    }

    /// The statement for one row that is plain, whatever it sets. An update takes the first value of a row behind all
    /// others.
    String single() {
        var of = target.orElseThrow();
        return of.isNew() ? statement(ONE) : of.changing(new Form(1, of.columns.size()));
    }

    /// Tells this kind from others in whatever process: it is made of [#single].
    long number() {
        return number;
    }

    /// The statement for `size` rows from `first` on.
    Form form(List<@Nullable Object[]> rows, int first, int size) {
        return new Form(size, target.map(of -> alike(of, rows, first, size)).orElse(0));
    }

    private static int alike(Target target, List<@Nullable Object[]> rows, int first, int size) {
        var model = rows.get(first);
        int alike = target.isNew() ? 0 : target.columns.size();
        for (int i = first + 1; i < Math.min(first + size, rows.size()) && alike > 0; i++) {
            var row = rows.get(i);
            for (int column = 0; column < alike; column++) {
                if (!Objects.equals(model[column + 1], row[column + 1])) {
                    alike = column;
                }
            }
        }
        return target.manner == Manner.CASES || alike == target.columns.size() ? alike : 0;
    }

    /// Whether a statement has its rows one after the other.
    private boolean isListed(Form form) {
        return target.map(of -> of.isNew() || (of.manner == Manner.JOINED && form.alike == 0))
                .orElse(true);
    }

    String statement(Form wanted) {
        return statements.computeIfAbsent(
                wanted,
                form -> isListed(form)
                        ? head + String.join(", ", Collections.nCopies(form.rows, "(" + Sql.marks(width) + ")")) + tail
                        : target.orElseThrow().changing(form));
    }

    /// Binds the rows of a form from `first` on; the last one fills up what is left.
    void bind(PreparedStatement statement, Form form, List<@Nullable Object[]> rows, int first) throws SQLException {
        int last = Math.min(first + form.rows, rows.size()) - 1;
        int index = 1;
        if (isListed(form)) {
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
        var fitting = isUpdate()
                ? SIZES.stream().filter(size -> size >= left).findFirst()
                : WHOLE_SIZES.reversed().stream().filter(size -> size <= left).findFirst();
        return fitting.orElse(SIZES.getLast());
    }

    @Override
    public int compareTo(Rows other) {
        return rank != other.rank ? Integer.compare(rank, other.rank) : Long.compare(order, other.order);
    }

    @Override
    public String toString() {
        return statement(ONE);
    }
}
