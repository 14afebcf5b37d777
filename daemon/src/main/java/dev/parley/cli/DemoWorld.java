package dev.parley.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The people of the demo: two users with their tokens, and twelve contacts with a handset each. Made once in a
/// directory; what a person changes afterwards stays as it is.
record DemoWorld(DemoFiles files) {

    /// @param password to sign in with at the web page
    /// @param complete whether the contacts were made, too
    record Access(
            String token,
            String memberToken,
            String user,
            String password,
            String memberUser,
            String memberPassword,
            boolean complete) {

        private Access completed() {
            return new Access(token, memberToken, user, password, memberUser, memberPassword, true);
        }
    }

    record Person(String name, String number, Optional<String> secondary) {}

    private static final List<Person> PEOPLE = List.of(
            new Person("Ann", "+12025550111", Optional.of("+12025550121")),
            person("Bob", "+12025550112"),
            person("Chloe", "+12025550113"),
            person("Dan", "+12025550114"),
            person("Eve", "+12025550115"),
            person("Finn", "+12025550116"),
            person("Grace", "+12025550117"),
            person("Hugo", "+12025550118"),
            person("Iris", "+12025550119"),
            person("Jack", "+12025550120"),
            // …121 is Ann's second phone.
            person("Kate", "+12025550122"),
            person("Liam", "+12025550123"));

    static Person person(String name, String number) {
        return new Person(name, number, Optional.empty());
    }

    /// The SMPP line: its texts take no air time.
    private static final String HISTORY_LINE = "+12025550101";

    private static final int PHONES_SHOWN = 4;

    /// The network's page with the first contacts' phones, those that have said something, and both lines.
    static String pageOf(String simulator, String url) {
        var phones = Stream.concat(PEOPLE.stream().limit(PHONES_SHOWN), DemoHistory.PEOPLE.stream())
                .map(person -> person.name() + ":" + person.number())
                .collect(Collectors.joining(","));
        return simulator + "/?phones=" + encoded(phones)
                + "&lines=" + encoded("Front desk:+12025550100,Sales:+12025550101")
                + "&inbox=" + encoded(url);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("%3A", ":")
                .replace("%2C", ",")
                .replace("%2F", "/");
    }

    /// Makes what is missing. A start that was cut off in the middle is taken up where it stopped.
    Access made(String url, Api simulator) throws IOException {
        for (var person : PEOPLE) {
            handset(simulator, person.number());
            if (person.secondary().isPresent()) {
                handset(simulator, person.secondary().get());
            }
        }
        var known = remembered(url);
        var access = known.isPresent() ? known.get() : issued();
        if (!access.complete()) {
            try (var api = new Api(url, Optional.of(access.token()))) {
                var member = memberId(access, url);
                for (var person : PEOPLE) {
                    contact(api, person, member);
                }
                DemoHistory.make(api, simulator, HISTORY_LINE);
            }
            access = access.completed();
            files.write(files.world(), access);
        }
        return access;
    }

    private static void handset(Api simulator, String number) throws IOException {
        simulator
                .put("/handsets/" + number.replace("+", "%2B"), Map.of("reach", "on"))
                .orFail("the simulated network refused the handset " + number + ": ");
    }

    /// The tokens of an earlier start, if they still work.
    private Optional<Access> remembered(String url) throws IOException {
        var access = files.read(files.world(), Access.class);
        try (var api = new Api(url, access.map(Access::token))) {
            return api.get("/api/v1/session").isDone() ? access : Optional.empty();
        }
    }

    private Access issued() throws IOException {
        try (var desk = AccountDesk.open(ConfigOption.read(files.config()).database())) {
            var access = desk.demoAccess();
            files.write(files.world(), access);
            return access;
        }
    }

    private static String memberId(Access access, String url) throws IOException {
        try (var api = new Api(url, Optional.of(access.memberToken()))) {
            return api.get("/api/v1/session").body().path("user").path("id").asString("");
        }
    }

    private static void contact(Api api, Person person, String member) throws IOException {
        var known = api.get("/api/v1/contacts?query=" + person.number().replace("+", "%2B"));
        if (!known.body().path("items").isEmpty()) {
            return;
        }
        var contact = new LinkedHashMap<String, Object>();
        contact.put("name", person.name());
        contact.put("primaryNumber", person.number());
        if (person.secondary().isPresent()) {
            // The one who is assigned: a member of scope "assigned" sees Ann and nobody else.
            contact.put("secondaryNumber", person.secondary().get());
            contact.put("assignedTo", member);
        }
        api.post("/api/v1/contacts", contact).orFail("the daemon refused the contact " + person.name() + ": ");
    }
}
