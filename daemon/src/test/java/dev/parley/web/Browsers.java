package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.parley.world.DemoWorld;
import dev.parley.world.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// One demo and one browser for all classes of the page's tests: each costs seconds to start.
///
/// The world is shared, so that every test has people of its own.
final class Browsers implements BeforeAllCallback {

    /// What lives as long as the run.
    static final class Shared implements AutoCloseable {
        private final Path directory;
        final DemoWorld world;
        final Playwright playwright;
        final Browser browser;
        private int people;

        Shared() throws IOException {
            var chromium = Peers.program("chromium", "chromium");
            directory = Files.createTempDirectory("parley-web");
            world = DemoWorld.start(directory.resolve("demo"));
            world.simulator().put("/modems/modem-1", Map.of("airTimeMs", 5)).ok();
            // A machine that tests several things at once is slow now and then; only a fault takes a minute.
            PlaywrightAssertions.setDefaultAssertionTimeout(60_000);
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium)
                            .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage")));
        }

        String url() {
            return world.state().path("url").asString("");
        }

        /// A number that nobody has yet.
        String newNumber() {
            people++;
            return "+1202556%04d".formatted(people);
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
            world.close();
            delete(directory);
        }

        private static void delete(Path directory) {
            try (var walk = Files.walk(directory)) {
                walk.sorted((one, other) -> other.compareTo(one))
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static volatile @Nullable Shared shared;

    static Shared shared() {
        var known = shared;
        if (known == null) {
            throw new IllegalStateException("this test class is not extended with Browsers");
        }
        return known;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Browsers.class))
                .computeIfAbsent(
                        Shared.class,
                        _ -> {
                            try {
                                return new Shared();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        Shared.class);
    }
}
