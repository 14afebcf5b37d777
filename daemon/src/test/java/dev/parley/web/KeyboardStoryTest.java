package dev.parley.web;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.world.Await;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Without a mouse. A phone has no keys that go from place to place: what a finger does there is in the other stories,
/// each of which is told on a phone's screen too.
class KeyboardStoryTest extends PageTest {

    private static void focusShows(Page page) {
        assertTrue(
                (boolean) page.evaluate(
                        "document.activeElement !== document.body && document.activeElement.matches(':focus-visible')"),
                () -> "focus is at " + page.evaluate("document.activeElement.outerHTML.slice(0, 200)"));
    }

    @Test
    void aGroupIsMadeReadAndAnsweredByKeysAlone() {
        var ann = person("Kbd Ann");
        var bob = person("Kbd Bob");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        open(seat, "/conversations");
        assertThat(button(page, "New")).isVisible();
        button(page, "New").focus();
        page.keyboard().press("Enter");
        assertThat(role(page, AriaRole.MENUITEM, "Group message")).isFocused();
        page.keyboard().press("Enter");
        var form = role(page, AriaRole.FORM, "New group message");
        var field = role(form, AriaRole.COMBOBOX, "Add people");
        assertThat(field).isVisible();
        field.focus();
        for (var person : new Person[] {ann, bob}) {
            page.keyboard().type(person.name());
            assertThat(role(page, AriaRole.LISTBOX, "People found").getByRole(AriaRole.OPTION))
                    .hasCount(1);
            page.keyboard().press("Enter");
            assertThat(field).isFocused();
            assertThat(field).hasValue("");
        }
        focusShows(page);
        var title = role(form, AriaRole.TEXTBOX, "Title (optional)");
        title.focus();
        page.keyboard().type("By keys");
        page.keyboard().press("Tab");
        page.keyboard().type("Hello by keys");
        page.keyboard().press("Control+Enter");
        assertThat(role(page, AriaRole.HEADING, "By keys")).isVisible();
        assertThat(composer(page)).isFocused();
        world.text(ann.number(), DESK, "heard you");
        assertThat(message(page, "heard you")).isVisible();
        page.keyboard().type("Good");
        page.keyboard().press("Enter");
        assertThat(message(page, "Good")).isVisible();
        // Into the messages, to the details of one, and back.
        log(page).focus();
        page.keyboard().press("Home");
        focusShows(page);
        page.keyboard().press("Enter");
        var details = role(page, AriaRole.COMPLEMENTARY, "Delivery details");
        assertThat(role(details, AriaRole.BUTTON, "Close delivery details")).isFocused();
        page.keyboard().press("Escape");
        assertThat(details).hasCount(0);
        assertThat(message(page, "Hello by keys")).isFocused();
        page.keyboard().press("Escape");
        assertThat(row(page, "By keys")).isFocused();
        focusShows(page);
        // What comes in does not move the rows under the focus.
        group("Somebody else", bob, person("Kbd Eve"));
        assertThat(role(page, AriaRole.BUTTON, "1 newer")).isVisible();
        assertThat(row(page, "By keys")).isFocused();
        // To any place by its name.
        page.keyboard().press("Control+k");
        var go = role(page, AriaRole.COMBOBOX, "Go to");
        assertThat(go).isFocused();
        page.keyboard().type("By keys");
        assertThat(role(page, AriaRole.OPTION, Pattern.compile("^By keys"))).isVisible();
        accessible(page);
        page.keyboard().press("Enter");
        assertThat(role(page, AriaRole.HEADING, "By keys")).isVisible();
        assertThat(composer(page)).isFocused();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void searchFindsPeopleNumbersAndTextsAndOpensInTheMiddle(Screen screen) {
        var ann = person("Annabel of " + screen);
        var title = "Sought " + screen;
        var word = "zanzibar" + screen.name().toLowerCase(Locale.ROOT);
        var group = group(SALES, title, ann, person("Sought Bob")).path("id").asString("");
        say(group, "the needle " + word);
        for (int i = 0; i < 60; i++) {
            say(group, "hay " + i);
        }
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations");
        var field = role(page, AriaRole.SEARCHBOX, "Search conversations");
        field.fill("Annabel of " + screen);
        assertThat(row(page, title)).isVisible();
        field.fill(ann.number().substring(5));
        assertThat(row(page, title)).isVisible();
        field.fill(word);
        assertThat(role(page, AriaRole.HEADING, "Texts")).isVisible();
        accessible(page);
        role(page, AriaRole.LIST, "Texts").getByRole(AriaRole.LINK).first().click();
        var hit = message(page, "the needle " + word);
        assertThat(hit).isInViewport();
        assertThat(hit).hasClass(Pattern.compile("marked"));
        page.evaluate("document.querySelector('#messages').scrollTop = 1e6");
        page.waitForCondition(() -> {
            page.evaluate("document.querySelector('#messages').scrollTop = 1e6");
            return message(page, "hay 59").count() == 1;
        });
        if (screen == Screen.NARROW) {
            button(page, "Back").click();
            assertThat(field).hasValue(word);
        }
        field.fill("nothing has this word");
        assertThat(page.getByText("Nothing matches “nothing has this word”.")).isVisible();
        button(page, "Clear search").click();
        assertThat(field).isFocused();
        assertThat(row(page, title)).isVisible();
        // What is said elsewhere meanwhile is no hit.
        field.fill("Annabel of " + screen);
        assertThat(row(page, title)).isVisible();
        var elsewhere = person("Elsewhere");
        world.text(elsewhere.number(), DESK, "not sought");
        Await.until(
                "it came",
                () -> !api.get("/api/v1/conversations?query=Elsewhere")
                        .ok()
                        .path("items")
                        .isEmpty());
        world.text(ann.number(), SALES, "sought after");
        assertThat(row(page, title)).containsText("sought after");
        assertThat(role(page, AriaRole.LIST, "Conversations").getByRole(AriaRole.LINK))
                .hasCount(1);
    }
}
