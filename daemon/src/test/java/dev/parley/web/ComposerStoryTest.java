package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.world.Await;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Sending that cannot go wrong.
class ComposerStoryTest extends PageTest {

    private long said(String conversation, String text) {
        long n = 0;
        for (var each : api.get("/api/v1/conversations/" + conversation + "/messages?limit=200")
                .ok()
                .path("items")) {
            n += each.path("text").asString("").equals(text) ? 1 : 0;
        }
        return n;
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void keysDoWhatPeopleExpect(Screen screen) {
        var group = group("Keys " + screen, person("Key Ann"), person("Key Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        composer(page).fill("two");
        composer(page).press("Shift+Enter");
        composer(page).pressSequentially("lines");
        assertThat(composer(page)).hasValue("two\nlines");
        // An IME's Enter takes a word; some browsers say 229 after the composition has ended.
        composer(page)
                .evaluate(
                        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))");
        composer(page)
                .evaluate(
                        "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))");
        assertThat(composer(page)).hasValue("two\nlines");
        if (screen.touch) { // where it starts a line; with a keyboard there, Ctrl+Enter sends
            composer(page).press("Enter");
            assertThat(composer(page)).hasValue("two\nlines\n");
            composer(page).press("Control+Enter");
        } else {
            composer(page).press("Enter");
        }
        assertThat(composer(page)).hasValue("");
        assertThat(composer(page)).isFocused();
        assertThat(message(page, "lines")).containsText("Delivered to all 2");
        composer(page).fill("   ");
        composer(page).press("Control+Enter");
        composer(page).fill("twice clicked");
        button(page, "Send").dblclick();
        assertThat(message(page, "twice clicked")).containsText("Delivered to all 2");
        assertEquals(1, said(group, "twice clicked"));
        assertEquals(0, said(group, "   "));
        composer(page).fill("x".repeat(2_000));
        assertThat(role(page, AriaRole.STATUS, "Length")).containsText(Pattern.compile("^1[34] SMS × 2 people"));
        accessible(page);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void charactersThatMakeATextLongerAreNamedAndReplaced(Screen screen) {
        var group = group("Special " + screen, person("Spe Ann"), person("Spe Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        composer(page).fill("Say \u201Chi\u201D " + "y".repeat(70));
        var note = role(page, AriaRole.NOTE, "Special characters");
        assertThat(note).containsText("make this 2 SMS instead of 1.");
        accessible(page);
        role(note, AriaRole.BUTTON, "Replace them").click();
        assertThat(composer(page)).hasValue("Say \"hi\" " + "y".repeat(70));
        assertThat(note).hasCount(0);
        assertThat(role(page, AriaRole.STATUS, "Length")).containsText("1 SMS × 2 people");
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void anAnswerThatIsLostIsAskedForAgainAndTheTextGoesOutOnce(Screen screen) {
        expected = Pattern.compile("ERR_FAILED");
        var group = group("Answer lost " + screen, person("Los Ann"), person("Los Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        var lost = new AtomicInteger();
        page.route("**/api/v1/conversations/*/messages", route -> {
            if (route.request().method().equals("POST") && lost.getAndIncrement() == 0) {
                route.fetch();
                route.abort();
            } else {
                route.resume(new Route.ResumeOptions());
            }
        });
        open(seat, "/conversations/" + group);
        composer(page).fill("only once");
        press(screen, button(page, "Send"));
        assertThat(message(page, "only once")).containsText("Delivered to all 2");
        assertThat(message(page, "only once")).hasCount(1);
        assertEquals(1, said(group, "only once"));
        Await.until("the second answer", () -> lost.get() > 1);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whatTheServerRefusesCanBeEdited(Screen screen) {
        expected = Pattern.compile("status of 4");
        var group = group("Refused " + screen, person("Ref Ann"), person("Ref Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        composer(page).fill("y".repeat(60_000));
        button(page, "Send").click();
        var refused = log(page).getByRole(AriaRole.ARTICLE).last();
        assertThat(refused).containsText("Not sent: ");
        role(refused, AriaRole.BUTTON, "Edit").click();
        assertThat(composer(page)).hasValue("y".repeat(60_000));
        composer(page).fill("shorter");
        press(screen, button(page, "Send"));
        assertThat(message(page, "shorter")).containsText("Delivered to all 2");
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void aSessionThatEndsMidWorkLosesNothing(Screen screen) {
        expected = Pattern.compile("status of 401");
        var name = user("member", "all");
        var group = group("Session " + screen, person("Ses Ann"), person("Ses Bob"))
                .path("id")
                .asString("");
        var seat = seat(screen, name, new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/conversations/" + group);
        composer(page).fill("typed before the end");
        for (var each : api.get("/api/v1/users?limit=200").ok().path("items")) {
            if (each.path("name").asString("").equals(name)) {
                api.patch("/api/v1/users/" + each.path("id").asString(""), Map.of("password", "another horse battery"))
                        .ok();
            }
        }
        // Sent by whichever comes first: the page may have been told that its session has ended.
        role(page, AriaRole.FORM, "Composer").evaluate("form => form.requestSubmit()");
        var dialog = role(page, AriaRole.DIALOG, "Sign in to Parley");
        assertThat(dialog).isVisible();
        accessible(page);
        dialog.getByLabel("Password").fill("another horse battery");
        role(dialog, AriaRole.BUTTON, "Sign in").click();
        assertThat(dialog).hasCount(0);
        assertThat(message(page, "typed before the end")).containsText("Delivered to all 2");
        assertEquals(1, said(group, "typed before the end"));
    }
}
