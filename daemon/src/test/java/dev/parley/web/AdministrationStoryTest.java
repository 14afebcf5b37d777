package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What is looked after now and then: people, lines, users, webhooks, tokens, and how this device shows it all.
/// Each view on real data, since an empty one says nothing of what the API calls its fields.
class AdministrationStoryTest extends PageTest {

    private static Locator tableRow(Page page, String table, String start) {
        return role(page, AriaRole.TABLE, table)
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText(start));
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void contactsAreFoundChangedAndImportedWithAReport(Screen screen) {
        expected = Pattern.compile("status of 4(09|22)|status of 400");
        var tag = screen.name();
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/contacts");
        assertThat(role(page, AriaRole.HEADING, "Contacts")).isVisible();
        button(page, "New contact").click();
        var form = role(page, AriaRole.FORM, "Contact");
        role(form, AriaRole.TEXTBOX, "Name").fill("Zelda " + tag);
        role(form, AriaRole.TEXTBOX, "Primary number").fill("12");
        role(form, AriaRole.BUTTON, "Save").click();
        assertThat(form.getByRole(AriaRole.ALERT).first()).not().isEmpty();
        assertThat(role(form, AriaRole.TEXTBOX, "Primary number")).isFocused();
        assertThat(role(form, AriaRole.TEXTBOX, "Name")).hasValue("Zelda " + tag);
        accessible(page);
        var number = shared.newNumber();
        role(form, AriaRole.TEXTBOX, "Primary number").fill(number);
        role(form, AriaRole.TEXTBOX, "Primary number").blur();
        assertThat(role(form, AriaRole.TEXTBOX, "Primary number"))
                .hasValue("(202) 556-" + number.substring(number.length() - 4));
        role(form, AriaRole.TEXTBOX, "Secondary number").fill(shared.newNumber());
        role(form, AriaRole.COMBOBOX, "Assigned to").selectOption("member");
        role(form, AriaRole.CHECKBOX, "Do Not Disturb").check();
        role(form, AriaRole.BUTTON, "Save").click();
        assertThat(page).hasURL(Pattern.compile("/contacts/[0-9]+$"));
        assertThat(role(form, AriaRole.TEXTBOX, "Primary number"))
                .hasValue("(202) 556-" + number.substring(number.length() - 4));
        accessible(page);
        picture(page, "contact-" + tag);

        open(seat, "/contacts");
        role(page, AriaRole.SEARCHBOX, "Search contacts").fill("zelda " + tag.toLowerCase(Locale.ROOT));
        var zelda = tableRow(page, "Contacts", "Zelda " + tag);
        assertThat(zelda).containsText("member");
        assertThat(zelda).containsText("Do Not Disturb");
        assertThat(zelda).containsText("(202) 556-" + number.substring(number.length() - 4));
        assertThat(role(page, AriaRole.TABLE, "Contacts").getByRole(AriaRole.ROW))
                .hasCount(2);
        accessible(page);
        picture(page, "contacts-" + tag);
        role(zelda, AriaRole.LINK, "Zelda " + tag).click();
        button(page, "Delete contact").click();
        var dialog = role(page, AriaRole.DIALOG, "Delete contact");
        assertThat(dialog).containsText("Conversations keep the number");
        role(dialog, AriaRole.BUTTON, "Delete contact").click();
        assertThat(page).hasURL(Pattern.compile("/contacts$"));

        var greta = person("Greta " + tag);
        open(seat, "/contacts/" + greta.id());
        role(page, AriaRole.LINK, "New group with Greta " + tag).click();
        assertThat(role(page, AriaRole.BUTTON, "Remove Greta " + tag)).isVisible();
        open(seat, "/contacts/" + greta.id());
        role(page, AriaRole.LINK, "Message").click();
        assertThat(role(role(page, AriaRole.FORM, "New message"), AriaRole.COMBOBOX, "To"))
                .hasValue(Pattern.compile("^Greta " + tag));

        open(seat, "/contacts");
        button(page, "Import").click();
        assertThat(page).hasURL(Pattern.compile("/contacts/import$"));
        var good = "name,primaryNumber\nIda " + tag + "," + shared.newNumber() + "\nOle " + tag + ","
                + shared.newNumber() + "\n";
        file(page, good + "Bad " + tag + ",12\n");
        button(page, "Check").click();
        var report = role(page, AriaRole.TABLE, "Import report");
        assertThat(report.getByRole(AriaRole.ROW).last()).containsText("4");
        assertThat(page.getByText(Pattern.compile("^3 rows: 2 new, 0 changed, 1 with a mistake")))
                .isVisible();
        assertThat(role(page, AriaRole.BUTTON, Pattern.compile("^Import \\d+ contacts$")))
                .hasCount(0);
        assertThat(button(page, "Download these rows")).isVisible();
        accessible(page);
        picture(page, "import-" + tag);
        file(page, good);
        button(page, "Check").click();
        button(page, "Import 2 contacts").click();
        assertThat(page.getByText("2 contacts were added")).isVisible();
        var found = api.get("/api/v1/contacts?query=Ida%20" + tag).ok().path("items");
        assertEquals(1, found.size());
    }

