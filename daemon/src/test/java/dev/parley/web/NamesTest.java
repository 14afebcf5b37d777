package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Roles and accessible names are a contract: programs outside drive the page by them, and so do people with a screen
/// reader. Each is looked for once, wide and narrow.
class NamesTest extends PageTest {

    /// What every element has and one of ours calls something of its own: with `remove` a view stays for good.
    private static final String OVERRIDDEN = """
            () => [...document.querySelectorAll('*')].filter(each => each.localName.includes('-')).flatMap(each => {
              const known = new Set(['constructor', 'connectedCallback', 'disconnectedCallback']);
              const names = Object.keys(each);
              for (let of = Object.getPrototypeOf(each); of !== HTMLElement.prototype; of = Object.getPrototypeOf(of)) {
                names.push(...Object.getOwnPropertyNames(of));
              }
              return names.filter(name => name in HTMLElement.prototype && !known.has(name))
                .map(name => `${each.localName}.${name}`);
            })""";

    private static void has(Locator within, AriaRole role, String... names) {
        for (var name : names) {
            assertThat(role(within, role, name)).hasCount(1);
        }
    }

    private static void has(Page page, AriaRole role, String... names) {
        for (var name : names) {
            assertThat(role(page, role, name)).hasCount(1);
        }
    }

