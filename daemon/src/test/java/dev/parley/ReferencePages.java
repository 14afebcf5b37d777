package dev.parley;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Pages of `docs` that are made from the code. A test makes each anew and compares; with `-Dparley.docs=write` it
/// writes it.
final class ReferencePages {
    private static final Path DOCS = Path.of("..", "docs");

    private ReferencePages() {}

    static void hold(String name, String made) throws IOException {
        var page = DOCS.resolve(name);
        if (System.getProperty("parley.docs", "").equals("write")) {
            Files.writeString(page, made);
        }
        assertEquals(
                made,
                Files.exists(page) ? Files.readString(page) : "",
                "docs/" + name + " is not what the code says; run the test once with -Dparley.docs=write");
    }
}
