package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/// The pictures of the README, taken of the real thing: wide and light, narrow and dark, a new group.
///
/// They are below `target/pictures`; `docs/pictures` has the ones that were looked at and made small.
class PicturesTest extends PageTest {
    private static final Path PICTURES = Path.of("target", "pictures");

    private String clerk = "";
    private String clerkId = "";

    private Person assigned(String name) {
        var person = person(name);
        api.patch("/api/v1/contacts/" + person.id(), Map.of("assignedTo", clerkId))
                .ok();
        return person;
    }

    private static void take(Page page, String name) {
        page.evaluate("document.activeElement?.blur()");
        page.mouse().move(720, 4);
        page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
    }

    @Test
    void whatAShopSees() {
        // Somebody who sees their own people alone: other tests have filled this world.
        clerk = user("member", "assigned");
        for (var each : api.get("/api/v1/users?limit=200").ok().path("items")) {
            if (each.path("name").asString("").equals(clerk)) {
                clerkId = each.path("id").asString("");
            }
        }
        var ann = assigned("Ann Smith");
        var bob = assigned("Bob Smith");
        var chloe = assigned("Chloe Jones");
        var dan = assigned("Dan Brown");
        var eve = assigned("Eve Miller");
        var rob = assigned("Rob Baker");

        var soccer = group("Soccer U11", rob, eve, bob).path("id").asString("");
        say(soccer, "Practice starts at 5 today. Who drives?");
        gets(eve.number(), "Practice starts at 5 today. Who drives?");
        world.text(eve.number(), DESK, "I can take four");
        gets(rob.number(), "Eve Miller: I can take four");

        api.post(
                        "/api/v1/messages",
                        Map.of(
                                "line", line(DESK),
                                "to", dan.number(),
                                "text", "Your glasses are ready. We are open until 6."))
                .ok();
        gets(dan.number(), "Your glasses are ready. We are open until 6.");
        world.text(dan.number(), DESK, "Great, I come by at 5");

        var move = group("Smith move", ann, bob, chloe).path("id").asString("");
        say(move, "The van comes at 8. OK?");
        for (var person : new Person[] {ann, bob, chloe}) {
            gets(person.number(), (person.equals(bob) ? "[#2 Smith move] " : "") + "The van comes at 8. OK?");
        }
        world.text(ann.number(), DESK, "8 is fine. The piano is ready, too.");
        gets(chloe.number(), "Ann Smith: 8 is fine. The piano is ready, too.");
        world.text(chloe.number(), DESK, "I bring coffee and the keys");
        gets(ann.number(), "Chloe Jones: I bring coffee and the keys");

        var wide = seat(Screen.WIDE, clerk, new Browser.NewContextOptions());
        var page = wide.page();
        open(wide, "/conversations/" + move);
        assertThat(message(page, "I bring coffee")).containsText("Passed on to 2");
        composer(page).fill("Perfect. See you all at 8.");
        composer(page).press("Enter");
        assertThat(message(page, "Perfect.")).containsText("Delivered to all 3");
        world.text(bob.number(), DESK, "ok for me");
        assertThat(role(page, AriaRole.GROUP, "Which conversation?")).isVisible();
        assertThat(row(page, "Smith move")).containsText("Which conversation?");
        role(page, AriaRole.BUTTON, Pattern.compile("Participants$")).first().click();
        assertThat(role(page, AriaRole.COMPLEMENTARY, "Participants")).isVisible();
        take(page, "wide");

        var narrow = seat(Screen.NARROW, clerk, new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK));
        open(narrow, "/conversations/" + move);
        assertThat(message(narrow.page(), "I bring coffee")).containsText("Passed on to 2");
        take(narrow.page(), "narrow");

        open(wide, "/conversations/new/group");
        var form = role(page, AriaRole.FORM, "New group message");
        for (var person : new Person[] {dan, eve, rob}) {
            role(form, AriaRole.COMBOBOX, "Add people").fill(person.name());
            role(role(page, AriaRole.LISTBOX, "People found"), AriaRole.OPTION, Pattern.compile("^" + person.name()))
                    .click();
        }
        role(form, AriaRole.TEXTBOX, "Title (optional)").fill("Saturday market");
        role(form, AriaRole.TEXTBOX, "Message").fill("Stalls open at 9. Who can be there at 7 to set up?");
        assertThat(role(form, AriaRole.STATUS, "Count")).hasText("4 of 10 people, you included");
        assertThat(role(form, AriaRole.STATUS, "Length")).containsText("1 SMS × 3");
        take(page, "new-group");
    }
}
