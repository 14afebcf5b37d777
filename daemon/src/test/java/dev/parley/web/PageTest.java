package dev.parley.web;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import dev.parley.world.Await;
import dev.parley.world.DemoWorld;
import dev.parley.world.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A page in a browser: signs in, watches for whatever must not happen, and speaks in roles and names.
///
/// All share one browser, which no two threads may speak to at once; they run beside whatever else waits.
@ExtendWith({Browsers.class, PageTest.Last.class})
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("browser")
abstract class PageTest {
    static final String DESK = "+12025550100";
    /// By SMPP: for what takes many texts, which the one modem would still be sending in the tests after it.
    static final String SALES = "+12025550101";
    private static final String PASSWORD = "correct horse battery staple";

    /// The two sizes at which the stories are told.
    enum Screen {
        WIDE(1440, 900, false),
        NARROW(390, 844, true);

        final int width;
        final int height;
        final boolean touch;

        Screen(int width, int height, boolean touch) {
            this.width = width;
            this.height = height;
            this.touch = touch;
        }
    }

    /// A user who is signed in, in a browser of their own.
    record Seat(BrowserContext context, Page page, Screen screen) {}

    Browsers.Shared shared;
    DemoWorld world;
    Json api;
    private final List<BrowserContext> contexts = new ArrayList<>();

    /// Prints what the pages of a test that failed showed.
    static final class Last implements AfterTestExecutionCallback {
        private static final int SHOWN_MAX = 4_000;

        @Override
        public void afterTestExecution(ExtensionContext context) {
            if (context.getExecutionException().isPresent()) {
                for (var browser : ((PageTest) context.getRequiredTestInstance()).contexts) {
                    for (var page : browser.pages()) {
                        var text = String.valueOf(page.evaluate("document.body.innerText"));
                        System.out.println(context.getDisplayName() + " ended at " + page.url() + "\n"
                                + text.substring(0, Math.min(text.length(), SHOWN_MAX)));
                    }
                }
            }
        }
    }

    final List<String> complaints = new ArrayList<>();
    /// What a test that cuts the network expects the console to say.
    Pattern expected = Pattern.compile("(?!)");

    @BeforeEach
    void enter() {
        shared = Browsers.shared();
        world = shared.world;
        api = world.api();
    }

    @AfterEach
    void nothingWasComplainedOf() {
        contexts.forEach(BrowserContext::close);
        assertEquals(
                List.of(),
                complaints.stream()
                        .filter(each -> !expected.matcher(each).find())
                        .toList());
    }

    // ---- seats ----

    private static int users;

    /// A new user's name; its password is known.
    String user(String role, String scope) {
        var name = "user-" + ++users;
        api.post("/api/v1/users", Map.of("name", name, "password", PASSWORD, "role", role, "scope", scope))
                .ok();
        return name;
    }

    Seat seat(Screen screen) {
        return seat(screen, user("admin", "all"), new Browser.NewContextOptions());
    }

    /// A browser in which this user is signed in.
    Seat seat(Screen screen, String user, Browser.NewContextOptions options) {
        var seat = visitor(screen, options);
        signIn(seat.context, user);
        return seat;
    }

    void signIn(BrowserContext context, String user) {
        var answer = context.request()
                .post(
                        shared.url() + "/api/v1/session",
                        RequestOptions.create().setData(Map.of("username", user, "password", PASSWORD)));
        assertEquals(200, answer.status(), answer.text());
    }

    String password() {
        return PASSWORD;
    }

    /// A browser in which nobody is signed in.
    Seat visitor(Screen screen, Browser.NewContextOptions options) {
        options.setViewportSize(screen.width, screen.height)
                .setHasTouch(screen.touch)
                .setIsMobile(screen.touch);
        if (options.timezoneId == null) {
            options.setTimezoneId("America/New_York");
        }
        if (options.locale == null) {
            options.setLocale("en-US");
        }
        var context = shared.browser.newContext(options);
        context.setDefaultTimeout(60_000);
        contexts.add(context);
        var page = context.newPage();
        watch(page);
        return new Seat(context, page, screen);
    }

    Page tab(Seat seat) {
        var page = seat.context.newPage();
        watch(page);
        return page;
    }

    /// Any error, report of the policy or request to somebody else fails the test.
    void watch(Page page) {
        watch(page, shared.url());
    }