    private static void opens(Page page, Locator button, String... items) {
        button.click();
        has(page, AriaRole.MENUITEM, items);
        page.keyboard().press("Escape");
        assertThat(page.getByRole(AriaRole.MENUITEM)).hasCount(0);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void theDoorAndTheFrame(Screen screen) {
        var seat = visitor(screen, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/sign-in");
        has(page, AriaRole.HEADING, "Sign in to Parley");
        assertThat(page.getByLabel("User name")).hasAttribute("autocomplete", "username");
        assertThat(page.getByLabel("Password")).hasAttribute("autocomplete", "current-password");
        has(page, AriaRole.BUTTON, "Sign in");
        expected = Pattern.compile("status of 401");
        page.getByLabel("User name").fill("nobody");
        page.getByLabel("Password").fill("nothing at all");
        button(page, "Sign in").click();
        assertThat(page.getByRole(AriaRole.ALERT)
                        .filter(new Locator.FilterOptions().setHasText(Pattern.compile("\\w"))))
                .hasCount(1);

        signIn(seat.context(), user("admin", "all"));
        open(seat, "/conversations");
        var frame = role(page, AriaRole.NAVIGATION, "Main");
        assertThat(role(frame, AriaRole.LINK, Pattern.compile("^Conversations")))
                .hasCount(1);
        has(frame, AriaRole.LINK, "Contacts", "Lines", "Users", "Webhooks");
        opens(page, role(page, AriaRole.BUTTON, "Account"), "Settings", "Sign out");
        has(page, AriaRole.STATUS, "Connection", "Announcements");
        assertThat(role(page, AriaRole.STATUS, "Connection")).isEmpty();
        opens(page, button(page, "New"), "Group message", "Message");
        // From each to each by its link, as people go: nothing of the one before stays.
        for (var place : List.of("Contacts", "Users", "Webhooks", "Lines", "Users", "Contacts")) {
            role(frame, AriaRole.LINK, place).click();
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasText(place);
        }
        for (var place : Map.of(
                        "/contacts",
                        "Contacts",
                        "/lines",
                        "Lines",
                        "/users",
                        "Users",
                        "/webhooks",
                        "Webhooks",
                        "/settings",
                        "Settings",
                        "/opt-outs",
                        "Opt-outs",
                        "/no/such/place",
                        "Nothing here",
                        "/contacts/new",
                        "New contact",
                        "/contacts/import",
                        "Import contacts")
                .entrySet()) {
            open(seat, place.getKey());
            var heading = page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
            assertThat(heading).hasText(place.getValue());
            assertThat(heading).hasCount(1);
            assertEquals(List.of(), page.evaluate(OVERRIDDEN), place.getKey());
        }
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void theList(Screen screen) {
        var ann = person("Nam Ann " + screen);
        var group = group("Names " + screen, ann, person("Nam Bob " + screen))
                .path("id")
                .asString("");
        say(group, "Out we go");
        gets(ann.number(), "Out we go");
        world.text(ann.number(), DESK, "one");
        world.text(ann.number(), DESK, "two of them");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations");
        var region = role(page, AriaRole.REGION, "Conversation list");
        has(region, AriaRole.SEARCHBOX, "Search conversations");
        has(region, AriaRole.HEADING, "Conversations");
        has(role(region, AriaRole.GROUP, "Show"), AriaRole.RADIO, "All", "Unread", "Needs you", "Closed");
        has(region, AriaRole.COMBOBOX, "Line");
        var list = role(region, AriaRole.LIST, "Conversations");
        var row = role(
                list,
                AriaRole.LINK,
                Pattern.compile("^Names " + screen + "\\W+2 unread\\W+.*two of them.*Front desk$"));
        assertThat(row).hasAttribute("href", "/conversations/" + group);
        row.click();
        assertThat(page).hasURL(Pattern.compile("/conversations/" + group + "$"));
        if (screen == Screen.WIDE) {
            assertThat(row(page, "Names " + screen)).hasAttribute("aria-current", "page");
        }
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void newConversations(Screen screen) {
        var ann = person("New Ann " + screen);
        var second = shared.newNumber();
        api.patch("/api/v1/contacts/" + ann.id(), Map.of("secondaryNumber", second))
                .ok();
        var bare = shared.newNumber();
        var shown = "(202) 556-" + bare.substring(8);
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/new/group");
        var form = role(page, AriaRole.FORM, "New group message");
        var lines = role(form, AriaRole.COMBOBOX, "Business number");
        assertThat(lines.getByRole(AriaRole.OPTION)).hasCount(3);
        assertEquals(
                List.of("Choose the best one for me", "Front desk, (202) 555-0100", "Sales, (202) 555-0101"),
                lines.getByRole(AriaRole.OPTION).allInnerTexts().stream()
                        .map(String::strip)
                        .toList());
        var field = role(form, AriaRole.COMBOBOX, "Add people");
        field.fill("New Ann " + screen);
        var found = role(page, AriaRole.LISTBOX, "People found");
        has(
                found,
                AriaRole.OPTION,
                "New Ann " + screen + ", (202) 556-" + ann.number().substring(8) + ", primary",
                "New Ann " + screen + ", (202) 556-" + second.substring(8) + ", secondary");
        role(found, AriaRole.OPTION, Pattern.compile("primary$")).click();
        field.fill(shown);
        role(found, AriaRole.OPTION, "Use " + shown).click();
        var participants = role(form, AriaRole.LIST, "Participants");
        assertThat(participants.getByRole(AriaRole.LISTITEM)).hasCount(2);
        has(participants, AriaRole.BUTTON, "Remove New Ann " + screen);
        has(participants, AriaRole.TEXTBOX, "Name for " + shown);
        assertThat(role(form, AriaRole.STATUS, "Count")).hasText("3 of 10 people, you included");
        has(role(form, AriaRole.GROUP, "Replies"), AriaRole.RADIO, "Go to everyone", "Only to us");
        has(form, AriaRole.CHECKBOX, "Introduce everyone first");
        has(form, AriaRole.TEXTBOX, "Title (optional)", "Message");
        has(form, AriaRole.STATUS, "Length");
        has(form, AriaRole.BUTTON, "Create group", "Cancel");
        role(participants, AriaRole.BUTTON, "Remove New Ann " + screen).click();
        role(form, AriaRole.BUTTON, "Create group").click();
        assertThat(form.getByRole(AriaRole.ALERT)).hasText("Add at least two people.");
        assertThat(field).isFocused();
        role(form, AriaRole.BUTTON, "Cancel").click();
        assertThat(form).hasCount(0);

        open(seat, "/conversations/new/message");
        var direct = role(page, AriaRole.FORM, "New message");
        has(direct, AriaRole.COMBOBOX, "Business number", "To");
        has(direct, AriaRole.TEXTBOX, "Message");
        has(direct, AriaRole.BUTTON, "Send");
        role(direct, AriaRole.COMBOBOX, "To").fill("New Ann " + screen);
        role(page, AriaRole.OPTION, Pattern.compile("primary$")).click();
        role(direct, AriaRole.TEXTBOX, "Message").fill("Hello you " + screen);
        role(direct, AriaRole.BUTTON, "Send").click();
        gets(ann.number(), "Hello you " + screen);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("New Ann " + screen);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void theThread(Screen screen) {
        var ann = person("Thr Ann " + screen);
        var bob = person("Thr Bob " + screen);
        reach(bob.number(), "reject");
        var group = group("Thread " + screen, ann, bob).path("id").asString("");
        say(group, "To be delivered");
        gets(ann.number(), "To be delivered");
        world.text(ann.number(), DESK, "An answer");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(page.getByRole(AriaRole.MAIN)).hasCount(1);
        if (screen == Screen.NARROW) {
            has(page, AriaRole.BUTTON, "Back");
        }
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Thread " + screen);
        has(page, AriaRole.SEPARATOR, "New messages");
        has(page, AriaRole.LOG, "Messages");
        var answer = log(page)
                .getByRole(
                        AriaRole.ARTICLE,
                        new Locator.GetByRoleOptions()
                                .setName(Pattern.compile("^Thr Ann " + screen + " An answer \\d+:\\d\\d")));
        assertThat(answer).hasAttribute("id", Pattern.compile("^message-\\d+$"));
        var said =
                log(page).getByRole(AriaRole.ARTICLE).filter(new Locator.FilterOptions().setHasText("To be delivered"));
        assertThat(role(said, AriaRole.BUTTON, Pattern.compile("^Delivery details: Delivered 1 of 2")))
                .hasCount(1);
        opens(
                page,
                button(page, "More for this conversation"),
                "Rename",
                "Replies…",
                "Mark unread",
                "Print",
                "Export",
                "Close conversation");
        answer.hover();
        opens(page, role(answer, AriaRole.BUTTON, "More for this message"), "Copy", "Move to another conversation…");
        said.hover();
        opens(page, role(said, AriaRole.BUTTON, "More for this message"), "Copy", "Try again");

        assertEquals(List.of(), page.evaluate(OVERRIDDEN));

        var form = role(page, AriaRole.FORM, "Composer");
        has(form, AriaRole.TEXTBOX, "Message");
        has(form, AriaRole.STATUS, "Length");
        has(form, AriaRole.BUTTON, "Send later", "Send");
        composer(page).fill("“quoted” " + "y".repeat(70));
        has(role(form, AriaRole.NOTE, "Special characters"), AriaRole.BUTTON, "Replace them");
        role(form, AriaRole.BUTTON, "Send later").click();
        var later = role(page, AriaRole.DIALOG, "Send later");
        assertThat(later.getByLabel("When")).hasCount(1);
        has(later, AriaRole.BUTTON, "Schedule");
        page.keyboard().press("Escape");

        var chevron = role(page, AriaRole.BUTTON, Pattern.compile("Participants$"));
        assertThat(chevron.first()).hasAttribute("aria-expanded", "false");
        chevron.first().click();
        var pane = role(page, AriaRole.COMPLEMENTARY, "Participants");
        assertThat(role(pane, AriaRole.LIST, "Participants").getByRole(AriaRole.LISTITEM))
                .hasCount(2);
        has(pane, AriaRole.BUTTON, "New group with these people", "Close participants");
        role(pane, AriaRole.BUTTON, "Close participants").click();

        role(said, AriaRole.BUTTON, Pattern.compile("^Delivery details: ")).click();
        var details = role(page, AriaRole.COMPLEMENTARY, "Delivery details");
        var table = role(details, AriaRole.TABLE, "Deliveries");
        has(role(table, AriaRole.ROW, Pattern.compile("^Thr Ann")), AriaRole.CELL, "Delivered");
        has(role(table, AriaRole.ROW, Pattern.compile("^Thr Bob")), AriaRole.CELL, "Not delivered");
        assertThat(role(details, AriaRole.BUTTON, Pattern.compile("^Try again for")))
                .hasCount(1);
        has(details, AriaRole.BUTTON, "Close delivery details");
        role(details, AriaRole.BUTTON, "Close delivery details").click();

        // Renamed where it stands, and searched within.
        chevron.first().click();
        pane.getByLabel("Title").fill("Thread renamed " + screen);
        pane.getByLabel("Title").press("Enter");
        role(pane, AriaRole.BUTTON, "Close participants").click();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Thread renamed " + screen);
        button(page, "More for this conversation").click();
        role(page, AriaRole.MENUITEM, "Search in this conversation").click();
        var field = role(page, AriaRole.SEARCHBOX, "Search in this conversation");
        assertThat(field).isFocused();
        field.fill("delivered");
        assertThat(page.getByText("1 of 1", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(said).hasClass(Pattern.compile("marked"));
        accessible(page);
        picture(page, "search-in-thread-" + screen);
        button(page, "Close search").click();
        assertThat(field).hasCount(0);
        assertTrue(page.url().contains("message="));
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whoIsOfflineIsToldWhereverTheyAre(Screen screen) {
        expected = Pattern.compile("ERR_INTERNET_DISCONNECTED");
        var group = group("Away " + screen, person("Awa Ann " + screen), person("Awa Bob " + screen))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(composer(page)).isVisible();
        seat.context().setOffline(true);
        var connection = role(page, AriaRole.STATUS, "Connection");
        assertThat(connection).hasText(Pattern.compile("^Offline since .*What you send will wait here\\.$"));
        assertThat(connection).isInViewport();
        assertTrue(
                (boolean) page.evaluate("[...document.querySelectorAll('h1, .composer, .connection')]"
                        + ".map(each => each.getBoundingClientRect()).every((one, at, all) => all.every(other => one === other"
                        + " || one.bottom <= other.top || other.bottom <= one.top || one.right <= other.left"
                        + " || other.right <= one.left))"),
                "nothing lies over the title or the composer");
        accessible(page);
        picture(page, "offline-" + screen);
        composer(page).fill("Waits for the line");
        button(page, "Send").click();
        var waiting = message(page, "Waits for the line");
        assertThat(waiting).containsText("Waiting for the connection");
        seat.context().setOffline(false);
        // Taken by the API: how soon a modem sends it is told elsewhere.
        assertThat(waiting).not().containsText("Waiting for the connection");
        assertThat(waiting).hasCount(1);
        assertThat(connection).isEmpty();
    }
}
