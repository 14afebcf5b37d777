package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.world.Await;
import dev.parley.world.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A page that stays open: nothing is missed, sent twice or moved under the reader.
class LiveStoryTest extends PageTest {

    private List<String> said(String conversation) {
        var texts = new ArrayList<String>();
        api.get("/api/v1/conversations/" + conversation + "/messages?limit=200")
                .ok()
                .path("items")
                .forEach(each -> texts.add(each.path("text").asString("")));
        return texts.reversed();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whatIsSentWithoutANetworkArrivesOnceAndInOrder(Screen screen) {
        expected = Pattern.compile("ERR_INTERNET_DISCONNECTED");
        var group = group("Offline", person("Off Ann"), person("Off Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(composer(page)).isVisible();
        seat.context().setOffline(true);
        for (var text : List.of("one of two", "two of two")) {
            composer(page).fill(text);
            button(page, "Send").click();
        }
        assertThat(message(page, "one of two")).containsText("Waiting for the connection");
        assertThat(role(page, AriaRole.STATUS, "Connection"))
                .containsText(Pattern.compile("^Offline since .*What you send will wait here\\."));
        composer(page).fill("half a text");
        seat.context().setOffline(false);
        assertThat(message(page, "two of two")).containsText("Delivered to all 2");
        assertEquals(List.of("one of two", "two of two"), said(group));
        assertThat(message(page, "one of two")).hasCount(1);
        assertThat(composer(page)).hasValue("half a text");
        assertThat(role(page, AriaRole.STATUS, "Connection")).isEmpty();
    }

    /// What reads the stream is itself loaded, and begun only once the list has been asked for.
    @ParameterizedTest
    @EnumSource(Screen.class)
    void aPageWhoseNetworkGoesWhileItOpensIsLiveOnceItIsBack(Screen screen) {
        expected = Pattern.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED");
        var group = group("Opening", person("Ope Ann"), person("Ope Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        var asked = new ArrayList<Route>();
        page.route("**/api/v1/conversations?*", asked::add);
        open(seat, "/conversations/" + group);
        assertThat(composer(page)).isVisible();
        page.waitForCondition(() -> !asked.isEmpty());
        page.unrouteAll();
        seat.context().setOffline(true);
        asked.forEach(Route::abort);
        assertThat(role(page, AriaRole.STATUS, "Connection")).containsText(Pattern.compile("^Offline since"));
        write(page, "said as it opened");
        assertThat(message(page, "said as it opened")).containsText("Waiting for the connection");
        seat.context().setOffline(false);
        assertThat(message(page, "said as it opened")).containsText("Delivered to all 2");
    }

    @Test
    void whatCannotBeReadIsSaidAndAskedForAgainOnRequest() {
        expected = Pattern.compile("status of 500");
        var group = group(SALES, "Stalled", person("Stl Ann"), person("Stl Bob"))
                .path("id")
                .asString("");
        for (int i = 0; i < 60; i++) {
            say(group, "line " + i + " of sixty");
        }
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        var asked = new AtomicInteger();
        page.route("**/messages?*cursor*", route -> {
            asked.incrementAndGet();
            route.fulfill(new Route.FulfillOptions().setStatus(500));
        });
        open(seat, "/conversations/" + group);
        assertThat(message(page, "line 59 of sixty")).isVisible();
        page.waitForCondition(() -> {
            page.evaluate("document.querySelector('#messages').scrollTop = 0");
            return asked.get() > 0;
        });
        var said = log(page).getByRole(AriaRole.ALERT);
        assertThat(said).containsText("This could not be loaded.");
        say(group, "line 60 of sixty");
        assertThat(message(page, "line 60 of sixty")).hasCount(1); // the stream is there, which asks again as it comes
        assertThat(said).containsText("This could not be loaded.");
        int times = asked.get();
        page.evaluate("document.querySelector('#messages').scrollTop = 0");
        accessible(page);
        assertEquals(times, asked.get());
        page.unrouteAll();
        role(said, AriaRole.BUTTON, "Try again").click();
        assertThat(message(page, "line 0 of sixty")).hasCount(1);
        assertThat(said).hasCount(0);
    }

    /// A page never takes its newer version by itself.
    @Test
    void aPageThatIsOlderThanItsDaemonSaysSo() {
        expected = Pattern.compile("ERR_INTERNET_DISCONNECTED");
        var seat = seat(Screen.NARROW);
        var page = seat.page();
        open(seat, "/conversations");
        assertThat(role(page, AriaRole.HEADING, "Conversations")).isVisible();
        page.route(
                shared.url() + "/",
                route -> route.fulfill(new Route.FulfillOptions()
                        .setContentType("text/html")
                        .setBody("<meta name=\"parley-assets\" content=\"0badcafe\">")));
        seat.context().setOffline(true);
        assertThat(role(page, AriaRole.STATUS, "Connection")).containsText(Pattern.compile("^Offline since"));
        seat.context().setOffline(false);
        assertThat(button(page, "Reload for the new version")).isVisible();
        accessible(page);
    }

    /// A page with a thread of its own.
    private record Watched(Page page, Person ann, String group) {}

    /// One of each size at once, where what costs is what happens to them all.
    private List<Watched> watched(String title) {
        var all = new ArrayList<Watched>();
        for (var screen : Screen.values()) {
            var ann = person(title + " Ann " + screen);
            var group = group(title + " " + screen, ann, person(title + " Bob " + screen))
                    .path("id")
                    .asString("");
            var seat = seat(screen);
            open(seat, "/conversations/" + group);
            assertThat(composer(seat.page())).isVisible();
            all.add(new Watched(seat.page(), ann, group));
        }
        return all;
    }

    private static void write(Page page, String text) {
        composer(page).fill(text);
        button(page, "Send").click();
    }

    @Test
    void aDaemonThatIsKilledAndComesBackLosesNothingOfAnOpenPage() throws Exception {
        expected = Pattern.compile("ERR_|503|502|Failed to load resource");
        var all = watched("Kill");
        for (var each : all) {
            write(each.page, "before it");
            assertThat(message(each.page, "before it")).containsText("Delivered to all 2");
        }
        // Pressed while it dies: taken or not, nobody knows but the daemon, if it lived to write it down.
        for (var each : all) {
            write(each.page, "on its way");
        }
        world.killDaemon();
        for (var each : all) {
            write(each.page, "said to nobody");
            composer(each.page).fill("half typed");
            world.text(each.ann.number(), DESK, "while you were away");
        }
        world.takeOver();
        for (var each : all) {
            nothingIsLost(each.page, each.ann, each.group);
        }
    }

    private void nothingIsLost(Page page, Person ann, String group) {
        // A part that was on its way to the modem waits for its proof before it is sent again (queue.uncertainGrace).
        var patient = new LocatorAssertions.ContainsTextOptions().setTimeout(240_000);
        assertThat(message(page, "on its way")).containsText("Delivered to all 2", patient);
        assertThat(message(page, "while you were away")).isVisible();
        assertThat(message(page, "said to nobody")).containsText("Delivered to all 2", patient);
        assertThat(message(page, "on its way")).hasCount(1);
        assertThat(message(page, "said to nobody")).hasCount(1);
        assertThat(composer(page)).hasValue("half typed");
        assertEquals(
                List.of("before it", "on its way", "said to nobody"),
                said(group).stream()
                        .filter(text -> !text.equals("while you were away"))
                        .toList());
        assertEquals(
                List.of("before it", "on its way", "said to nobody"),
                world.inbox(ann.number()).stream()
                        .filter(text -> !text.contains(":"))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void theViewDoesNotMoveWhileOthersWrite(Screen screen) {
        var ann = person("Still Ann");
        var bob = person("Still Bob");
        var group = group(SALES, "Standing still", ann, bob).path("id").asString("");
        for (int i = 0; i < 30; i++) {
            say(group, "line " + i + "\nof two");
        }
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(message(page, "line 29")).isVisible();
        page.evaluate("document.querySelector('#messages').scrollTop = 400");
        assertThat(role(page, AriaRole.BUTTON, Pattern.compile("^Jump to latest")))
                .isVisible();
        var held =
                "[...document.querySelectorAll('#messages article')].find(each => each.getBoundingClientRect().top > 80)";
        var id = (String) page.evaluate(held + ".id");
        var top = "document.getElementById('" + id + "').getBoundingClientRect().top";
        var before = ((Number) page.evaluate(top)).doubleValue();
        for (int i = 0; i < 50; i++) {
            // By turns: one phone that says so much at once is taken for a program.
            world.text((i % 2 == 0 ? ann : bob).number(), SALES, "answer " + i);
        }
        assertThat(role(page, AriaRole.BUTTON, "Jump to latest, 50 new")).isVisible();
        assertEquals(before, ((Number) page.evaluate(top)).doubleValue(), 0.5);
        accessible(page);
        composer(page).fill("my own goes down");
        button(page, "Send").click();
        assertThat(message(page, "my own goes down")).isInViewport();
        assertThat(role(page, AriaRole.BUTTON, Pattern.compile("^Jump to latest")))
                .hasCount(0);
    }

    /// A phone has no pointer that could be over a list.
    @Test
    void theListStandsStillUnderThePointerAndSettlesLater() {
        var ann = person("List Ann");
        var bob = person("List Bob");
        var older = group("Older one", ann, person("List Eve")).path("id").asString("");
        say(older, "first");
        var newer = group("Newer one", bob, person("List Fay")).path("id").asString("");
        say(newer, "second");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations");
        var row = row(page, "Newer one");
        row.hover();
        var at = row.boundingBox().y;
        world.text(ann.number(), DESK, "I am newer");
        assertThat(role(page, AriaRole.BUTTON, "1 newer")).isVisible();
        assertEquals(at, row.boundingBox().y, 0.5);
        assertThat(row(page, "Older one")).containsText("I am newer");
        page.mouse().move(1000, 400);
        assertThat(role(page, AriaRole.BUTTON, "1 newer")).hasCount(0);
        assertTrue(row(page, "Older one").boundingBox().y < row.boundingBox().y);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void nineTabsShareOneStreamAndWhatIsReadInOneIsReadInAll(Screen screen) {
        var ann = person("Tab Ann " + screen);
        var title = "Tabs " + screen;
        var group = group(title, ann, person("Tab Bob " + screen)).path("id").asString("");
        say(group, "hello tabs");
        var seat = seat(screen);
        Await.until("the streams of before have ended", () -> world.metric("parley_http_streams") == 0);
        open(seat, "/conversations");
        var tabs = new ArrayList<Page>();
        for (int i = 0; i < 8; i++) {
            var tab = tab(seat);
            tab.navigate(shared.url() + "/conversations");
            tabs.add(tab);
        }
        for (var tab : tabs) {
            assertThat(row(tab, title)).isVisible();
        }
        world.text(ann.number(), DESK, "read me");
        for (var tab : tabs) {
            assertThat(row(tab, title)).containsText("unread");
        }
        assertEquals(1, world.metric("parley_http_streams"));
        var reader = tabs.getLast();
        reader.bringToFront();
        row(reader, title).click();
        assertThat(message(reader, "read me")).isVisible();
        assertThat(row(seat.page(), title)).not().containsText("unread");
        composer(reader).fill("a draft for all");
        assertThat(row(seat.page(), title)).containsText("Draft: a draft for all");
        assertThat(seat.page()).hasURL(Pattern.compile("/conversations$"));
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void aMemberSeesOnlyTheirsAndLosesWhatIsTakenAway(Screen screen) {
        var name = user("member", "assigned");
        var users = new HashMap<String, String>();
        api.get("/api/v1/users?limit=200")
                .ok()
                .path("items")
                .forEach(each -> users.put(
                        each.path("name").asString(""), each.path("id").asString("")));
        var mine = person("Mem Ann");
        api.patch("/api/v1/contacts/" + mine.id(), Map.of("assignedTo", users.get(name)))
                .ok();
        var group = group("Of the member", mine, person("Mem Bob")).path("id").asString("");
        say(group, "for the member");
        group("Of somebody else", person("Mem Eve"), person("Mem Fay"));
        var seat = seat(screen, name, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/users");
        assertThat(role(page, AriaRole.HEADING, "Nothing here")).isVisible();
        accessible(page);
        open(seat, "/conversations");
        assertThat(role(page, AriaRole.LIST, "Conversations").getByRole(AriaRole.LINK))
                .hasCount(1);
        press(screen, row(page, "Of the member"));
        composer(page).fill("a draft that goes");
        page.waitForCondition(
                () -> (boolean) page.evaluate("Object.keys(localStorage).some(key => key.includes('/draft/'))"));
        api.patch("/api/v1/contacts/" + mine.id(), Json.MAPPER.readTree("{\"assignedTo\":null}"))
                .ok();
        assertThat(page.getByText("This conversation is not yours to see any more."))
                .isVisible();
        accessible(page);
        role(page, AriaRole.LINK, "Go to your conversations").click();
        assertThat(page.getByText("No conversations yet. Start one with New.")).isVisible();
        Await.until("the draft is gone", () ->
                !(boolean) page.evaluate("Object.keys(localStorage).some(key => key.includes('/draft/'))"));
    }

    /// A signal to the demo's database.
    private void database(String signal) throws IOException, InterruptedException {
        var pid = Files.readString(world.directory().resolve("db/mariadb.pid")).strip();
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + signal, pid)
                        .inheritIO()
                        .start()
                        .waitFor());
    }

    @Test
    void aDatabaseThatStandsForAWhileLosesNothingOfAnOpenPage() throws Exception {
        expected = Pattern.compile("ERR_|503|504|Failed to load resource");
        var all = watched("Sto");
        for (var each : all) {
            write(each.page, "before it stood");
            assertThat(message(each.page, "before it stood")).containsText("Delivered to all 2");
        }
        database("STOP");
        try {
            for (var each : all) {
                write(each.page, "said meanwhile");
                composer(each.page).fill("half of one");
            }
            for (var each : all) {
                assertThat(message(each.page, "said meanwhile")).containsText("Waiting for the connection");
            }
        } finally {
            database("CONT");
        }
        for (var each : all) {
            assertThat(message(each.page, "said meanwhile")).containsText("Delivered to all 2");
            assertThat(message(each.page, "said meanwhile")).hasCount(1);
            assertThat(composer(each.page)).hasValue("half of one");
            world.text(each.ann.number(), DESK, "and it lives on");
            assertThat(message(each.page, "and it lives on")).isVisible();
            assertEquals(List.of("before it stood", "said meanwhile", "and it lives on"), said(each.group));
        }
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void aStreamThatMissedTooMuchReadsAgainWhatIsShown(Screen screen) throws Exception {
        expected = Pattern.compile("ERR_INTERNET_DISCONNECTED");
        var ann = person("Res Ann " + screen);
        var group = group(SALES, "Reset " + screen, ann, person("Res Bob " + screen))
                .path("id")
                .asString("");
        for (int i = 0; i < 30; i++) {
            say(group, "long ago " + i + "\nof two lines");
        }
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(message(page, "long ago 29")).containsText("Delivered to all 2");
        page.evaluate("document.querySelector('#messages').scrollTop = 300");
        composer(page).fill("typed before");
        seat.context().setOffline(true);
        world.text(ann.number(), SALES, "missed by the stream");
        Await.until("it is there", () -> said(group).contains("missed by the stream"));
        // The log keeps some days; somebody who was away for longer is as far behind as this page now.
        try (var connection = world.database();
                var statement = connection.createStatement()) {
            statement.execute("UPDATE event_purge SET purged = (SELECT MAX(id) FROM event)");
            statement.execute("DELETE FROM event WHERE id <= (SELECT purged FROM event_purge)");
        }
        var top = "document.querySelector('#messages').scrollTop";
        var before = ((Number) page.evaluate(top)).doubleValue();
        seat.context().setOffline(false);
        assertThat(message(page, "missed by the stream")).hasCount(1);
        if (screen == Screen.WIDE) {
            assertThat(row(page, "Reset " + screen)).containsText("1 unread");
        }
        assertThat(composer(page)).hasValue("typed before");
        assertEquals(before, ((Number) page.evaluate(top)).doubleValue(), 1);
        world.text(ann.number(), SALES, "and on it goes");
        assertThat(message(page, "and on it goes")).hasCount(1);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void oneNotificationForAllTabsAndNoneForWhatOneLooksAt(Screen screen) {
        var ann = person("Not Ann " + screen);
        var bob = person("Not Bob " + screen);
        var told =
                group("To be told " + screen, ann, person("Not Eve")).path("id").asString("");
        var looked =
                group("Looked at " + screen, bob, person("Not Fay")).path("id").asString("");
        say(told, "hello");
        say(looked, "hello");
        var seat = seat(screen);
        // The browser's own would be on a screen that nobody has here.
        seat.context()
                .addInitScript(
                        "window.told = []; window.Notification = class { static permission = 'granted';"
                                + " static requestPermission() { return Promise.resolve('granted'); }"
                                + " constructor(title, options) { window.told.push({title, ...options}); window.last = this; } close() {} };");
        var page = seat.page();
        open(seat, "/settings");
        role(page, AriaRole.CHECKBOX, "Notifications").check();
        open(seat, "/conversations/" + looked);
        var others = List.of(tab(seat), tab(seat));
        for (var each : others) {
            each.navigate(shared.url() + "/contacts");
            assertThat(role(each, AriaRole.HEADING, "Contacts")).isVisible();
        }
        page.bringToFront();
        assertThat(composer(page)).isVisible();
        world.text(bob.number(), DESK, "seen at once");
        assertThat(message(page, "seen at once")).isVisible();
        world.text(ann.number(), DESK, "a secret");
        var all = new ArrayList<>(others);
        all.add(page);
        page.waitForCondition(() -> all.stream().anyMatch(each -> (int) each.evaluate("window.told.length") > 0));
        if (screen == Screen.WIDE) {
            assertThat(row(page, "To be told " + screen)).containsText("a secret");
        }
        var shown = all.stream()
                .flatMap(each ->
                        ((List<?>) each.evaluate("window.told.map(each => each.title + '|' + each.body)")).stream())
                .toList();
        assertEquals(List.of("Not Ann " + screen + "|1 new message"), shown);
        var teller = all.stream()
                .filter(each -> (int) each.evaluate("window.told.length") > 0)
                .findFirst()
                .orElseThrow();
        teller.evaluate("window.last.onclick()");
        assertThat(message(teller, "a secret")).isInViewport();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void anotherTabSignsInAndThisOneGoesOnUnnoticed(Screen screen) {
        expected = Pattern.compile("status of 403");
        var group = group("Csrf " + screen, person("Csr Ann"), person("Csr Bob"))
                .path("id")
                .asString("");
        var name = user("admin", "all");
        var seat = seat(screen, name, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(composer(page)).isVisible();
        signIn(seat.context(), name);
        write(page, "with the token of before");
        assertThat(message(page, "with the token of before")).containsText("Delivered to all 2");
        assertEquals(List.of("with the token of before"), said(group));
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    }

    @Test
    void twoDevicesOfOneUserAgreeOnWhatIsRead() {
        var ann = person("Dev Ann");
        var group = group("Devices", ann, person("Dev Bob")).path("id").asString("");
        say(group, "hello devices");
        var name = user("admin", "all");
        var desk = seat(Screen.WIDE, name, new Browser.NewContextOptions());
        var pocket = seat(Screen.NARROW, name, new Browser.NewContextOptions());
        open(desk, "/conversations");
        open(pocket, "/conversations");
        world.text(ann.number(), DESK, "for both of you");
        assertThat(row(desk.page(), "Devices")).containsText("1 unread");
        assertThat(row(pocket.page(), "Devices")).containsText("1 unread");
        row(pocket.page(), "Devices").click();
        assertThat(message(pocket.page(), "for both of you")).isVisible();
        assertThat(row(desk.page(), "Devices")).not().containsText("unread");
        composer(pocket.page()).fill("from the pocket");
        button(pocket.page(), "Send").click();
        assertThat(row(desk.page(), "Devices")).containsText("You: from the pocket");
        row(desk.page(), "Devices").click();
        assertThat(message(desk.page(), "from the pocket")).hasCount(1);
        button(desk.page(), "More for this conversation").click();
        role(desk.page(), AriaRole.MENUITEM, "Mark unread").click();
        button(pocket.page(), "Back").click();
        assertThat(row(pocket.page(), "Devices")).containsText("1 unread");
    }
}
