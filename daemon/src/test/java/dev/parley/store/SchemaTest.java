package dev.parley.store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("A database that cannot be used")
class SchemaTest {

    private static final DatabaseSettings.Server DATABASE = TestDatabase.fresh();
    private static final String NAME = DATABASE.url().replaceFirst(".*/", "");

    @BeforeAll
    static void make() {
        Store.open(DATABASE, new SimpleMeterRegistry()).close();
    }

    private static void run(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(DATABASE.url(), Store.driverProperties(DATABASE));
                var sql = connection.createStatement()) {
            for (var each : statement.strip().split(";\\s*(?!$)", -1)) {
                sql.execute(each);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a newer program wrote to it | INSERT INTO flyway_schema_history SELECT 9999, '999', 'further', 'SQL', 'V999__further.sql', 1, 'parley', NOW(), 1, 1 | DELETE FROM flyway_schema_history WHERE version = '999' | used by another version of Parley, which this one does not know (V999 further)
            its migrations were others  | UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1' | UPDATE flyway_schema_history SET checksum = checksum - 1 WHERE version = '1' | other migrations than those of this version (V1
            it is somebody else's       | RENAME TABLE flyway_schema_history TO kept | RENAME TABLE kept TO flyway_schema_history | tables that are not Parley's
            """)
    @DisplayName("is refused with a sentence of its own")
    void refused(String what, String spoilt, String mended, String sentence) throws Exception {
        run(spoilt);
        try {
            var refusal = assertThrows(
                    StoreUnavailable.class,
                    () -> Store.open(DATABASE, new SimpleMeterRegistry()).close());
            assertTrue(String.valueOf(refusal.getMessage()).contains(sentence), what + ": " + refusal.getMessage());
        } finally {
            run(mended);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            no right at all  | parley_nobody   | parley     | GRANT ALL ON parley.*
            no such database | parley          | parley_two | There is no such database
            another password | parley_nobody:x | parley     | Check user name and password
            """)
    @DisplayName("is refused with what to grant or make")
    void rights(String what, String user, String database, String sentence) throws Exception {
        run("CREATE OR REPLACE USER parley_nobody@'127.0.0.1' IDENTIFIED BY 'p'");
        var settings = new DatabaseSettings.Server(
                DATABASE.url().replaceFirst("[^/]*$", database.equals("parley") ? NAME : database),
                user.split(":", 2)[0],
                user.equals("parley") ? DATABASE.password() : user.endsWith(":x") ? "x" : "p");
        var refusal = assertThrows(
                StoreUnavailable.class,
                () -> Store.open(settings, new SimpleMeterRegistry()).close());
        assertTrue(String.valueOf(refusal.getMessage()).contains(sentence), what + ": " + refusal.getMessage());
    }
}
