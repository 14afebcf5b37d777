package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.world.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Answers that the stream overtakes: what an event said of something whose reading was still on its way must not be
/// lost, in whichever order the two come.
class OvertakenTest extends PageTest {

    /// Answers that wait until the test lets them go.
    private static final class Held {
        private final List<Runnable> waiting = new ArrayList<>();
        private final Page page;
        private boolean open;

        /// @param answered whether the server answers before the waiting, or only after it
        Held(Page page, String url, Predicate<Route> which, boolean answered) {
            this.page = page;
            page.route(url, route -> {
                if (open || !which.test(route)) {
                    route.resume();
                } else if (answered) {
                    var answer = route.fetch();
                    waiting.add(() -> route.fulfill(new Route.FulfillOptions().setResponse(answer)));
                } else {
                    waiting.add(route::resume);
                }
            });
        }

        void has(int n) {
            page.waitForCondition(() -> waiting.size() >= n);
        }

        void letGo() {
            open = true;
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }

    private static Predicate<Route> method(String method) {
        return route -> route.request().method().equals(method);
    }

    /// What the server has told by now has come to this page.
    private void streamHasCome(Page page) {
        var latest = (double) events(); // what a page takes
        page.waitForCondition(() -> (boolean) page.evaluate(
                "latest => performance.getEntriesByName('parley-event').some(each => Number(each.detail.id) >= latest)",
                latest));
    }

    private void delivered(String conversation) {
        Await.until("all is delivered", () -> {
            var messages = api.get("/api/v1/conversations/" + conversation + "/messages")
                    .ok()
                    .path("items");
            for (var message : messages) {
                for (var delivery : message.path("deliveries")) {
                    if (!delivery.path("status").asString("").equals("delivered")) {
                        return false;
                    }
                }
            }
            return messages.size() > 0;
        });
    }

    /// The messages were read before, and came after, what became of them.
    @ParameterizedTest
    @EnumSource(Screen.class)
    void deliveriesThatOvertakeTheMessagesAreShown(Screen screen) {
        var ann = person("Ove Ann");
        var title = "Overtaken " + screen;
        var group = group(title, ann, person("Ove Bob")).path("id").asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations");
        assertThat(row(page, title)).isVisible();
        reach(ann.number(), "off");
        say(group, "on its way");
        streamHasCome(page);
        var held = new Held(page, "**/conversations/" + group + "/messages?*", method("GET"), true);
        press(screen, row(page, title));
        held.has(1);
        reach(ann.number(), "on");
        delivered(group);
        streamHasCome(page);
        held.letGo();
        assertThat(message(page, "on its way")).containsText("Delivered to all 2");
    }

