package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// From the door to a group that talks: what a visitor sees in a minute.
class GroupStoryTest extends PageTest {

    @ParameterizedTest
    @EnumSource(Screen.class)
    void aVisitorSignsInAndSeesAGroupTalk(Screen screen) {
        var tag = screen.name();
        var ann = person("Anna " + tag);
        var bob = person("Bert " + tag);
        var chloe = person("Cleo " + tag);
        var seat = visitor(screen, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/");
        assertThat(role(page, AriaRole.HEADING, "Sign in to Parley")).isVisible();
        accessible(page);
        page.getByLabel("User name").fill(user("admin", "all"));
        page.getByLabel("Password").fill(password());
        press(screen, button(page, "Sign in"));
        assertThat(role(page, AriaRole.HEADING, "Conversations")).isVisible();
        accessible(page);

        press(screen, button(page, "New"));
        press(screen, role(page, AriaRole.MENUITEM, "Group message"));
        var form = role(page, AriaRole.FORM, "New group message");
        for (var person : new Person[] {ann, bob, chloe}) {
            role(form, AriaRole.COMBOBOX, "Add people").fill(person.name());
            press(
                    screen,
                    role(
                            role(page, AriaRole.LISTBOX, "People found"),
                            AriaRole.OPTION,
                            Pattern.compile("^" + person.name())));
        }
        assertThat(role(form, AriaRole.STATUS, "Count")).hasText("4 of 10 people, you included");
        role(form, AriaRole.TEXTBOX, "Title (optional)").fill("Move " + tag);
        role(form, AriaRole.TEXTBOX, "Message").fill("The van comes at 8. OK? " + tag);
        assertThat(role(form, AriaRole.STATUS, "Length")).containsText("1 SMS × 3");
        accessible(page);
        picture(page, "new-group-" + tag);
        press(screen, role(form, AriaRole.BUTTON, "Create group"));

        assertThat(role(page, AriaRole.HEADING, "Move " + tag)).isVisible();
        for (var person : new Person[] {ann, bob, chloe}) {
            gets(person.number(), "The van comes at 8. OK? " + tag);
        }
        assertThat(role(page, AriaRole.BUTTON, Pattern.compile("^Delivery details: Delivered to all 3")))
                .isVisible();
        world.text(bob.number(), DESK, "8 is fine " + tag);
        var reply = message(page, "8 is fine " + tag);
        assertThat(reply).isVisible();
        assertThat(reply).containsText(bob.name());
        gets(ann.number(), bob.name() + ": 8 is fine " + tag);
        gets(chloe.number(), bob.name() + ": 8 is fine " + tag);
        assertThat(reply).containsText("Passed on to 2");

        composer(page).fill("Thank you all " + tag);
        press(screen, button(page, "Send"));
        assertThat(composer(page)).hasValue("");
        gets(ann.number(), "Thank you all " + tag);
        assertThat(message(page, "Thank you all " + tag)).hasCount(1);
        accessible(page);
        picture(page, "thread-" + tag);

        press(screen, role(page, AriaRole.BUTTON, Pattern.compile("Participants$")));
        var pane = role(page, AriaRole.COMPLEMENTARY, "Participants");
        assertThat(role(pane, AriaRole.LIST, "Participants").getByRole(AriaRole.LISTITEM))
                .hasCount(3);
        accessible(page);
        picture(page, "participants-" + tag);
        press(screen, role(pane, AriaRole.BUTTON, "Close participants"));
        assertThat(pane).hasCount(0);

        press(screen, message(page, "The van comes at 8.").getByText("The van comes at 8."));
        var details = role(page, AriaRole.COMPLEMENTARY, "Delivery details");
        var row = role(role(details, AriaRole.TABLE, "Deliveries"), AriaRole.ROW, Pattern.compile("^" + ann.name()));
        assertThat(role(row, AriaRole.CELL, "Delivered")).isVisible();
        accessible(page);
        picture(page, "details-" + tag);
        page.goBack();
        assertThat(details).hasCount(0);
        assertEquals(
                "Move " + tag,
                page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1))
                        .first()
                        .innerText());
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void aGroupIsRefusedWhereItCannotBe(Screen screen) {
        var tag = screen.name();
        var two = person("Twofold " + tag);
        var second = shared.newNumber();
        api.patch("/api/v1/contacts/" + two.id(), java.util.Map.of("secondaryNumber", second))
                .ok();
        var quiet = person("Quiet " + tag);
        api.patch("/api/v1/contacts/" + quiet.id(), java.util.Map.of("dnd", true))
                .ok();
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/new/group");
        var form = role(page, AriaRole.FORM, "New group message");
        var field = role(form, AriaRole.COMBOBOX, "Add people");
        field.fill("Twofold " + tag);
        var found = role(page, AriaRole.LISTBOX, "People found");
        assertThat(role(found, AriaRole.OPTION, Pattern.compile("^Twofold .*, primary$")))
                .isVisible();
        role(found, AriaRole.OPTION, Pattern.compile("^Twofold .*, secondary$")).click();
        field.fill("Quiet " + tag);
        var blocked = role(found, AriaRole.OPTION, Pattern.compile("^Quiet .*on Do Not Disturb$"));
        assertThat(blocked).hasAttribute("aria-disabled", "true");
        var bare = shared.newNumber();
        field.fill(bare);
        role(found, AriaRole.OPTION, Pattern.compile("^Use ")).click();
        role(form, AriaRole.TEXTBOX, Pattern.compile("^Name for ")).fill("Zoe");
        assertThat(role(form, AriaRole.STATUS, "Count")).hasText("3 of 10 people, you included");
        accessible(page);
        // Left, it stays as a draft.
        role(form, AriaRole.TEXTBOX, "Title (optional)").fill("Half done " + tag);
        page.waitForCondition(() -> (boolean) page.evaluate("Object.keys(localStorage).some(key => "
                + "key.endsWith('/draft/new-group') && localStorage[key].includes('Half done'))"));
        open(seat, "/conversations");
        open(seat, "/conversations/new/group");
        assertThat(role(form, AriaRole.TEXTBOX, "Title (optional)")).hasValue("Half done " + tag);
        assertThat(role(form, AriaRole.LIST, "Participants").getByRole(AriaRole.LISTITEM))
                .hasCount(2);
        // Ten with you.
        var many = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            many.append(shared.newNumber()).append('\n');
        }
        field.focus();
        page.evaluate(
                "text => { const data = new DataTransfer(); data.setData('text', text);"
                        + " document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }",
                many.toString());
        assertThat(role(form, AriaRole.STATUS, "Count")).hasText("10 of 10 people, you included");
        assertThat(form.getByText("That’s ten with you. A group can’t be larger."))
                .isVisible();
        assertThat(form.getByText(Pattern.compile("Not added: "))).isVisible();
        assertThat(field).isDisabled();
        accessible(page);
        for (int i = 0; i < 7; i++) {
            role(form, AriaRole.LIST, "Participants")
                    .getByRole(AriaRole.BUTTON)
                    .last()
                    .click();
        }
        assertThat(field).isEnabled();
        role(form, AriaRole.BUTTON, "Create group").click();
        assertThat(role(page, AriaRole.HEADING, "Half done " + tag)).isVisible();
        role(page, AriaRole.BUTTON, Pattern.compile("Participants$")).click();
        var pane = role(page, AriaRole.COMPLEMENTARY, "Participants");
        assertThat(pane.getByRole(AriaRole.LISTITEM).filter(new Locator.FilterOptions().setHasText("Twofold")))
                .containsText("secondary");
        assertThat(pane.getByText("Zoe")).isVisible();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whoSharesAGroupOnALineIsToldAndTheOtherLineIsTaken(Screen screen) {
        var ann = person("Sha Ann " + screen);
        var bob = person("Sha Bob " + screen);
        group("Shared already", bob, person("Sha Eve"));
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/new/group");
        var form = role(page, AriaRole.FORM, "New group message");
        var lines = role(form, AriaRole.COMBOBOX, "Business number");
        lines.selectOption(line(DESK));
        // Who is not found because nobody answered is looked for again.
        expected = Pattern.compile("status of 503");
        page.route(
                "**/api/v1/contacts?*",
                route -> route.fulfill(new Route.FulfillOptions().setStatus(503)),
                new Page.RouteOptions().setTimes(1));
        for (var person : List.of(ann, bob)) {
            role(form, AriaRole.COMBOBOX, "Add people").fill(person.name());
            role(page, AriaRole.LISTBOX, "People found")
                    .getByRole(AriaRole.OPTION)
                    .click();
        }
        var shared = role(form, AriaRole.REGION, "Shared groups");
        assertThat(shared).containsText(bob.name() + " is already in Shared already on Front desk.");
        role(form, AriaRole.CHECKBOX, "Introduce everyone first").check();
        assertThat(form).containsText("these people: " + ann.name() + ", " + bob.name());
        accessible(page);
        role(shared, AriaRole.BUTTON, "Use Sales instead").click();
        assertThat(shared).hasCount(0);
        assertThat(lines).hasValue(line(SALES));
    }
}
