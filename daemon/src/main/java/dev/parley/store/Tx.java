package dev.parley.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;

/// A transaction under way, with what is still to be done at its end. Used by one thread, and not after its
/// end.
public final class Tx {

    /// Something done with the transaction's connection before it commits.
    @FunctionalInterface
    public interface Step {
        void run(Tx tx) throws SQLException;
    }

    private final Connection connection;
    private final ArrayDeque<Step> steps = new ArrayDeque<>();
    private final List<Step> lastSteps = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final IdentityHashMap<Object, Object> kept = new IdentityHashMap<>();

    Tx(Connection connection) {
        this.connection = connection;
    }

    public Connection connection() {
        return connection;
    }

    /// Runs `step` after the work and before the commit, in the order of the calls. A step may add steps.
    public void beforeCommit(Step step) {
        steps.add(step);
    }

    /// Runs `step` after all others, directly before the commit: for rows that everybody updates (a counter),
    /// so that their lock is held as briefly as can be.
    public void lastBeforeCommit(Step step) {
        lastSteps.add(step);
    }

    /// Runs `action` on the same thread once the transaction is durable, in the order of the calls. It must
    /// be quick, and must not throw: what is committed is committed.
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /// What `owner` keeps for this transaction; made by `first` at the first call.
    @SuppressWarnings("unchecked") // one owner always keeps one type
    public <T> T kept(Object owner, Supplier<T> first) {
        return (T) kept.computeIfAbsent(owner, _ -> first.get());
    }

    void runStepsBeforeCommit() throws SQLException {
        for (var step = steps.poll(); step != null; step = steps.poll()) {
            step.run(this);
        }
        for (var step : lastSteps) {
            step.run(this);
        }
    }

    List<Runnable> actionsAfterCommit() {
        return afterCommit;
    }
}