    /// The answer that a group was made comes after all that became of its first text.
    @Test
    void aGroupWhoseAnswerComesLastShowsWhatBecameOfItsText() {
        var seat = visitor(Screen.WIDE, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/");
        page.getByLabel("User name").fill(user("admin", "all"));
        page.getByLabel("Password").fill(password());
        button(page, "Sign in").click();
        assertThat(role(page, AriaRole.HEADING, "Conversations")).isVisible();
        var people = List.of(person("Las Ann"), person("Las Bob"));
        button(page, "New").click();
        role(page, AriaRole.MENUITEM, "Group message").click();
        var form = role(page, AriaRole.FORM, "New group message");
        for (var person : people) {
            role(form, AriaRole.COMBOBOX, "Add people").fill(person.name());
            role(page, AriaRole.LISTBOX, "People found")
                    .getByRole(AriaRole.OPTION)
                    .click();
        }
        role(form, AriaRole.TEXTBOX, "Title (optional)").fill("Answered last");
        role(form, AriaRole.TEXTBOX, "Message").fill("first of all");
        var made = new Held(page, "**/api/v1/conversations", method("POST"), true);
        role(form, AriaRole.BUTTON, "Create group").click();
        made.has(1);
        for (var person : people) {
            gets(person.number(), "first of all");
        }
        var row = row(page, "Answered last");
        assertThat(row).containsText("You: first of all");
        var id = row.getAttribute("href").replaceAll(".*/", "");
        delivered(id);
        streamHasCome(page);
        made.letGo();
        assertThat(role(page, AriaRole.BUTTON, Pattern.compile("^Delivery details: Delivered to all 2")))
                .isVisible();
        world.text(people.getFirst().number(), DESK, "and an answer");
        assertThat(message(page, "and an answer")).isVisible();
        assertThat(row).containsText("Las Ann: and an answer");
    }

    /// A conversation that an event is the first to tell of, with more events before it is read.
    @Test
    void whatIsSaidWhileAConversationIsMetIsCounted() {
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations");
        assertThat(role(page, AriaRole.HEADING, "Conversations")).isVisible();
        var met = new Held(
                page,
                "**/api/v1/conversations/*",
                method("GET").and(route -> route.request().url().matches(".*/[0-9]+")),
                true);
        var stranger = shared.newNumber();
        world.text(stranger, DESK, "one of three");
        met.has(1);
        world.text(stranger, DESK, "two of three");
        world.text(stranger, DESK, "three of three");
        streamHasCome(page);
        met.letGo();
        var row = role(page, AriaRole.LIST, "Conversations")
                .getByRole(AriaRole.LINK)
                .filter(new Locator.FilterOptions().setHasText("three of three"));
        assertThat(row).containsText("3 unread");
    }

    /// The list was read before a conversation began that the stream tells of.
    @Test
    void aConversationThatBeginsWhileTheListIsReadIsListed() {
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations");
        assertThat(role(page, AriaRole.HEADING, "Conversations")).isVisible();
        var list = new Held(page, "**/api/v1/conversations?*", method("GET"), true);
        role(page, AriaRole.RADIO, "Unread").check();
        list.has(1);
        var stranger = shared.newNumber();
        world.text(stranger, DESK, "begun meanwhile");
        streamHasCome(page);
        page.waitForCondition(() -> (boolean) page.evaluate(
                "performance.getEntriesByType('resource').some(each => /\\/conversations\\/[0-9]+$/.test(each.name))"));
        list.letGo();
        assertThat(role(page, AriaRole.LIST, "Conversations")).containsText("begun meanwhile");
    }

    /// The stream goes on from the first that was read, not from the list that was read last.
    @Test
    void whatHappensBetweenThreadAndListOfAReloadIsShown() {
        var ann = person("Rel Ann");
        var group = group("Reloaded", ann, person("Rel Bob")).path("id").asString("");
        reach(ann.number(), "off");
        say(group, "while it loads");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        var list = new Held(page, "**/api/v1/conversations?*", method("GET"), false);
        open(seat, "/conversations/" + group);
        assertThat(message(page, "while it loads")).isVisible();
        list.has(1);
        reach(ann.number(), "on");
        delivered(group);
        world.text(ann.number(), DESK, "said meanwhile");
        Await.until(
                "it is there",
                () -> api.get("/api/v1/conversations/" + group + "/messages")
                                .ok()
                                .path("items")
                                .size()
                        == 2);
        list.letGo();
        assertThat(message(page, "while it loads")).containsText("Delivered to all 2");
        assertThat(message(page, "said meanwhile")).isVisible();
    }

    /// To have read is answered with how the conversation was before the next text.
    @Test
    void aTextThatComesWhileTheOneBeforeIsReadStaysTheLast() {
        var ann = person("Rea Ann");
        var group = group("Reading", ann, person("Rea Bob")).path("id").asString("");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(composer(page)).isVisible();
        var read = new Held(page, "**/api/v1/conversations/*/read", method("POST"), true);
        world.text(ann.number(), DESK, "the first of them");
        read.has(1);
        world.text(ann.number(), DESK, "the second of them");
        streamHasCome(page);
        assertThat(message(page, "the second of them")).isVisible();
        var counted = new Held(page, "**/api/v1/conversations/counts", method("GET"), true);
        read.letGo();
        assertThat(row(page, "Reading")).containsText("the second of them");
        assertThat(row(page, "Reading")).not().containsText("unread");
        counted.letGo();
    }

    /// A count that was on its way when one more came is asked for again.
    @Test
    void aCountIsNotThatOfBefore() {
        var ann = person("Cou Ann");
        var name = user("member", "assigned");
        for (var each : api.get("/api/v1/users?limit=200").ok().path("items")) {
            if (each.path("name").asString("").equals(name)) {
                api.patch(
                                "/api/v1/contacts/" + ann.id(),
                                Map.of("assignedTo", each.path("id").asString("")))
                        .ok();
            }
        }
        group("Counted", ann, person("Cou Bob"));
        var seat = seat(Screen.WIDE, name, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/conversations");
        assertThat(row(page, "Counted")).isVisible();
        var counts = new Held(page, "**/api/v1/conversations/counts", method("GET"), true);
        world.text(ann.number(), DESK, "number one");
        counts.has(1);
        world.text(ann.number(), DESK, "number two");
        assertThat(row(page, "Counted")).containsText("2 unread");
        counts.letGo();
        assertThat(role(page, AriaRole.LINK, "Conversations, 2 unread")).isVisible();
        assertTrue(page.title().startsWith("(2) "), page.title());
    }
}
