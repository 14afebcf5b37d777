package dev.parley;

import dev.parley.world.DemoWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Runs what the pages of `docs` tell their readers to type, block by block in one shell a page, against
/// the demo. How a block is tried stands behind its ```` ```sh ````: `until=TEXT` repeats it until its
/// answer has the text, since texts take their moment; `clean-debian` blocks are run by
/// `dist/test-package` on a clean Debian with the package; `not-run: REASON` says why nobody runs it.
@DisplayName("What the documentation says to type")
class DocsTest {

    private static final Path DOCS = Path.of("..", "docs");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```$");
    private static final Pattern COMMAND = Pattern.compile("`parley ([^`]+)`|^parley ([^\\n|>]+)", Pattern.MULTILINE);
    private static final String UNTIL = "sh until=";

    @TempDir
    private static Path directory;

    private static DemoWorld world;

    @BeforeAll
    static void start() throws Exception {
        world = DemoWorld.start(directory.resolve("demo"));
        var program = directory.resolve("bin").resolve("parley");
        Files.createDirectories(program.getParent());
        Files.writeString(program, """
                #!/bin/sh
                exec "%s" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:TieredStopAtLevel=1 \
                -XX:+UseSerialGC dev.parley.cli.Main "$@"
                """.formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
        assertTrue(program.toFile().setExecutable(true));
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static List<Path> pages() throws IOException {
        try (var files = Files.list(DOCS)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    @DisplayName("does what it says")
    Stream<DynamicTest> runs() throws IOException {
        return pages().stream().flatMap(page -> {
            var script = script(page);
            return script.isEmpty()
                    ? Stream.empty()
                    : Stream.of(DynamicTest.dynamicTest(page.getFileName().toString(), () -> run(page, script)));
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// The blocks of a page as one script; empty where none of them is run here.
    private static String script(Path page) {
        var blocks = new ArrayList<String>();
        for (var match : BLOCK.matcher(read(page)).results().toList()) {
            var info = match.group(1);
            var text = match.group(2);
            if (info.equals("sh")) {
                blocks.add("step='" + text.lines().findFirst().orElse("").replace("'", "'\\''") + "'\n" + text);
            } else if (info.startsWith(UNTIL)) {
                blocks.add("block() {\n" + text + "}\nuntil_said " + info.substring(UNTIL.length()) + "\n");
            }
        }
        return blocks.isEmpty() ? "" : """
                set -Eeuo pipefail
                step=begin
                trap 'echo "FAILED AT: $step"' ERR
                until_said() {
                    local end=$((SECONDS + 90)) answer
                    while :; do
                        answer=$(block 2>&1) || true
                        case $answer in *"$1"*) return ;; esac
                        [ "$SECONDS" -lt "$end" ] || { echo "never said $1, but: $answer"; exit 1; }
                        sleep 0.1
                    done
                }
                """ + String.join("", blocks);
    }

    private static void run(Path page, String script) throws Exception {
        var file = Files.writeString(directory.resolve(page.getFileName() + ".sh"), script);
        var log = directory.resolve(page.getFileName() + ".log");
        var builder = new ProcessBuilder("bash", file.toString())
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "PATH",
                        directory.resolve("bin") + ":" + System.getenv("PATH"),
                        "CLASSPATH",
                        DemoWorld.classPath()));
        var process = builder.start();
        try {
            assertTrue(process.waitFor(5, TimeUnit.MINUTES), () -> "still running: " + read(log));
            assertEquals(0, process.exitValue(), () -> read(log) + "\n" + world.logs());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisplayName("names no command and no option of Parley's that there is not")
    void commands() throws IOException {
        var wrong = new ArrayList<String>();
        int seen = 0;
        for (var page : pages()) {
            for (var match : COMMAND.matcher(read(page)).results().toList()) {
                var said = match.group(1) == null ? match.group(2) : match.group(1);
                seen++;
                if (!dev.parley.cli.Vocabulary.knows(words(said))) {
                    wrong.add(page.getFileName() + ": parley " + said);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertFalse(seen < 20, "the documentation was not read");
    }

    private static List<String> words(String said) {
        return Arrays.asList(said.strip().split("[\\s,]+"));
    }
}
