package dev.parley.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A transaction under way, with what is still to be done at its end. Used by the writer's thread, and
/// not after its end. Several works may be part of it.
public final class Tx {

    /// Something done with the transaction's connection before it commits.
    @FunctionalInterface
    public interface Step {
        void run(Tx tx);
    }

    /// The way to the database. It may be opened late: what needs no SQL runs while the transaction
    /// before is being committed.
    interface Door {

        /// Waits until the transaction before has come to its end.
        ///
        /// @throws Behind if that came to nothing
        Connection connection() throws SQLException;

        /// A statement that stays prepared as long as the connection.
        PreparedStatement prepared(String sql) throws SQLException;

        /// Reads the rows behind `keys` at once, where the transaction before is still being committed and has changed
        /// none of them.
        default <T> Optional<T> ahead(Memory<?, ?> memory, Collection<?> keys, Work<T> reading) {
            return Optional.empty();
        }

        /// Reads at once, where SQL of the transaction before has changed nothing that is not committed yet.
        default <T> Optional<T> earlier(Work<T> reading) {
            return Optional.empty();
        }

        /// Waits until the tables have all that the transactions before have put in the journal.
        default void settle() throws SQLException {}
    }

    /// Ends what runs behind a transaction that came to nothing. No exception that anybody is to catch
    /// on the way.
    static final class Behind extends Error {
        private static final long serialVersionUID = 1L;

        Behind() {
            super(null, null, false, false);
        }
    }

    private static final int DUPLICATE = 1062;

    private final Door door;
    private final TreeMap<Rows, List<@Nullable Object[]>> added = new TreeMap<>();
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final List<Step> lastSteps = new ArrayList<>();
    private final List<Step> guards = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<Runnable> onRollback = new ArrayList<>();
    private final IdentityHashMap<Object, Object> kept = new IdentityHashMap<>();
    private @Nullable Throwable passedOver;

    /// What works were found to need of memories that do not have it.
    private final Map<Memory<?, ?>, Set<Object>> wanted = new LinkedHashMap<>();

    /// What was loaded of it. A memory remembers no key without a value, which is not asked for again.
    private final Map<Memory<?, ?>, Set<Object>> loaded = new HashMap<>();

    /// What works have changed of the rows behind memories.
    private final Map<Memory<?, ?>, Set<Object>> changed = new HashMap<>();
    private boolean hasChangedAny;

    private Stance stance = Stance.WHOLE;
    private int questions;

    /// Whether SQL of this transaction has changed anything, or may have.
    private volatile boolean hasWritten;

    /// Whether its rows go to the journal: nothing but guards runs any more.
    private boolean isJournalled;

    /// What becomes of a work that needs what no memory has.
    private enum Stance {
        /// It is loaded at once.
        WHOLE,
        /// A work that has done nothing yet is run again when what it and those behind it need is
        /// loaded.
        PATIENT,
        /// It runs only to find out what it will need, and no further than to the first thing that it
        /// does.
        ASKED,
        /// There is none: a memory reads what it does not have.
        READING
    }

    /// Ends a work that is to be run again. No exception that anybody is to catch on the way.
    static final class NotYet extends Error {
        private static final long serialVersionUID = 1L;

        private NotYet() {
            super(null, null, false, false);
        }
    }

    // What the work at hand has done: see begin().
    private boolean canBeUndone;
    private final Map<Rows, Integer> addedBefore = new HashMap<>();
    private boolean hasAdded;
    private int actionsBefore;
    private int undoingBefore;

    Tx(Door door) {
        this.door = door;
    }

    /// For the loader of a memory, which reads and does nothing else.
    static Tx reading(Door door) {
        var reading = new Tx(door);
        reading.stance = Stance.READING;
        return reading;
    }

    // ---- For works ----

    /// The connection itself, for whatever SQL. Everything that was [#add]ed is executed first, so
    /// that the SQL sees it.
    public Connection connection() {
        acts();
        canBeUndone = false;
        hasWritten = true;
        return flushed();
    }