    /// @param home the one server that the page may ask
    void watch(Page page, String home) {
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.text().contains("Content Security Policy")) {
                complaints.add("console: " + message.text() + " " + message.location());
            }
        });
        page.onPageError(error -> complaints.add("page: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(home + "/")
                    && !request.url().startsWith("data:")
                    && !request.url().startsWith("blob:")) {
                complaints.add("request to " + request.url());
            }
        });
    }

    void open(Seat seat, String path) {
        seat.page.navigate(shared.url() + path);
    }

    /// Clean under axe (WCAG 2.2 AA), light and dark.
    void accessible(Page page) {
        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            // What is still fading in has other colours than it will have.
            page.evaluate("Promise.allSettled(document.getAnimations()"
                    + ".filter(each => each.effect.getComputedTiming().iterations !== Infinity)"
                    + ".map(each => each.finished))");
            // Without frames of other origins its results need no page of their own to be put together in.
            var axe = new AxeBuilder(page).setLegacyMode(true);
            // Of all its rules only one sees colours.
            var found = (scheme == ColorScheme.LIGHT
                            ? axe.withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                            : axe.withRules(List.of("color-contrast")))
                    .analyze();
            var faults = found.getViolations().stream()
                    .map(rule -> rule.getId() + ": "
                            + rule.getNodes().stream()
                                    .limit(3)
                                    .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                    .collect(Collectors.joining("\n   ")))
                    .collect(Collectors.toList());
            assertEquals(List.of(), faults, scheme + " at " + page.url());
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertEquals(
                false,
                page.evaluate("document.documentElement.scrollWidth > innerWidth"),
                () -> "scrolls sideways: " + page.url());
    }

    /// Whatever had the focus may be gone: something near it has the focus then, not the page as a whole.
    static void focusIsKept(Page page) {
        page.waitForCondition(() -> (boolean)
                page.evaluate("document.activeElement !== document.body && document.activeElement.isConnected"));
    }

    /// For a person to look at.
    void picture(Page page, String name) {
        var directory = System.getProperty("parley.pictures", "");
        if (!directory.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions().setPath(Path.of(directory, name + ".png")));
        }
    }

    // ---- people and conversations, by the API ----

    /// The id of the latest event.
    long events() {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(shared.url() + "/api/v1/lines"))
                    .header(
                            "Authorization",
                            "Bearer " + world.state().path("token").asString(""))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValueAsLong("Parley-Event")
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Somebody who is in the contacts.
    record Person(String id, String name, String number) {}

    Person person(String name) {
        var number = shared.newNumber();
        var contact = api.post("/api/v1/contacts", Map.of("name", name, "primaryNumber", number))
                .ok();
        return new Person(contact.path("id").asString(""), name, number);
    }

    String line(String number) {
        for (var line : api.get("/api/v1/lines").ok().path("items")) {
            if (line.path("number").asString("").equals(number)) {
                return line.path("id").asString("");
            }
        }
        throw new AssertionError("no line " + number);
    }

    JsonNode group(String title, Person... people) {
        return group(DESK, title, people);
    }

    JsonNode group(String line, String title, Person... people) {
        var participants = new ArrayList<Map<String, String>>();
        for (var person : people) {
            participants.add(Map.of("contact", person.id(), "use", "primary"));
        }
        return api.post(
                        "/api/v1/conversations",
                        Map.of("line", line(line), "participants", participants, "title", title))
                .ok();
    }

    JsonNode say(String conversation, String text) {
        return api.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", text))
                .ok();
    }

    /// A phone has this text, perhaps among others.
    void gets(String number, String text) {
        Await.until(
                number + " gets " + text,
                () -> world.inbox(number).contains(text),
                () -> world.inbox(number).toString());
    }

    /// The others share it: whoever troubled it waits until it has found its network again.
    void modemIsReady() {
        Await.until("modem-1 is ready", () -> {
            for (var link : api.get("/api/v1/links?limit=200").ok().path("items")) {
                if (link.path("name").asString("").equals("modem-1")) {
                    return link.path("state").asString("").equals("ready");
                }
            }
            return false;
        });
    }

    void reach(String number, String reach) {
        var body = new LinkedHashMap<String, Object>();
        body.put("reach", reach);
        world.simulator().put("/handsets/" + number.replace("+", "%2B"), body).ok();
    }

    // ---- the page, by roles and names ----

    static Locator role(Page page, AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator role(Page page, AriaRole role, Pattern name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name));
    }

    static Locator role(Locator within, AriaRole role, String name) {
        return within.getByRole(
                role, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    static Locator role(Locator within, AriaRole role, Pattern name) {
        return within.getByRole(role, new Locator.GetByRoleOptions().setName(name));
    }

    static Locator button(Page page, String name) {
        return role(page, AriaRole.BUTTON, name);
    }

    /// By mouse, or by finger where that is what people have.
    static void press(Screen screen, Locator on) {
        if (screen.touch) {
            on.tap();
        } else {
            on.click();
        }
    }

    static Locator composer(Page page) {
        return role(role(page, AriaRole.FORM, "Composer"), AriaRole.TEXTBOX, "Message");
    }

    static Locator log(Page page) {
        return role(page, AriaRole.LOG, "Messages");
    }

    /// The row of a conversation in the list.
    static Locator row(Page page, String title) {
        return role(role(page, AriaRole.LIST, "Conversations"), AriaRole.LINK, Pattern.compile("^" + title + "\\b"));
    }

    /// A message of the open thread with this text.
    static Locator message(Page page, String text) {
        return log(page).getByRole(AriaRole.ARTICLE).filter(new Locator.FilterOptions().setHasText(text));
    }
}
