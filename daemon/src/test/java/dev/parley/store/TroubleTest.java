package dev.parley.store;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

@DisplayName("What is trouble of the database, and what a mistake of ours")
class TroubleTest {

    static Stream<Arguments> exceptions() {
        var lost = new SQLNonTransientConnectionException("Socket error", "08000");
        return Stream.of(
                Arguments.of(true, lost),
                Arguments.of(true, new SQLException("the disk is full", "HY000", 1021)),
                Arguments.of(true, new BatchUpdateException("Socket error", null, 0, new int[0], lost)),
                Arguments.of(true, new SQLException("Socket error", null, 0, new IOException("Broken pipe"))),
                Arguments.of(false, new SQLException("You have an error in your SQL syntax", "42000", 1064)),
                Arguments.of(
                        false,
                        new BatchUpdateException(
                                "Duplicate entry",
                                null,
                                0,
                                new int[0],
                                new SQLIntegrityConstraintViolationException("Duplicate entry", "23000", 1062))));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void isKnownByWhatIsBehindIt(boolean isTrouble, SQLException e) {
        assertEquals(isTrouble, Store.isTrouble(e));
    }
}