    /// A row that joins the other rows of its kind in one statement, executed before the next SQL of
    /// this transaction, at the latest at its end.
    ///
    /// @param values what [Sql] binds, as many as the kind has columns
    public void add(Rows kind, @Nullable Object... values) {
        if (values.length != kind.width()) {
            throw new IllegalArgumentException(values.length + " values for " + kind);
        }
        acts();
        hasAdded = true;
        added.computeIfAbsent(kind, _ -> new ArrayList<>()).add(values);
    }

    /// Runs a statement that changes rows; see [Sql#update].
    public int update(String sql, @Nullable Object... values) {
        return Sql.update(connection(), sql, values);
    }

    /// The same for several keys, which stand in `sql` as `IN (??)` and in `values` as one collection.
    /// For no keys nothing is done.
    public int updateAmong(Collection<?> keys, String sql, @Nullable Object... values) {
        return keys.isEmpty() ? 0 : update(Sql.spread(sql, keys), values);
    }

    /// Runs a statement that makes one row in a table that numbers its rows.
    ///
    /// @return the row's number
    public long insert(String sql, @Nullable Object... values) {
        try (var insert = connection().prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            Sql.bind(insert, values);
            insert.executeUpdate();
            try (var keys = insert.getGeneratedKeys()) {
                keys.next();
                return keys.getLong(1);
            }
        } catch (SQLException e) {
            throw Sql.passing(e);
        }
    }

    /// Reads rows; see [Sql#list]. A work that only reads is undone without the others.
    public <T> List<T> list(String sql, Sql.Reader<T> reader, @Nullable Object... values) {
        asks();
        return Sql.list(flushed(), sql, reader, values);
    }

    /// Reads the first row; see [Sql#first].
    public <T> Optional<T> first(String sql, Sql.Reader<T> reader, @Nullable Object... values) {
        return list(sql, reader, values).stream().findFirst();
    }

    /// Reads rows as they were a moment ago, and waits for nothing. All that SQL of earlier
    /// transactions has done is seen; of the rows that they have only [#add]ed what the tables have by
    /// now: the beginning of it, in the order of the transactions.
    ///
    /// @return empty where that cannot be had: SQL has changed something that is not committed yet
    public <T> Optional<List<T>> listEarlier(String sql, Sql.Reader<T> reader, @Nullable Object... values) {
        asks();
        return hasWritten || hasChangedAny ? Optional.empty() : door.earlier(tx -> tx.list(sql, reader, values));
    }

    /// Runs `step` after the works and before the commit, in the order of the calls. A step may add
    /// steps.
    public void beforeCommit(Step step) {
        acts();
        canBeUndone = false;
        steps.add(step);
    }

    /// Runs `step` after all others, directly before the commit.
    public void lastBeforeCommit(Step step) {
        acts();
        canBeUndone = false;
        lastSteps.add(step);
    }

    /// Runs `guard` when everything else is executed, directly before the commit: it may ask the
    /// database and refuse, by an exception, and do nothing else but say what is to be done
    /// [#onRollback]. The works of the next transaction may be running by then, on another thread.
    public void guard(Step guard) {
        acts();
        canBeUndone = false;
        guards.add(guard);
    }

    /// What has been read is not so any more: another node has written. The transaction comes to nothing, memory is
    /// forgotten, and its works run again.
    ///
    /// @return nothing: it throws
    public RuntimeException conflict(String why) {
        throw Sql.passing(Writer.conflict(new SQLException(why)));
    }

    /// Runs `action` on the writer's thread once the transaction is durable, before those who wait for
    /// it are answered, in the order of the calls. It must be quick, and must not throw: what is
    /// committed is committed.
    public void afterCommit(Runnable action) {
        acts();
        afterCommit.add(action);
    }

    /// Undoes a change of memory that a work has made, on the writer's thread, if the transaction
    /// comes to nothing. The latest change is undone first. Must not throw.
    public void onRollback(Runnable undo) {
        acts();
        onRollback.add(undo);
    }

    /// What `owner` keeps for this transaction; made by `first` at the first call.
    @SuppressWarnings("unchecked") // one owner always keeps one type
    public <T> T kept(Object owner, Supplier<T> first) {
        acts();
        canBeUndone = false;
        return (T) kept.computeIfAbsent(owner, _ -> first.get());
    }

