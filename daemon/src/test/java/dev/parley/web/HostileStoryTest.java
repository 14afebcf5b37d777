package dev.parley.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What people may write, and where they may live.
class HostileStoryTest extends PageTest {

    @ParameterizedTest
    @EnumSource(Screen.class)
    void nothingRunsNothingOverflowsAndRowsKeepTheirHeight(Screen screen) {
        var evil = person("<img src=x onerror=alert(1)>\u202Elive " + screen.name());
        var title = "<b>Bold</b>\u202E " + screen.name();
        var group = group(title, evil, person("Plain " + screen)).path("id").asString("");
        var seat = seat(screen);
        var page = seat.page();
        page.onDialog(dialog -> complaints.add("a dialog: " + dialog.message()));
        open(seat, "/conversations/" + group);
        var texts = new String[] {
            "<script>alert(1)</script> javascript:alert(1) https://ok.example/?a=1",
            "x".repeat(1_600),
            "a" + "\u0301".repeat(100) + " b",
            "\uD83D\uDC69\u200D\uD83D\uDC67 ".repeat(40)
        };
        for (var text : texts) {
            world.text(evil.number(), DESK, text);
        }
        assertThat(log(page).getByRole(AriaRole.ARTICLE)).hasCount(texts.length);
        var link = log(page).getByRole(AriaRole.LINK);
        assertThat(link).hasCount(1);
        assertThat(link).hasAttribute("href", "https://ok.example/?a=1");
        assertThat(link).hasAttribute("rel", "noreferrer noopener");
        accessible(page);
        picture(page, "hostile-" + screen);
        if (screen == Screen.NARROW) {
            button(page, "Back").click();
        }
        assertTrue((boolean) page.evaluate(
                "[...document.querySelectorAll('.rows li')].every(row => row.getBoundingClientRect().height === 72)"));
        accessible(page);
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, en-US, ltr, WIDE",
        "Asia/Kathmandu, de, ltr, NARROW",
        "Pacific/Auckland, ar, rtl, WIDE",
        "Pacific/Auckland, ar, rtl, NARROW"
    })
    void timesAreThoseOfTheReader(String zone, String locale, String direction, Screen screen) {
        var group = group("Zone " + locale, person("Zon Ann"), person("Zon Bob"))
                .path("id")
                .asString("");
        say(group, "what time is it");
        var seat = seat(
                screen,
                user("admin", "all"),
                new Browser.NewContextOptions().setTimezoneId(zone).setLocale(locale));
        var page = seat.page();
        open(seat, "/conversations/" + group);
        var time = message(page, "what time is it").locator("time");
        assertEquals(
                time.evaluate(
                        "time => new Intl.DateTimeFormat(navigator.language, {hour: 'numeric', minute: '2-digit'})"
                                + ".format(new Date(time.dateTime))"),
                time.innerText());
        assertEquals(direction, page.evaluate("document.documentElement.dir"));
        accessible(page);
        picture(page, "locale-" + locale + "-" + screen);
    }

    /// New York goes back from 2 AM to 1 AM on 1 November 2026, Auckland forward on 27 September: each text keeps
    /// the hour that it had there, days are those of the reader, and order is that of the ids.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            America/New_York | 2026-11-01T05:30:00Z | 2026-11-01T06:30:00Z | 2026-11-01T06:30:00Z | 1:30 AM, 1:30 AM, 1:30 AM
            America/New_York | 2026-11-01T03:59:00Z | 2026-11-01T04:01:00Z | 2026-11-01T07:10:00Z | 11:59 PM, 12:01 AM, 2:10 AM
            Pacific/Auckland | 2026-09-26T13:59:00Z | 2026-09-26T14:00:00Z | 2026-09-27T11:00:00Z | 1:59 AM, 3:00 AM, 12:00 AM
            Asia/Kathmandu   | 2026-03-01T18:14:00Z | 2026-03-01T18:15:00Z | 2026-03-01T18:16:00Z | 11:59 PM, 12:00 AM, 12:01 AM
            """)
    void clocksThatChangeAndDaysThatEndAreThoseOfTheReader(
            String zone, String first, String second, String third, String shown) throws Exception {
        var group = group("Clock " + zone + first, person("Clo Ann"), person("Clo Bob"))
                .path("id")
                .asString("");
        var at = new String[] {first, second, third};
        try (var connection = world.database()) {
            for (int i = 0; i < at.length; i++) {
                var id = say(group, "said " + i).path("id").asString("");
                api.get("/api/v1/messages/" + id).ok(); // whoever reads has it written to its table
                try (var update = connection.prepareStatement("UPDATE message SET created_at = ? WHERE id = ?")) {
                    update.setString(1, at[i].replace('T', ' ').replace("Z", ""));
                    update.setString(2, id);
                    assertEquals(1, update.executeUpdate());
                }
            }
        }
        var seat = seat(Screen.WIDE, user("admin", "all"), new Browser.NewContextOptions().setTimezoneId(zone));
        var page = seat.page();
        open(seat, "/conversations/" + group);
        assertThat(message(page, "said 2")).isVisible();
        assertEquals(
                shown,
                String.join(", ", log(page).locator("article time").allInnerTexts())
                        .replace('\u202F', ' '));
        var days = Arrays.stream(at)
                .map(each -> Instant.parse(each).atZone(ZoneId.of(zone)).toLocalDate())
                .distinct()
                .count();
        assertThat(log(page).getByRole(AriaRole.HEADING)).hasCount((int) days);
    }

    @Test
    void itFitsSmallScreensForcedColoursAndPaper() {
        var group =
                group("Fits", person("Fit Ann"), person("Fit Bob")).path("id").asString("");
        say(group, "on paper");
        var seat = seat(Screen.WIDE);
        var page = seat.page();
        for (var path : new String[] {"/conversations", "/conversations/" + group, "/conversations/new/group"}) {
            page.setViewportSize(320, 640);
            open(seat, path);
            assertThat(page.getByRole(AriaRole.HEADING).first()).isVisible();
            assertEquals(false, page.evaluate("document.documentElement.scrollWidth > innerWidth"), path);
            page.setViewportSize(720, 450); // 200 % of 1440 × 900
            assertEquals(false, page.evaluate("document.documentElement.scrollWidth > innerWidth"), path);
        }
        page.setViewportSize(1440, 900);
        open(seat, "/conversations/" + group);
        assertThat(message(page, "on paper")).isVisible();
        page.emulateMedia(
                new Page.EmulateMediaOptions().setForcedColors(com.microsoft.playwright.options.ForcedColors.ACTIVE));
        assertThat(message(page, "on paper")).isVisible();
        page.emulateMedia(new Page.EmulateMediaOptions()
                .setForcedColors(com.microsoft.playwright.options.ForcedColors.NONE)
                .setMedia(Media.PRINT));
        assertThat(message(page, "on paper")).isVisible();
        assertThat(message(page, "on paper")).containsText(Pattern.compile("Delivered|Sent|Waiting|Sending"));
        assertThat(role(page, AriaRole.NAVIGATION, "Main")).not().isVisible();
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
    }

    /// What a page of somebody else's tries in the name of who is signed in here.
    private static final String FOREIGN_PAGE = """
            <!doctype html><title>foreign</title><iframe name="hidden"></iframe>
            <form id="form" method="post" target="hidden" enctype="text/plain"><input name="text" value="a"></form>
            <script type="module">
              const home = '%s', conversation = '%s';
              const json = {'Content-Type': 'application/json'};
              const tries = [
                ['POST', `/conversations/${conversation}/close`, undefined, {}],
                ['POST', `/conversations/${conversation}/messages`, '{"text":"forged"}', {'Content-Type': 'text/plain'}],
                ['POST', `/conversations/${conversation}/messages`, '{"text":"forged"}', json],
                ['POST', '/links/modem-1/pause', undefined, {}],
                ['POST', '/tokens', '{"name":"forged"}', {'Content-Type': 'text/plain'}],
                ['PATCH', `/conversations/${conversation}`, '{"title":"forged"}', json],
                ['DELETE', '/session', undefined, {}],
              ];
              let read = '';
              for (const [method, path, body, headers] of tries) {
                for (const mode of method === 'POST' ? ['no-cors', 'cors'] : ['cors']) {
                  try {
                    const answer = await fetch(home + '/api/v1' + path, {method, mode, credentials: 'include', body, headers});
                    read += await answer.text();
                  } catch { /* as it should be */ }
                }
              }
              for (const path of ['/session', '/contacts', '/conversations']) {
                try {
                  read += await (await fetch(home + '/api/v1' + path, {credentials: 'include'})).text();
                } catch { /* as it should be */ }
              }
              navigator.sendBeacon(`${home}/api/v1/conversations/${conversation}/close`, 'a');
              document.getElementById('form').action = `${home}/api/v1/conversations/${conversation}/close`;
              document.querySelector('iframe').onload = () => { document.title = 'over ' + read; };
              document.getElementById('form').submit();
            </script>
            """;

    /// Of another site, and of another port of ours: to that one the browser sends our cookie, for cookies know no
    /// ports.
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void aForeignPageDoesNothingInTheNameOfItsVisitor(String host) throws Exception {
        var group = group("Forged " + host, person("For Ann"), person("For Bob"))
                .path("id")
                .asString("");
        var seat = seat(Screen.WIDE);
        open(seat, "/conversations/" + group);
        assertThat(composer(seat.page())).isVisible();
        var foreign = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        foreign.createContext("/", exchange -> {
            var page = FOREIGN_PAGE.formatted(shared.url(), group).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        foreign.start();
        try {
            var before = api.get("/api/v1/tokens?limit=200").ok().path("items").size();
            var asked = new CopyOnWriteArrayList<String>();
            var statuses = new CopyOnWriteArrayList<String>();
            var page = seat.context().newPage();
            page.onRequest(request -> {
                if (request.url().startsWith(shared.url() + "/api/v1/")
                        && !List.of("GET", "OPTIONS").contains(request.method())) {
                    asked.add(request.method() + " " + request.url());
                }
            });
            // Of most answers the browser tells nobody, for they are no other site's to use.
            page.onResponse(answer -> {
                if (answer.url().contains("/api/v1/")
                        && !List.of("GET", "OPTIONS").contains(answer.request().method())) {
                    statuses.add(answer.status() + " " + answer.request().method() + " " + answer.url());
                }
            });
            page.navigate("http://" + host + ":" + foreign.getAddress().getPort() + "/");
            page.waitForFunction("document.title.startsWith('over')");
            assertEquals("over", page.title().strip(), "the page has read something");
            // Told of a little later than the page knows.
            page.waitForCondition(() -> asked.size() >= 7 && !statuses.isEmpty());
            assertEquals(
                    List.of(),
                    statuses.stream()
                            .filter(status -> !status.startsWith("403"))
                            .toList());
            assertEquals(
                    before,
                    api.get("/api/v1/tokens?limit=200").ok().path("items").size());
            var after = api.get("/api/v1/conversations/" + group).ok();
            assertEquals("Forged " + host, after.path("title").asString(""));
            assertEquals(
                    0,
                    api.get("/api/v1/conversations/" + group + "/messages")
                            .ok()
                            .path("items")
                            .size());
            // Whoever was signed in still is, and may still speak.
            composer(seat.page()).fill("still mine");
            composer(seat.page()).press("Enter");
            assertThat(message(seat.page(), "still mine")).isVisible();
        } finally {
            foreign.stop(0);
        }
    }
}
