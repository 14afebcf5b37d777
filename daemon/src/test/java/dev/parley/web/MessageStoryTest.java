package dev.parley.web;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// What becomes of what was said, and what needs somebody.
class MessageStoryTest extends PageTest {

    private static Locator details(Page page, String start) {
        return role(page, AriaRole.BUTTON, Pattern.compile("^Delivery details: " + start));
    }

    private static void choose(Page page, Locator message, String item) {
        message.hover();
        role(message, AriaRole.BUTTON, "More for this message").click();
        role(page, AriaRole.MENUITEM, item).click();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void statusesChangeInPlaceAndAFailedOneIsTriedAgain(Screen screen) {
        var ann = person("Sta Ann");
        var bob = person("Sta Bob");
        reach(bob.number(), "reject");
        var group = group("Statuses", ann, bob).path("id").asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        composer(page).fill("Who is there");
        button(page, "Send").click();
        assertThat(details(page, "Delivered 1 of 2 · 1 not delivered")).isVisible();
        details(page, "Delivered 1 of 2").click();
        var table = role(page, AriaRole.TABLE, "Deliveries");
        assertThat(role(table, AriaRole.ROW, Pattern.compile("^Sta Bob")).getByText("Not delivered"))
                .isVisible();
        accessible(page);
        reach(bob.number(), "on");
        role(page, AriaRole.BUTTON, "Try again for 1 person").click();
        assertThat(role(role(table, AriaRole.ROW, Pattern.compile("^Sta Bob")), AriaRole.CELL, "Delivered"))
                .isVisible();
        assertThat(details(page, "Delivered to all 2")).isVisible();
        role(page, AriaRole.BUTTON, "Close delivery details").click();

        composer(page).fill("For tomorrow");
        button(page, "Send later").click();
        var dialog = role(page, AriaRole.DIALOG, "Send later");
        dialog.getByLabel("When").fill("2020-01-01T08:00");
        role(dialog, AriaRole.BUTTON, "Schedule").click();
        assertThat(dialog.getByRole(AriaRole.ALERT)).hasText("That is in the past.");
        accessible(page);
        role(dialog, AriaRole.BUTTON, Pattern.compile("^Tomorrow")).click();
        var planned = message(page, "For tomorrow");
        assertThat(planned).containsText("Scheduled for");
        if (screen == Screen.WIDE) {
            assertThat(row(page, "Statuses").first()).containsText("Scheduled for");
        }
        choose(page, planned, "Cancel");
        assertThat(planned).containsText("Cancelled");
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void aReplyWithoutAPlaceIsPlacedByAClick(Screen screen) {
        var tag = screen.name();
        var bob = person("Rob " + tag);
        var one = person("One " + tag);
        var two = person("Two " + tag);
        var first = group("First " + tag, bob, one).path("id").asString("");
        var second = group("Second " + tag, bob, two).path("id").asString("");
        say(first, "In the first " + tag);
        say(second, "In the second " + tag);
        gets(bob.number(), "[#1 First " + tag + "] In the first " + tag);
        gets(bob.number(), "[#2 Second " + tag + "] In the second " + tag);
        var seat = seat(screen);
        var page = seat.page();
        var other = tab(seat);
        open(seat, "/conversations/" + first);
        other.navigate(shared.url() + "/conversations/" + second);
        assertThat(message(other, "In the second")).isVisible();
        world.text(bob.number(), DESK, "which one is it " + tag);
        var here = role(page, AriaRole.GROUP, "Which conversation?");
        var there = role(other, AriaRole.GROUP, "Which conversation?");
        assertThat(here).containsText("which one is it " + tag);
        assertThat(there).containsText("which one is it " + tag);
        accessible(page);
        picture(page, "which-" + tag);
        var needs = api.get("/api/v1/conversations/" + first).ok().path("needs").toString();
        assertEquals("[\"route\"]", needs);
        press(screen, role(here, AriaRole.BUTTON, "Second " + tag + " #2"));
        assertThat(here).hasCount(0);
        assertThat(there).hasCount(0);
        assertThat(message(other, "which one is it " + tag)).containsText("Passed on to 1");
        gets(two.number(), bob.name() + ": which one is it " + tag);

        // Moved, and not sent.
        var placed = message(other, "which one is it " + tag);
        choose(other, placed, "Move to another conversation…");
        var dialog = role(other, AriaRole.DIALOG, "Move message");
        role(dialog, AriaRole.RADIO, "First " + tag + " #1").check();
        role(dialog, AriaRole.CHECKBOX, "Send it to the others there").uncheck();
        accessible(other);
        press(screen, role(dialog, AriaRole.BUTTON, "Move"));
        assertThat(placed).hasCount(0);
        assertThat(message(page, "which one is it " + tag)).isVisible();
        assertFalse(world.inbox(one.number()).contains(bob.name() + ": which one is it " + tag));
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whoSaysStopGetsNothingAndAWordingThatMayMeanItIsDecided(Screen screen) {
        var ann = person("Opt Ann");
        var bob = person("Opt Bob");
        var group = group("Opting", ann, bob).path("id").asString("");
        say(group, "Welcome here");
        gets(ann.number(), "Welcome here");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        world.text(ann.number(), DESK, "please stop texting me");
        var ask = role(page, AriaRole.GROUP, "Asked to stop?");
        assertThat(ask).isVisible();
        if (screen == Screen.WIDE) {
            assertThat(row(page, "Opting").first()).containsText("Asked to stop?");
        }
        accessible(page);
        role(ask, AriaRole.BUTTON, "No, keep texting").click();
        assertThat(ask).hasCount(0);

        world.text(bob.number(), DESK, "STOP");
        assertThat(role(page, AriaRole.FORM, "Composer")).containsText("Opt Bob won’t get this (Opted out)");
        role(page, AriaRole.BUTTON, Pattern.compile("Participants$")).click();
        var pane = role(page, AriaRole.COMPLEMENTARY, "Participants");
        assertThat(pane.getByText("Opted out", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        accessible(page);
        role(pane, AriaRole.BUTTON, "Close participants").click();
        world.text(ann.number(), DESK, "STOP");
        assertThat(role(page, AriaRole.FORM, "Composer")).hasCount(0);
        assertThat(page.getByText(Pattern.compile("^Nobody here can get a text")))
                .isVisible();
        assertThat(button(page, "New group without Opt Ann and Opt Bob")).isVisible();
        world.text(bob.number(), DESK, "START");
        assertThat(role(page, AriaRole.FORM, "Composer")).containsText("Opt Ann won’t get this (Opted out)");
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whatBecameOfAPersonShowsAndTheGroupGoesOnWithoutWhoIsBlocked(Screen screen) {
        var ann = person("Lab Ann");
        var bob = person("Lab Bob");
        var chloe = person("Lab Chloe");
        var group = group("Labels", ann, bob, chloe).path("id").asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group + "?people=1");
        var pane = role(page, AriaRole.COMPLEMENTARY, "Participants");
        assertThat(pane.getByText("People and number stay as they were")).isVisible();
        api.patch("/api/v1/contacts/" + bob.id(), Map.of("name", "Bobby")).ok();
        role(pane, AriaRole.BUTTON, "Updated").click();
        assertThat(pane).containsText("Called Bobby in Contacts now. Texts still go to");
        api.patch("/api/v1/contacts/" + chloe.id(), Map.of("dnd", true)).ok();
        assertThat(pane.getByText("Do Not Disturb", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        accessible(page);
        role(pane, AriaRole.BUTTON, "New group without Lab Chloe").click();
        var form = role(page, AriaRole.FORM, "New group message");
        assertThat(role(form, AriaRole.LIST, "Participants").getByRole(AriaRole.LISTITEM))
                .hasCount(2);
        assertThat(role(form, AriaRole.TEXTBOX, "Title (optional)")).hasValue("Labels");
        assertThat(form.getByText("It takes the place of Labels, which closes and leads to it."))
                .isVisible();
        page.goBack();
        api.delete("/api/v1/contacts/" + ann.id());
        assertThat(pane.getByText("Deleted", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();

        // The group goes on without who gets nothing, and the old one leads there.
        button(page, "Close participants").click();
        open(seat, "/conversations/new/group?from=" + group + "&without=blocked");
        assertThat(role(form, AriaRole.LIST, "Participants").getByRole(AriaRole.LISTITEM))
                .hasCount(2);
        role(form, AriaRole.TEXTBOX, "Message").fill("Here we go on " + screen);
        role(form, AriaRole.BUTTON, "Create group").click();
        assertThat(page).hasURL(Pattern.compile("/conversations/(?!" + group + "$)[0-9]+$"));
        gets(bob.number(), "Here we go on " + screen);
        assertFalse(world.inbox(chloe.number()).contains("Here we go on " + screen));
        var next = page.url();
        role(page, AriaRole.LINK, "It began in an earlier conversation").click();
        assertThat(page).hasURL(Pattern.compile("/conversations/" + group + "$"));
        assertThat(page.getByText(Pattern.compile("^Closed on "))).isVisible();
        accessible(page);
        role(page, AriaRole.LINK, "It goes on in a new conversation").click();
        assertThat(page).hasURL(next);
    }
}