    // ---- For memories ----

    /// A work needs what a memory does not have.
    void waitsFor(Memory<?, ?> memory, Collection<?> keys) {
        if (stance == Stance.READING) {
            throw new IllegalStateException("the loader of a memory asks another memory");
        }
        if (stance != Stance.WHOLE && !loaded.getOrDefault(memory, Set.of()).containsAll(keys)) {
            wanted.computeIfAbsent(memory, _ -> new LinkedHashSet<>()).addAll(keys);
            throw new NotYet();
        }
    }

    /// The row behind a key of a memory is changed.
    void changes(Memory<?, ?> memory, Object key) {
        changed.computeIfAbsent(memory, _ -> new HashSet<>()).add(key);
    }

    /// Any row behind any memory may be changed.
    void changesAny() {
        hasChangedAny = true;
    }

    /// Whether SQL of this transaction has changed anything, or may have.
    boolean hasWritten() {
        return hasWritten;
    }

    Map<Memory<?, ?>, Set<Object>> changed() {
        return changed;
    }

    /// Whether a row behind one of these keys is changed.
    boolean hasChanged(Memory<?, ?> memory, Collection<?> keys) {
        return hasChangedAny || !Collections.disjoint(changed.getOrDefault(memory, Set.of()), keys);
    }

    /// Reads what a memory does not have: at once where the transaction before has changed nothing of it, else behind
    /// that.
    <K, V> Map<K, V> load(Memory<K, V> memory, Memory.Loader<K, V> loader, List<K> keys) {
        var ahead = hasChanged(memory, keys)
                ? Optional.<Map<K, V>>empty()
                : door.ahead(memory, keys, tx -> loader.load(tx, keys));
        return ahead.isPresent() ? ahead.get() : loader.load(this, keys);
    }

    /// The work does something: from here on it is not run twice for the sake of what others need.
    private void acts() {
        if (stance == Stance.READING) {
            return;
        }
        if (stance == Stance.ASKED) {
            throw new NotYet();
        }
        stance = Stance.WHOLE;
    }

    /// The work asks the database itself, which need not be twice.
    private void asks() {
        if (stance == Stance.ASKED) {
            throw new NotYet();
        }
    }

    // ---- For the writer ----

    /// The next work begins.
    ///
    /// @param patient whether it is run again, by [NotYet], where it needs what no memory has: others
    /// behind it may need the like, and one question does for all
    void begin(boolean patient) {
        stance = patient ? Stance.PATIENT : Stance.WHOLE;
        canBeUndone = true;
        hasAdded = false;
        addedBefore.clear();
        added.forEach((kind, rows) -> addedBefore.put(kind, rows.size()));
        actionsBefore = afterCommit.size();
        undoingBefore = onRollback.size();
    }

    /// Finds out what a work will need of memories.
    void ask(Work<?> work) {
        stance = Stance.ASKED;
        try {
            work.run(this);
        } catch (NotYet _) {
            // found
        } catch (SQLException | RuntimeException e) {
            // it will say so again when it is run
        } finally {
            stance = Stance.WHOLE;
            passedOver = null;
        }
    }

    /// Whether works of this transaction may still be asked.
    boolean mayAsk() {
        return questions < Writer.QUESTIONS_MAX;
    }

    /// Loads what was found to be needed.
    void loadWanted() throws SQLException {
        questions++;
        stance = Stance.WHOLE;
        for (var each : wanted.entrySet()) {
            each.getKey().load(this, each.getValue());
            loaded.computeIfAbsent(each.getKey(), _ -> new HashSet<>()).addAll(each.getValue());
        }
        wanted.clear();
    }

    /// Takes back all of the work at hand, if nothing of it has reached the database.
    boolean undo() {
        if (!canBeUndone) {
            return false;
        }
        added.forEach((kind, rows) -> truncate(rows, addedBefore.getOrDefault(kind, 0)));
        truncate(afterCommit, actionsBefore);
        undoFrom(undoingBefore);
        passedOver = null;
        return true;
    }

