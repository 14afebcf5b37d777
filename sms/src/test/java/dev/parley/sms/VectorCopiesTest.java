package dev.parley.sms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class VectorCopiesTest {

    @ParameterizedTest
    @ValueSource(strings = {"sms-deliver.json", "sms-submit.json", "sms-status-report.json"})
    void theCopyIsTheOriginal(String file) throws IOException {
        var original = Vectors.original().resolve(file);
        assumeTrue(Files.exists(original), "the original is not here");
        try (var copy = Objects.requireNonNull(VectorCopiesTest.class.getResourceAsStream("/vectors/" + file))) {
            assertEquals(Files.readString(original), new String(copy.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
