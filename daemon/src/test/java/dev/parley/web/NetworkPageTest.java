package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.parley.world.Await;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The simulated network's page: phones that one writes on, beside the inbox that one reads in.
class NetworkPageTest extends PageTest {

    private String network() {
        return world.state().path("simulator").asString("");
    }

    /// What `parley demo` prints, for these people.
    private String address(Person... people) {
        return network() + "/?phones="
                + encoded(Arrays.stream(people)
                        .map(each -> each.name() + ":" + each.number())
                        .collect(Collectors.joining(",")))
                + "&lines=" + encoded("Front desk:" + DESK + ",Sales:" + SALES) + "&inbox=" + encoded(shared.url());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Locator phone(Page page, Person person) {
        return role(page, AriaRole.REGION, "Phone " + person.name());
    }

    private static Locator texts(Page page, Person person) {
        return role(phone(page, person), AriaRole.LOG, "Texts on " + person.name() + "'s phone");
    }

    private static void write(Page page, Person person, String text) {
        role(phone(page, person), AriaRole.TEXTBOX, "Text from " + person.name())
                .fill(text);
        role(phone(page, person), AriaRole.BUTTON, "Send from " + person.name()).click();
    }

    private Page phones(Seat seat, Person... people) {
        var page = seat.context().newPage();
        watch(page, network());
        page.navigate(address(people));
        assertThat(phone(page, people[0])).isVisible();
        return page;
    }

    /// Both pages in one browser: from the click on a phone to the change of the open thread.
    @Test
    void aTextTypedOnAPhoneIsInTheOpenThreadAndOnTheOtherPhones() {
        var ann = person("Pho Ann");
        var bob = person("Pho Bob");
        var chloe = person("Pho Chloe");
        var group = group("Phones", ann, bob, chloe).path("id").asString("");
        var seat = seat(Screen.WIDE);
        var inbox = seat.page();
        open(seat, "/conversations/" + group);
        composer(inbox).fill("To all the phones");
        composer(inbox).press("Enter");
        var page = phones(seat, ann, bob, chloe);
        for (var person : new Person[] {ann, bob, chloe}) {
            assertThat(texts(page, person).getByRole(AriaRole.ARTICLE)).containsText("To all the phones");
        }
        var took = new ArrayList<Double>();
        for (int i = 0; i < 20; i++) {
            var text = "typed " + i + ".";
            inbox.evaluate(
                    "text => { const log = document.querySelector('#messages');"
                            + " window.seen = new Promise(resolve => new MutationObserver((_, watching) => {"
                            + " if (log.textContent.includes(text)) { watching.disconnect(); resolve(Date.now()); } })"
                            + ".observe(log, {childList: true, subtree: true, characterData: true})); }",
                    text);
            role(phone(page, bob), AriaRole.TEXTBOX, "Text from Pho Bob").fill(text);
            var clicked = ((Number) role(phone(page, bob), AriaRole.BUTTON, "Send from Pho Bob")
                            .evaluate("button => { const now = Date.now(); button.click(); return now; }"))
                    .doubleValue();
            took.add(((Number) inbox.evaluate("window.seen")).doubleValue() - clicked);
        }
        for (var person : new Person[] {ann, chloe}) {
            assertThat(texts(page, person)
                            .getByRole(AriaRole.ARTICLE)
                            .filter(new Locator.FilterOptions().setHasText("Pho Bob: typed 19.")))
                    .hasCount(1);
        }
        var median = took.stream().sorted().toList().get(10);
        System.out.println("page: typed on a phone to open thread " + Math.round(median) + " ms (median of 20), "
                + took.stream().map(Math::round).toList());
        assertTrue(median <= 200 * BudgetTest.slowness(), took.toString());
    }

    /// The network has heard of it, too.
    private void turned(Person person, String reach) {
        Await.until(
                "the phone is " + reach,
                () -> world.simulator()
                        .get("/handsets/" + person.number().replace("+", "%2B"))
                        .body() // before that, nothing is known of it
                        .path("reach")
                        .asString("")
                        .equals(reach));
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void phonesAreReachedOrNotAndTheNetworkHasFaults(Screen screen) {
        var ann = person("Net Ann " + screen);
        var bob = person("Net Bob " + screen);
        var group = group("Network " + screen, ann, bob).path("id").asString("");
        var seat = visitor(screen, new Browser.NewContextOptions());
        var page = phones(seat, ann, bob);
        var reach = role(phone(page, ann), AriaRole.GROUP, "Reach");
        assertThat(role(reach, AriaRole.RADIO, "On")).isChecked();
        role(reach, AriaRole.RADIO, "Off").check();
        turned(ann, "off");
        say(group, "Who is off waits");
        assertThat(phone(page, ann)).containsText("Off, 1 wait at the SMSC");
        accessible(page);
        picture(page, "network-" + screen);
        role(reach, AriaRole.RADIO, "On").check();
        var text = texts(page, ann).getByRole(AriaRole.ARTICLE);
        assertThat(text).containsText("Who is off waits");
        assertThat(text).hasAttribute("title", Pattern.compile("^1 SMS, "));

        role(phone(page, bob), AriaRole.COMBOBOX, "To").selectOption(DESK);
        write(page, bob, "Read you well");
        assertThat(texts(page, bob).getByRole(AriaRole.ARTICLE).last()).containsText("Read you well");
        assertThat(texts(page, ann).getByRole(AriaRole.ARTICLE).last()).containsText(bob.name() + ": Read you well");

        role(reach, AriaRole.RADIO, "Rejects").check();
        turned(ann, "reject");
        say(group, "This is refused");
        assertThat(texts(page, bob).getByRole(AriaRole.ARTICLE).last()).containsText("This is refused");
        assertThat(texts(page, ann).getByText("This is refused")).hasCount(0);
        role(reach, AriaRole.RADIO, "On").check();

        var fault = role(role(page, AriaRole.REGION, "Modem modem-1"), AriaRole.COMBOBOX, "Fault");
        fault.selectOption("no-network");
        assertThat(fault).hasValue("no-network");
        fault.selectOption("none");
        Await.until("the modem has no fault", () -> {
            for (var modem : world.simulator().get("/modems").ok()) {
                if (modem.path("name").asString("").equals("modem-1")) {
                    return modem.path("fault").asString("").equals("none");
                }
            }
            return false;
        });
        modemIsReady();
        assertThat(role(role(page, AriaRole.REGION, "SMSC"), AriaRole.BUTTON, "Cut"))
                .isVisible();
        assertThat(role(page, AriaRole.LINK, "Open Parley")).hasAttribute("href", shared.url());

        button(page, "Add a phone").click();
        var dialog = role(page, AriaRole.DIALOG, "Add a phone");
        dialog.getByLabel("Name").fill("New one");
        dialog.getByLabel("Number").fill(shared.newNumber());
        role(dialog, AriaRole.BUTTON, "Add").click();
        assertThat(role(page, AriaRole.REGION, "Phone New one")).isVisible();
        page.reload();
        assertThat(role(page, AriaRole.REGION, "Phone New one")).isVisible();
    }
}
