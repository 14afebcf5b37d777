package dev.parley.store;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// Brings the tables up to date, or says in one sentence what is wrong with the database that it
/// was given. What can be wrong are mistakes of an operator: a database that a newer program wrote
/// to, one that is somebody else's, a right that was not granted.
final class Schema {

    /// States of a migration that the database has had and this program does not know.
    private static final Set<MigrationState> UNKNOWN = EnumSet.of(
            MigrationState.FUTURE_SUCCESS,
            MigrationState.FUTURE_FAILED,
            MigrationState.MISSING_SUCCESS,
            MigrationState.MISSING_FAILED);

    /// What MariaDB says when a right is missing: on the database (1044), a table (1142), a column
    /// (1143), a routine (1370), for the whole server (1227).
    private static final Set<Integer> NO_RIGHT = Set.of(1044, 1142, 1143, 1227, 1370);

    private Schema() {}

    /// Whether there is anything to change.
    ///
    /// @throws StoreUnavailable with a sentence that says what to do, if this program cannot use the database
    static boolean isDue(DataSource database) {
        var flyway = flyway(database);
        try {
            refuseNewer(flyway);
            refuseChanged(flyway);
            return Arrays.stream(flyway.info().all())
                    .map(MigrationInfo::getState)
                    .anyMatch(state -> !state.isApplied() || state.isFailed());
        } catch (FlywayException e) {
            throw new StoreUnavailable(sentence(e), e);
        }
    }

    private static Flyway flyway(DataSource database) {
        return Flyway.configure()
                .dataSource(database)
                .locations("classpath:db/migration")
                // Each feature numbers its migrations in a range of its own, so a lower number may
                // well come later.
                .outOfOrder(true)
                .load();
    }

    /// @throws StoreUnavailable with a sentence that says what to do
    static void bringUpToDate(DataSource database) {
        try {
            flyway(database).migrate();
        } catch (FlywayException e) {
            throw new StoreUnavailable(sentence(e), e);
        }
    }

    private static void refuseNewer(Flyway flyway) {
        var unknown = Arrays.stream(flyway.info().all())
                .filter(migration -> UNKNOWN.contains(migration.getState()))
                .map(migration -> "V" + migration.getVersion() + " " + migration.getDescription())
                .collect(Collectors.joining(", "));
        if (!unknown.isEmpty()) {
            throw new StoreUnavailable(
                    "The database was used by another version of Parley, which this one does not know (" + unknown
                            + "). Install that version or a newer one, or restore a backup that this version made.");
        }
    }

    private static void refuseChanged(Flyway flyway) {
        var changed = Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getState().isApplied() && !migration.isChecksumMatching())
                .map(migration -> "V" + migration.getVersion() + " " + migration.getDescription())
                .collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            throw new StoreUnavailable("The database was made by other migrations than those of this version ("
                    + changed + " changed). Install the version of Parley that it belongs to, or give this one an empty"
                    + " database.");
        }
    }

    private static String sentence(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && NO_RIGHT.contains(sql.getErrorCode())) {
                return "The database's user may not make or change tables (" + sql.getMessage()
                        + "). Grant it all rights on its database: GRANT ALL ON parley.* TO parley@'HOST'.";
            }
        }
        var message = String.valueOf(e.getMessage());
        if (message.contains("non-empty schema")) {
            return "The database has tables that are not Parley's. Give it a database of its own: CREATE DATABASE parley.";
        }
        if (message.contains("failed migration")) {
            return "An earlier start was broken off in the middle of a change to the tables ("
                    + message.lines()
                            .filter(line -> line.contains("failed migration"))
                            .findFirst()
                            .orElse("")
                    + "). Restore the backup from before the upgrade.";
        }
        return "The database schema could not be brought up to date: "
                + message.lines().findFirst().orElse("")
                + " Restore the database from a backup, or run the version of Parley that it belongs to.";
    }
}