    private static void truncate(List<?> list, int size) {
        list.subList(size, list.size()).clear();
    }

    private void undoFrom(int size) {
        for (var undo : onRollback.subList(size, onRollback.size()).reversed()) {
            undo.run();
        }
        truncate(onRollback, size);
    }

    /// Runs what is part of this transaction inside of the work at hand.
    <T extends @Nullable Object> T inside(Work<T> work) {
        try {
            return work.run(this);
        } catch (SQLException e) {
            passedOver = e;
            throw Sql.passing(e);
        } catch (RuntimeException e) {
            passedOver = e;
            throw e;
        }
    }

    /// Half of something must not be committed because its exception was caught on the way.
    void requireWhole() {
        if (passedOver != null) {
            throw new IllegalStateException("a transaction inside of another failed, and was passed over", passedOver);
        }
    }

    /// Runs the steps that were asked for so far. Works may follow, and steps of theirs.
    void runSteps() throws SQLException {
        stance = Stance.WHOLE;
        for (var step = steps.poll(); step != null; step = steps.poll()) {
            step.run(this);
        }
    }

    void runStepsBeforeCommit() throws SQLException {
        runSteps();
        for (var step : lastSteps) {
            step.run(this);
        }
    }

    /// Executes what is left to be executed before the commit. Where nothing was executed yet, the rows go to the
    /// journal, if that takes them.
    ///
    /// @return what has gone there
    Optional<Journal.Entry> end(WriteBehind behind) throws SQLException {
        behind.requireNoDoubt();
        isJournalled = !hasWritten && !hasChangedAny && !added.isEmpty() && behind.takes(added.keySet());
        if (!isJournalled) {
            flush();
        }
        if (hasWritten) {
            behind.requireOurs(door);
        }
        for (var guard : guards) {
            guard.run(this);
        }
        var entry = isJournalled ? behind.append(door, added) : Optional.<Journal.Entry>empty();
        if (entry.isEmpty() && isJournalled) {
            isJournalled = false;
            flush();
            behind.requireOurs(door);
        }
        return entry;
    }

    /// The connection, once the tables have what the journal holds and what was [#add]ed.
    private Connection flushed() {
        try {
            flush();
            return settled();
        } catch (SQLException e) {
            throw Sql.passing(e);
        }
    }

    /// The connection, once the tables have what the journal holds.
    private Connection settled() throws SQLException {
        var connection = door.connection();
        if (!isJournalled) {
            door.settle();
        }
        return connection;
    }

    /// Executes what was [#add]ed and is not executed yet.
    private void flush() throws SQLException {
        if (added.isEmpty() || isJournalled) {
            return;
        }
        settled();
        hasWritten = true;
        canBeUndone &= !hasAdded;
        addedBefore.clear();
        for (var kind = added.pollFirstEntry(); kind != null; kind = added.pollFirstEntry()) {
            try {
                execute(door, kind.getKey(), latest(kind.getKey(), kind.getValue()));
            } catch (SQLException e) {
                throw kind.getKey().isContended() && e.getErrorCode() == DUPLICATE ? Writer.conflict(e) : e;
            }
        }
    }

    /// Without the rows that a later one replaces.
    private static List<@Nullable Object[]> latest(Rows kind, List<@Nullable Object[]> rows) {
        if (!kind.isUpdate() || rows.size() < 2) {
            return rows;
        }
        var latest = new LinkedHashMap<@Nullable Object, @Nullable Object[]>();
        for (var row : rows) {
            latest.put(row[0], row);
        }
        return List.copyOf(latest.values());
    }

    /// Executes rows of a kind, none of which replaces another.
    static void execute(Door door, Rows kind, List<@Nullable Object[]> rows) throws SQLException {
        for (int done = 0; done < rows.size(); ) {
            int size = kind.next(rows.size() - done);
            var form = kind.form(rows, done, size);
            var statement = door.prepared(kind.statement(form));
            kind.bind(statement, form, rows, done);
            statement.executeUpdate();
            done += size;
        }
    }

    List<Runnable> actionsAfterCommit() {
        return afterCommit;
    }

    void rolledBack() {
        undoFrom(0);
    }
}
