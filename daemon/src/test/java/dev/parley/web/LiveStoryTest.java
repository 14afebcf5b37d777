package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.world.Await;
import dev.parley.world.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

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

    @Test
    void whatIsSentWithoutANetworkArrivesOnceAndInOrder() {
        expected = Pattern.compile("ERR_INTERNET_DISCONNECTED");
        var group = group("Offline", person("Off Ann"), person("Off Bob"))
                .path("id")
                .asString("");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(composer(page)).isVisible();
        seat.context().setOffline(true);
        for (var text : List.of("one of two", "two of two")) {
            composer(page).fill(text);
            composer(page).press("Enter");
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

    @Test
    void aDaemonThatIsKilledAndComesBackLosesNothingOfAnOpenPage() throws Exception {
        expected = Pattern.compile("ERR_|503|502|Failed to load resource");
        var ann = person("Kill Ann");
        var group = group("Killed", ann, person("Kill Bob")).path("id").asString("");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        composer(page).fill("before it");
        composer(page).press("Enter");
        assertThat(message(page, "before it")).containsText("Delivered to all 2");
        world.killDaemon();
        composer(page).fill("on its way");
        composer(page).press("Enter");
        composer(page).fill("half typed");
        world.text(ann.number(), DESK, "while you were away");
        world.takeOver();
        assertThat(message(page, "on its way")).containsText("Delivered to all 2");
        assertThat(message(page, "while you were away")).isVisible();
        assertThat(message(page, "on its way")).hasCount(1);
        assertThat(composer(page)).hasValue("half typed");
        assertEquals(1, said(group).stream().filter("on its way"::equals).count());
        assertEquals(
                List.of("before it", "on its way"),
                world.inbox(ann.number()).stream()
                        .filter(text -> !text.contains(":"))
                        .toList());
    }

    @Test
    void theViewDoesNotMoveWhileOthersWrite() {
        var ann = person("Still Ann");
        var group = group("Standing still", ann, person("Still Bob")).path("id").asString("");
        for (int i = 0; i < 30; i++) {
            say(group, "line " + i + "\nof two");
        }
        var seat = seat(Screen.WIDE);
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
        for (int i = 0; i < 20; i++) {
            world.text(ann.number(), DESK, "answer " + i);
        }
        assertThat(role(page, AriaRole.BUTTON, "Jump to latest, 20 new")).isVisible();
        assertEquals(before, ((Number) page.evaluate(top)).doubleValue(), 0.5);
        accessible(page);
        composer(page).fill("my own goes down");
        composer(page).press("Enter");
        assertThat(message(page, "my own goes down")).isInViewport();
        assertThat(role(page, AriaRole.BUTTON, Pattern.compile("^Jump to latest")))
                .hasCount(0);
    }

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

    @Test
    void nineTabsShareOneStreamAndWhatIsReadInOneIsReadInAll() {
        var ann = person("Tab Ann");
        var group = group("Tabs", ann, person("Tab Bob")).path("id").asString("");
        say(group, "hello tabs");
        var seat = seat(Screen.WIDE);
        var before = world.metric("parley_http_streams");
        open(seat, "/conversations");
        var tabs = new ArrayList<Page>();
        for (int i = 0; i < 8; i++) {
            var tab = tab(seat);
            tab.navigate(shared.url() + "/conversations");
            tabs.add(tab);
        }
        for (var tab : tabs) {
            assertThat(row(tab, "Tabs")).isVisible();
        }
        world.text(ann.number(), DESK, "read me");
        for (var tab : tabs) {
            assertThat(row(tab, "Tabs")).containsText("unread");
        }
        assertEquals(before + 1, world.metric("parley_http_streams"));
        var reader = tabs.getLast();
        reader.bringToFront();
        row(reader, "Tabs").click();
        assertThat(message(reader, "read me")).isVisible();
        assertThat(row(seat.page(), "Tabs")).not().containsText("unread");
        composer(reader).fill("a draft for all");
        assertThat(row(seat.page(), "Tabs")).containsText("Draft: a draft for all");
        assertThat(seat.page()).hasURL(Pattern.compile("/conversations$"));
    }

    @Test
    void aMemberSeesOnlyTheirsAndLosesWhatIsTakenAway() {
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
        var seat = seat(Screen.WIDE, name, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/users");
        assertThat(role(page, AriaRole.HEADING, "Nothing here")).isVisible();
        accessible(page);
        open(seat, "/conversations/" + group);
        assertThat(role(page, AriaRole.LIST, "Conversations").getByRole(AriaRole.LINK))
                .hasCount(1);
        composer(page).fill("a draft that goes");
        page.waitForCondition(
                () -> (boolean) page.evaluate("Object.keys(localStorage).some(key => key.includes('/draft/'))"));
        api.patch("/api/v1/contacts/" + mine.id(), Json.MAPPER.readTree("{\"assignedTo\":null}"))
                .ok();
        assertThat(page.getByText("This conversation is not yours to see any more."))
                .isVisible();
        assertThat(row(page, "Of the member")).hasCount(0);
        Await.until("the draft is gone", () ->
                !(boolean) page.evaluate("Object.keys(localStorage).some(key => key.includes('/draft/'))"));
    }
}
