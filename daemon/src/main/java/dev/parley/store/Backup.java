package dev.parley.store;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// The whole database in one file, and back. The file is SQL, gzipped, a statement a line:
/// MariaDB's own client reads it as well. It is one moment of the database (`START TRANSACTION WITH
/// CONSISTENT SNAPSHOT`) while the daemon works on, and holds the tables as they were made, so that
/// an older backup comes back as it was and is brought up to date by the next start.
public final class Backup {

    private static final String FIRST_LINE = "-- Parley backup 1";

    /// Of one statement, rows and all; far below `max_allowed_packet`, whose default is 16 MB.
    private static final int STATEMENT_CHARACTERS = 500_000;

    private Backup() {}

    /// Writes to `file`, whole or not at all, for its owner alone.
    ///
    /// @return how many rows it has
    public static long write(Store store, Path file) throws IOException {
        var whole = file.toAbsolutePath();
        var fresh = Files.createTempFile(
                whole.getParent(),
                whole.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var connection = store.connection()) {
            long rows;
            try (var out = new BufferedWriter(new OutputStreamWriter(
                    new GZIPOutputStream(Files.newOutputStream(fresh)), StandardCharsets.UTF_8))) {
                rows = write(connection, out);
            }
            Files.move(fresh, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return rows;
        } catch (SQLException e) {
            throw new StoreUnavailable("The backup could not be written: " + e.getMessage(), e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static long write(Connection connection, BufferedWriter out) throws SQLException, IOException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            statement.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
        }
        line(out, FIRST_LINE);
        line(out, "SET NAMES utf8mb4;");
        line(out, "SET foreign_key_checks = 0;");
        line(out, "SET time_zone = '+00:00';");
        long rows = 0;
        for (var table : tables(connection)) {
            var made = Sql.first(connection, "SHOW CREATE TABLE `" + table + "`", row -> row.getString(2));
            line(out, made.orElseThrow().replace("\n", " ") + ";");
            rows += rows(connection, table, out);
        }
        line(out, "-- end");
        return rows;
    }

    private static void line(BufferedWriter out, String line) throws IOException {
        out.write(line);
        out.write('\n');
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return Sql.list(
                connection,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
                        + " AND table_type = 'BASE TABLE' ORDER BY table_name",
                row -> row.getString(1));
    }

    private static long rows(Connection connection, String table, BufferedWriter out) throws SQLException, IOException {
        // What the database computes itself takes no value.
        var columns = Sql.list(
                connection,
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?"
                        + " AND (generation_expression IS NULL OR generation_expression = '') ORDER BY ordinal_position",
                row -> row.getString(1),
                table);
        var names = "`" + String.join("`, `", columns) + "`";
        long count = 0;
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(1_000); // read row by row: a table may be larger than the heap
            try (var row = statement.executeQuery("SELECT " + names + " FROM `" + table + "`")) {
                var values = new StringBuilder();
                while (row.next()) {
                    values.append(values.isEmpty() ? "INSERT INTO `" + table + "` (" + names + ") VALUES " : ", ");
                    values(row, values);
                    count++;
                    if (values.length() > STATEMENT_CHARACTERS) {
                        line(out, values.append(';').toString());
                        values.setLength(0);
                    }
                }
                if (!values.isEmpty()) {
                    line(out, values.append(';').toString());
                }
            }
        }
        return count;
    }

    private static void values(ResultSet row, StringBuilder out) throws SQLException {
        var columns = row.getMetaData();
        out.append('(');
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            if (column > 1) {
                out.append(',');
            }
            switch (columns.getColumnType(column)) {
                case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB ->
                    out.append(octets(row.getBytes(column)));
                case Types.BIT, Types.BOOLEAN -> {
                    boolean flag = row.getBoolean(column);
                    out.append(row.wasNull() ? "NULL" : flag ? "1" : "0");
                }
                case Types.TINYINT,
                        Types.SMALLINT,
                        Types.INTEGER,
                        Types.BIGINT,
                        Types.DECIMAL,
                        Types.DOUBLE,
                        Types.REAL -> out.append(row.getString(column));
                default -> out.append(text(row.getString(column)));
            }
        }
        out.append(')');
    }

    private static String octets(byte @Nullable [] octets) {
        return octets == null
                ? "NULL"
                : octets.length == 0 ? "''" : "0x" + HexFormat.of().formatHex(octets);
    }

    private static String text(@Nullable String text) {
        return text == null
                ? "NULL"
                : "'"
                        + text.replace("\\", "\\\\")
                                .replace("'", "\\'")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r")
                                .replace("\0", "\\0")
                        + "'";
    }

    /// Puts a backup in place of everything that the database has. Not undone when it fails in the
    /// middle: the file is read to its end first, so that half a file, or another one, is refused
    /// before anything is deleted.
    ///
    /// @throws StoreUnavailable with a sentence that says what is wrong
    public static void restore(DatabaseSettings settings, Path file) throws IOException {
        requireWhole(file);
        var embedded = EmbeddedServer.of(settings);
        try {
            restore(Store.usable(settings, embedded), file);
        } catch (SQLException e) {
            throw new StoreUnavailable("The backup could not be restored: " + e.getMessage(), e);
        } finally {
            embedded.ifPresent(EmbeddedServer::close);
        }
    }

    private static void restore(DatabaseSettings.Server server, Path file) throws SQLException, IOException {
        try (var connection = DriverManager.getConnection(server.url(), Store.driverProperties(server));
                var statement = connection.createStatement()) {
            SoleUse.require(connection);
            statement.execute("SET foreign_key_checks = 0");
            for (var table : tables(connection)) {
                statement.execute("DROP TABLE `" + table + "`");
            }
            try (var in = reader(file)) {
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    if (!line.startsWith("--")) {
                        statement.execute(line.substring(0, line.length() - 1));
                    }
                }
            }
        }
    }

    private static BufferedReader reader(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
    }

    private static void requireWhole(Path file) throws IOException {
        try (var in = reader(file)) {
            var first = in.readLine();
            var last = first;
            for (var line = first; line != null; line = in.readLine()) {
                last = line;
            }
            if (!FIRST_LINE.equals(first)) {
                throw new StoreUnavailable(file + " is not a backup of Parley.");
            }
            if (!"-- end".equals(last)) {
                throw new StoreUnavailable(file + " is cut off; take another backup.");
            }
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw new StoreUnavailable(file + " is no whole backup of Parley: " + e.getMessage() + ".", e);
        }
    }
}