    private static void file(Page page, String csv) {
        page.getByLabel("CSV file")
                .setInputFiles(new FilePayload("people.csv", "text/csv", csv.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void linesSayHowTheirLinksAreAndAreActedOn(Screen screen) {
        var ann = person("Lin Ann " + screen);
        reach(ann.number(), "reject");
        var group = group("Refusing " + screen, ann, person("Lin Bob " + screen))
                .path("id")
                .asString("");
        say(group, "refused on purpose");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(message(page, "refused on purpose")).containsText("1 not delivered");
        open(seat, "/lines");
        var modem = role(page, AriaRole.ARTICLE, "modem-1");
        var state = role(modem, AriaRole.STATUS, "State");
        assertThat(state).hasText("Ready");
        assertThat(modem).containsText(Pattern.compile("Signal.*\\d of 4 bars, -\\d+ dBm"));
        assertThat(modem).containsText(Pattern.compile("SIM storage\\s*\\d+ of \\d+"));
        assertThat(modem).containsText(Pattern.compile("Sent in the last hour\\s*[1-9]"));
        assertThat(modem).containsText(Pattern.compile("Waiting messages\\s*\\d"));
        modem.getByText("Last errors").click();
        assertThat(modem.getByRole(AriaRole.LISTITEM).first()).not().isEmpty();
        accessible(page);
        picture(page, "lines-" + screen);

        world.simulator().put("/modems/modem-1", Map.of("fault", "unplugged")).ok();
        try {
            var begun = System.nanoTime();
            assertThat(state).not().hasText("Ready");
            var took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.println("page: an unplugged modem is seen after " + took.toMillis() + " ms");
            assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, "seen after " + took);
            accessible(page);
        } finally {
            world.simulator().put("/modems/modem-1", Map.of("fault", "none")).ok();
        }
        assertThat(state).hasText("Ready");
        role(modem, AriaRole.BUTTON, "Pause").click();
        assertThat(state).hasText("Paused");
        assertThat(role(modem, AriaRole.BUTTON, "Pause")).isDisabled();
        role(modem, AriaRole.BUTTON, "Resume").click();
        assertThat(state).hasText("Ready");
        role(modem, AriaRole.BUTTON, "Restart").click();
        assertThat(state).hasText("Ready");
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void usersAreMadeChangedAndRemoved(Screen screen) {
        expected = Pattern.compile("status of 4(00|09|22)");
        var name = "clerk-" + screen.name().toLowerCase(Locale.ROOT);
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/users");
        button(page, "New user").click();
        var dialog = role(page, AriaRole.DIALOG, "New user");
        role(dialog, AriaRole.TEXTBOX, "Name").fill(name);
        dialog.getByLabel("Password").fill("short");
        role(dialog, AriaRole.RADIO, "Member").check();
        role(dialog, AriaRole.RADIO, "Conversations with contacts assigned to them")
                .check();
        role(dialog, AriaRole.CHECKBOX, "Sales").check();
        role(dialog, AriaRole.BUTTON, "Save").click();
        assertThat(dialog.getByRole(AriaRole.ALERT)).not().isEmpty();
        accessible(page);
        dialog.getByLabel("Password").fill(password());
        role(dialog, AriaRole.BUTTON, "Save").click();
        var row = tableRow(page, "Users", name);
        assertThat(row).containsText("Member");
        assertThat(row).containsText("Conversations with contacts assigned to them, Sales");
        accessible(page);
        picture(page, "users-" + screen);
        role(row, AriaRole.BUTTON, "Change " + name).click();
        var change = role(page, AriaRole.DIALOG, "Change " + name);
        assertThat(role(change, AriaRole.CHECKBOX, "Sales")).isChecked();
        role(change, AriaRole.RADIO, "Admin").check();
        role(change, AriaRole.BUTTON, "Save").click();
        assertThat(row).containsText("Everything");
        role(row, AriaRole.BUTTON, "Remove " + name).click();
        role(role(page, AriaRole.DIALOG, "Remove " + name), AriaRole.BUTTON, "Remove")
                .click();
        assertThat(row).hasCount(0);
        focusIsKept(page);
    }

    /// Whoever is quicker than the answer that names the lines.
    @Test
    void aFormThatIsAskedForEarlyHasItsLines() {
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        var held = new ArrayList<Route>();
        page.route("**/api/v1/lines?limit=200", held::add);
        open(seat, "/users");
        button(page, "New user").click();
        page.waitForCondition(() -> !held.isEmpty());
        held.forEach(Route::resume);
        assertThat(role(role(page, AriaRole.DIALOG, "New user"), AriaRole.CHECKBOX, "Sales"))
                .isVisible();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void tokensAreShownOnceAndRevoked(Screen screen) {
        expected = Pattern.compile("status of 4(00|01|03|22)");
        var seat = seat(screen);
        var page = seat.page();
        open(seat, "/settings");
        var theme = role(page, AriaRole.GROUP, "Theme");
        role(theme, AriaRole.RADIO, "Dark").check();
        assertEquals("dark", page.evaluate("getComputedStyle(document.documentElement).colorScheme"));
        page.reload();
        assertThat(role(theme, AriaRole.RADIO, "Dark")).isChecked();
        role(theme, AriaRole.RADIO, "System").check();
        assertThat(role(page, AriaRole.CHECKBOX, "Enter sends")).isChecked();
        assertThat(role(page, AriaRole.CHECKBOX, "Single-key shortcuts")).not().isChecked();
        assertThat(role(page, AriaRole.CHECKBOX, "Notifications")).not().isChecked();
        role(page, AriaRole.TEXTBOX, "Token name").fill("till-" + screen);
        button(page, "New token").click();
        var secret = role(page, AriaRole.DIALOG, "Token till-" + screen);
        assertThat(secret.getByLabel("Secret")).hasValue(Pattern.compile("^parley_"));
        accessible(page);
        page.keyboard().press("Escape");
        assertThat(secret).isVisible();
        role(secret, AriaRole.BUTTON, "I have stored it").click();
        var row = tableRow(page, "Access tokens", "till-" + screen);
        assertThat(row).containsText("Never");
        accessible(page);
        picture(page, "settings-" + screen);
        role(row, AriaRole.BUTTON, "Revoke till-" + screen).click();
        role(role(page, AriaRole.DIALOG, "Revoke till-" + screen), AriaRole.BUTTON, "Revoke")
                .click();
        assertThat(row).hasCount(0);
        focusIsKept(page);
        page.getByLabel("Current password").fill("not this one");
        page.getByLabel("New password").fill("another long enough one");
        button(page, "Change password").click();
        assertThat(page.getByRole(AriaRole.ALERT)
                        .filter(new Locator.FilterOptions().setHasText(Pattern.compile("\\S"))))
                .isVisible();
        page.getByLabel("Current password").fill(password());
        button(page, "Change password").click();
        assertThat(page.getByText("The password is changed.")).isVisible();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void webhooksAreMadePausedAndReplayed(Screen screen) throws IOException {
        var posted = new ConcurrentLinkedQueue<String>();
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        try {
            var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
            var seat = seat(screen);
            var page = seat.page();
            open(seat, "/webhooks");
            button(page, "New webhook").click();
            var dialog = role(page, AriaRole.DIALOG, "New webhook");
            role(dialog, AriaRole.TEXTBOX, "Address").fill(url);
            role(dialog, AriaRole.CHECKBOX, "conversation.created").check();
            accessible(page);
            role(dialog, AriaRole.BUTTON, "Save").click();
            var secret = role(page, AriaRole.DIALOG, "Secret of the webhook");
            assertThat(secret.getByLabel("Secret")).hasValue(Pattern.compile("^whsec_"));
            role(secret, AriaRole.BUTTON, "I have stored it").click();
            var row = tableRow(page, "Webhooks", url);
            assertThat(row).containsText("conversation.created");
            assertThat(row).containsText("Working");
            group("Hooked " + screen, person("Hoo Ann " + screen), person("Hoo Bob " + screen));
            page.waitForCondition(() -> posted.size() == 1);
            open(seat, "/webhooks");
            page.waitForCondition(() -> {
                open(seat, "/webhooks");
                row.waitFor();
                return row.innerText().contains("200");
            });
            accessible(page);
            picture(page, "webhooks-" + screen);
            role(row, AriaRole.BUTTON, "Last deliveries").click();
            var deliveries = role(page, AriaRole.DIALOG, "Last deliveries");
            var tried = role(deliveries, AriaRole.TABLE, "Last deliveries")
                    .getByRole(AriaRole.ROW)
                    .nth(1);
            assertThat(tried).containsText("conversation.created");
            assertThat(tried).containsText("200");
            accessible(page);
            page.keyboard().press("Escape");
            role(row, AriaRole.BUTTON, "Pause").click();
            assertThat(row).containsText("Paused");
            role(row, AriaRole.BUTTON, "Resume").click();
            assertThat(row).containsText("Working");
            role(row, AriaRole.BUTTON, "Replay").click();
            var replay = role(page, AriaRole.DIALOG, "Replay");
            assertThat(replay.getByLabel("Since")).hasValue(Pattern.compile("^20\\d\\d-"));
            role(replay, AriaRole.BUTTON, "Replay").click();
            page.waitForCondition(() -> posted.size() > 1);
            role(row, AriaRole.BUTTON, "Delete").click();
            role(role(page, AriaRole.DIALOG, "Delete"), AriaRole.BUTTON, "Delete")
                    .click();
            assertThat(row).hasCount(0);
            focusIsKept(page);
        } finally {
            receiver.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void whoOptedOutIsListedWithWhatWasSaid(Screen screen) {
        var ann = person("Out Ann " + screen);
        var bob = person("Out Bob " + screen);
        var group = group("Outs " + screen, ann, bob).path("id").asString("");
        say(group, "Welcome");
        gets(ann.number(), "Welcome");
        gets(bob.number(), "Welcome");
        world.text(ann.number(), DESK, "STOP");
        world.text(bob.number(), DESK, "please stop texting me");
        var seat = seat(screen, user("admin", "all"), new Browser.NewContextOptions());
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(role(page, AriaRole.GROUP, "Asked to stop?")).isVisible();
        open(seat, "/opt-outs");
        var shown = List.of(ann, bob).stream()
                .map(each -> "(202) 556-" + each.number().substring(8))
                .toList();
        var out = role(page, AriaRole.TABLE, "Opt-outs")
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText(shown.getFirst()));
        assertThat(out).containsText("Opted out");
        assertThat(out).containsText("STOP");
        assertThat(out).containsText("Front desk");
        var perhaps = role(page, AriaRole.TABLE, "Opt-outs")
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText(shown.getLast()));
        assertThat(perhaps).containsText("please stop texting me");
        accessible(page);
        picture(page, "opt-outs-" + screen);
        role(perhaps, AriaRole.BUTTON, "Yes, stop texting").click();
        assertThat(perhaps).containsText("Taken as an opt-out");
    }
}
