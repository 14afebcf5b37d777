package dev.parley.config;

import dev.parley.modem.Dialect;
import dev.parley.queue.SendLimits;
import dev.parley.reply.Keywords;
import dev.parley.sms.NationalLanguage;
import dev.parley.store.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

class ConfigTest {

    private static final String SOUND = """
            http: {listen: "127.0.0.1:9000"}
            database: {embedded: db}
            lines:
              - {number: "+12025550100", name: Front desk, links: [modem-1]}
            links:
              modem-1: {kind: modem, port: /dev/ttyUSB0}
            """;

    @TempDir
    Path directory;

    @Test
    void readsTheContractsExampleWithItsDefaultsAndSecrets() throws IOException {
        Files.writeString(directory.resolve("smpp"), "hunter2\nnot this line\n");
        Files.writeString(directory.resolve("db"), "s3cret\n");
        var config = usable("""
                http:     {listen: "127.0.0.1:8080"}
                database: {url: "jdbc:mariadb://db/parley", username: parley, password: "${file:db}"}
                lines:
                  - {number: "+12025550100", name: Front desk, links: [modem-1]}
                  - {number: "+12025550101", name: Sales, links: [aggregator]}
                links:
                  modem-1:    {kind: modem, port: /dev/serial/by-id/usb-HUAWEI_Mobile-if00-port0, pin: "${env:SIM_PIN}"}
                  aggregator: {kind: smpp, host: smsc.example.net, port: 2775, bind: transceiver, systemId: parley, password: "${file:smpp}",
                               window: 50, rate: 30/s}
                groups:   {maxPeople: 10, relay: all, replyWindow: 48h, evidenceMargin: 2m, ambiguousReplies: ask}
                retention: {messages: 5y, events: 30d}
                """, Map.of("SIM_PIN", "1234"));

        var database = assertInstanceOf(DatabaseSettings.Server.class, config.database());
        assertEquals("s3cret", database.password());
        var modem = assertInstanceOf(LinkSettings.Modem.class, config.links().get("modem-1"));
        assertEquals("1234", modem.settings().pin().orElseThrow().digits());
        assertEquals(Duration.ofMinutes(2), modem.settings().airTimeout());
        var smpp = assertInstanceOf(LinkSettings.Smpp.class, config.links().get("aggregator"));
        var settings = smpp.settings();
        assertEquals("+12025550101", settings.sourceNumber());
        assertEquals(30.0, settings.perSecond().orElseThrow());
        assertEquals(0x34, settings.interfaceVersion());
        assertFalse(settings.toString().contains("hunter2"), settings.toString());
        assertEquals("US", config.lines().getFirst().country());
        assertEquals(Duration.ofDays(5 * 365), config.retention().messages());
        assertFalse(config.toString().contains("hunter2") || config.toString().contains("1234}"));
        assertFalse(config.toString().contains("s3cret"), config.toString());
    }

    @Test
    void readsWhatIsKnownOfAModemAndItsSim() throws IOException {
        var config = usable(
                SOUND.replace(
                                "port: /dev/ttyUSB0",
                                "imei: \"490154203237518\", dialect: ublox, limits: {perMinute: 6, perDay: 200}")
                        .replace("name: Front desk", "name: Front desk, languages: [TR, es]"),
                Map.of());
        var modem = assertInstanceOf(LinkSettings.Modem.class, config.links().get("modem-1"));
        assertEquals(Optional.of("490154203237518"), modem.settings().where().imei());
        assertEquals(Optional.empty(), modem.settings().where().port());
        assertEquals(Optional.of(Dialect.UBLOX), modem.settings().dialect());
        assertEquals(new SendLimits(OptionalInt.of(6), OptionalInt.of(200)), modem.limits());
        assertEquals(
                Set.of(NationalLanguage.TURKISH, NationalLanguage.SPANISH),
                config.conversations().languages().get("+12025550100"));
    }

    @Test
    void theExampleFileIsMadeFromWhatTheKeysSayOfThemselves() throws IOException {
        var file = Path.of("..", "config", "parley.yaml").toAbsolutePath().normalize();
        assertEquals(
                Example.of(Config.describe()),
                Files.readString(file),
                file + " is made by: parley config describe --example");
        assertInstanceOf(ConfigReading.Usable.class, Config.read(file, Map.of()));
    }

    @Test
    void everyKeySaysWhatItIsFor() {
        for (var key : Config.describe()) {
            assertTrue(key.sentence().endsWith("."), key.toString());
            assertTrue(
                    key.isSection()
                            || key.type().startsWith("a list")
                            || key.required()
                            || key.usual().isPresent()
                            || key.example().isPresent(),
                    key.toString());
        }
    }

    @Test
    void smppLinksMaySendWithoutStatusReportsToo() throws IOException {
        var config = usable(
                SOUND.replace(
                        "{kind: modem, port: /dev/ttyUSB0}",
                        "{kind: smpp, host: h, systemId: p, password: q, statusReports: false}"),
                Map.of());
        assertFalse(assertInstanceOf(LinkSettings.Smpp.class, config.links().get("modem-1"))
                .settings()
                .statusReports());
    }

    @Test
    void listensOnTheLoopbackInterfaceUnlessTold() throws IOException {
        var config = usable(SOUND.replace("http: {listen: \"127.0.0.1:9000\"}\n", ""), Map.of());
        assertEquals("127.0.0.1", config.http().listen().getHostString());
        assertEquals(8080, config.http().listen().getPort());
    }

    @Test
    void readsTheProxiesThatAreTrusted() throws IOException {
        var trusted =
                usable(SOUND.replace("9000\"}", "9000\", trustedProxies: [\"127.0.0.1/32\", \"fd00::/8\"]}"), Map.of());
        assertEquals(2, trusted.http().trustedProxies().size());
        assertEquals(
                List.of(
                        "1:51: http.trustedProxies: has \"proxy.example\"; expected an address or a range of them, such as"
                                + " 127.0.0.1/32 or fd00::/8"),
                mistakes(SOUND.replace("9000\"}", "9000\", trustedProxies: [proxy.example]}")));
    }

    @Test
    void readsTheProviderToSignInBy() throws IOException {
        var oidc = ", oidc: {issuer: \"https://login.example.net\", clientId: parley, clientSecret: quiet, groups:"
                + " {staff: {role: member, scope: assigned}, boss: {role: admin}}}}";
        var read = usable(SOUND.replace("9000\"}", "9000\"" + oidc), Map.of())
                .http()
                .oidc()
                .orElseThrow();
        assertEquals(List.of("staff", "boss"), List.copyOf(read.groups().keySet()));
        assertFalse(read.toString().contains("quiet"));
        var wrong = mistakes(SOUND.replace(
                "9000\"}",
                "9000\""
                        + oidc.replace("https:", "http:")
                                .replace("clientId", "clientID")
                                .replace("role: admin", "role: admin, scope: assigned")));
        assertEquals(4, wrong.size(), wrong.toString());
        assertTrue(wrong.stream().anyMatch(each -> each.contains("http.oidc.issuer")), wrong.toString());
        assertTrue(wrong.stream().anyMatch(each -> each.contains("did you mean \"clientId\"?")), wrong.toString());
        assertTrue(wrong.stream().noneMatch(each -> each.contains("quiet")), wrong.toString());
    }

    @Test
    void warnsOfPlainHttpThatOthersReach() throws IOException {
        assertEquals(List.of(), usable(SOUND, Map.of()).warnings());
        assertEquals(
                List.of(), usable(SOUND.replace("127.0.0.1", "[::1]"), Map.of()).warnings());
        assertEquals(
                1,
                usable(SOUND.replace("127.0.0.1", "0.0.0.0"), Map.of())
                        .warnings()
                        .size());
        assertEquals(
                List.of(),
                usable(SOUND.replace("127.0.0.1:9000\"", "0.0.0.0:9000\", tls: {certificate: a, key: b}"), Map.of())
                        .warnings());
    }

    @Test
    void addsTheKeywordsOfOtherLanguagesToTheEnglishOnes() throws IOException {
        var config = usable(SOUND + "keywords: {de: {stop: [STOPP, Abmelden], help: [HILFE]}}\n", Map.of());
        assertEquals(Keywords.Words.ENGLISH, config.keywords().get("en"));
        assertEquals(
                new Keywords.Words(
                        Set.of("stopp", "ABMELDEN"), Set.of(), Set.of(), Set.of("Hilfe"), Set.of(), Set.of()),
                config.keywords().get("de"));
    }

    @Test
    void readsTheWeightsOfLinksAndThoseBehindThemWithout() throws IOException {
        var config = usable(
                SOUND.replace("[modem-1]", "[{name: modem-1, weight: 3}, {name: b, weight: 1}, c]")
                        + "  b: {kind: modem, port: /dev/ttyUSB1}\n  c: {kind: modem, port: /dev/ttyUSB2}\n",
                Map.of());
        var line = config.lines().getFirst();
        assertEquals(List.of("modem-1", "b", "c"), line.links());
        assertEquals(Map.of("modem-1", 3, "b", 1), line.weights());
    }

    @Test
    void takesRelativePathsFromTheDirectoryOfTheFile() throws IOException {
        var config = usable(SOUND, Map.of());
        assertEquals(new DatabaseSettings.Embedded(directory.resolve("db")), config.database());
    }

    @Test
    void reportsEveryMistakeAtOnceInTheOrderOfTheFile() throws IOException {
        var mistakes = mistakes("""
                http: {listen: 8080}
                database: {embeded: db}
                lines:
                  - {number: "+1 202 555 0100", name: Front desk, links: [modem-1, modem-9]}
                links:
                  modem-1: {kind: modem, port: /dev/ttyUSB0, pin: 12, baud: fast}
                  spare: {kind: pigeon}
                groups: {maxPeople: 11, replyWindw: 2h}
                """);
        assertEquals(
                List.of(
                        "1:16: http.listen: is \"8080\"; expected HOST:PORT, such as 127.0.0.1:8080 (port 0 is any free one)",
                        "2:11: database: says no database; expected \"embedded: DIRECTORY\" or \"url: jdbc:mariadb://HOST/NAME\"",
                        "2:12: database.embeded: is not a key of Parley; did you mean \"embedded\"?",
                        "4:14: lines[0].number: is \"+1 202 555 0100\"; expected it in E.164, \"+12025550100\"",
                        "4:68: lines[0].links: names \"modem-9\", which is not among the links: modem-1, spare",
                        "6:51: links.modem-1.pin: is a secret that is not shown; expected 4 to 8 digits, in quotes",
                        "6:61: links.modem-1.baud: is \"fast\"; expected a whole number",
                        "7:10: links.spare: belongs to no line; name it in the links of one, or take it out",
                        "7:17: links.spare.kind: is \"pigeon\"; expected modem, smpp",
                        "8:21: groups.maxPeople: is \"11\"; expected 3 to 10",
                        "8:25: groups.replyWindw: is not a key of Parley; did you mean \"replyWindow\"?"),
                mistakes);
    }

    @Test
    void namesTheKeyThatIsMissing() throws IOException {
        assertEquals(
                List.of("6:12: links.modem-1.port: is missing and required"),
                mistakes(SOUND.replace(", port: /dev/ttyUSB0", "")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
        case                                     | replace                     | by                                    | mistake
        a key written twice                      | 'name: Front desk,'         | 'name: A, name: B,'                   | is written twice
        a list where one value belongs           | 'port: /dev/ttyUSB0'        | 'port: [a]'                           | is a list; expected the path
        a key without a value                    | 'port: /dev/ttyUSB0'        | 'port:'                               | has no value
        a variable that is not set               | 'port: /dev/ttyUSB0'        | 'port: /dev/ttyUSB0, pin: "${env:NO}"'| environment variable NO, which is not set
        a file that is not there                 | 'port: /dev/ttyUSB0'        | 'port: a, pin: "${file:nowhere}"'     | which does not exist
        a reference of another kind              | 'port: /dev/ttyUSB0'        | 'port: a, pin: "${vault:x}"'          | expected ${env:NAME}, ${file:PATH} or ${credential:NAME}
        a baud rate beyond the range             | 'port: /dev/ttyUSB0'        | 'port: a, baud: 99'                   | expected 1200 to 4000000
        a duration without its unit              | 'port: /dev/ttyUSB0'        | 'port: a, airTimeout: 60'             | expected a duration such as
        a duration beyond the range              | 'port: /dev/ttyUSB0'        | 'port: a, airTimeout: 1h'             | expected 5s to 5m
        an IMEI that is none                     | 'port: /dev/ttyUSB0'        | 'imei: "12"'                          | expected 15 digits
        a dialect that nobody speaks             | 'port: /dev/ttyUSB0'        | 'port: a, dialect: klingon'           | expected huawei, simcom
        a limit of nothing                       | 'port: /dev/ttyUSB0'        | 'port: a, limits: {perDay: 0}'        | expected 1 to 100000
        a language without a shift table         | 'name: Front desk'          | 'name: Front desk, languages: [de]'   | expected some of BN, ES
        a number that is no phone number         | '+12025550100'              | '12'                                  | expected a phone number in E.164
        a number that is too long                | '+12025550100'              | '+120255501001111'                    | expected a phone number in E.164
        a line without links                     | '[modem-1]'                 | '[]'                                  | names no link
        a link twice in a line                   | '[modem-1]'                 | '[modem-1, modem-1]'                  | is in this list already
        a weight of nothing                      | '[modem-1]'                 | '[{name: modem-1, weight: 0}]'        | lines[0].links[0].weight: is "0"; expected 1 to 1000
        a weight that is missing                 | '[modem-1]'                 | '[{name: modem-1}]'                   | lines[0].links[0].weight: is missing
        a weight of no link                      | '[modem-1]'                 | '[{weight: 1}]'                       | lines[0].links[0].name: is missing
        a share that is no weight                | '[modem-1]'                 | '[{name: modem-1, share: 1}]'         | lines[0].links[0].share: is not a key
        a weight of a link that is not there     | '[modem-1]'                 | '[{name: modem-9, weight: 1}]'        | names "modem-9", which is not among
        a name before a weight                   | '[modem-1]'                 | '[modem-1, {name: modem-2, weight: 1}]' | has "modem-1" without a weight before
        a list where a link should be            | '[modem-1]'                 | '[[modem-1]]'                         | lines[0].links[0]: is a list; expected keys
        two databases                            | 'embedded: db'              | 'embedded: db, url: "jdbc:mariadb://h/p"' | keep one of them
        a database of another make               | 'embedded: db'              | 'url: "jdbc:mysql://h/p"'             | expected a JDBC URL of MariaDB
        a key of another kind of link            | 'port: /dev/ttyUSB0'        | 'port: a, systemId: x'                | is not a key of Parley
        a port beyond the range                  | '127.0.0.1:9000'            | '127.0.0.1:99999'                     | expected HOST:PORT
        half of a TLS pair                       | '"127.0.0.1:9000"'          | '"127.0.0.1:9000", tls: {key: k}'     | http.tls.certificate: is missing
        a country that is none                   | 'name: Front desk'          | 'name: Front desk, country: XX'       | two letters by ISO 3166
        a tab for an indent                      | '  modem-1'                 | '	modem-1'                            | this is not YAML
        """)
    void refuses(String name, String replace, String by, String mistake) throws IOException {
        assertTrue(SOUND.contains(replace), "the case does not apply to the base");
        var found = mistakes(SOUND.replace(replace, by));
        assertTrue(found.stream().anyMatch(one -> one.contains(mistake)), () -> "found only " + found);
    }

    @Test
    void refusesANumberOrALinkOnTwoLines() throws IOException {
        var found = mistakes(
                SOUND.replace("links:\n", "  - {number: \"+12025550100\", name: Other, links: [modem-1]}\nlinks:\n"));
        assertAll(
                () -> assertTrue(found.get(0).contains("which another line has already"), found.toString()),
                () -> assertTrue(found.get(1).contains("lines[0] has; a link belongs to one line"), found.toString()));
    }

    @Test
    void refusesOnePortForTwoLinks() throws IOException {
        var found = mistakes(
                SOUND.replace("[modem-1]", "[modem-1, modem-2]") + "  modem-2: {kind: modem, port: /dev/ttyUSB0}\n");
        assertEquals(List.of("7:32: links.modem-2.port: is the port of modem-1 too; a modem has one link"), found);
    }

    @Test
    void neverQuotesWhatCameByReference() throws IOException {
        var found =
                mistakes(SOUND.replace("port: /dev/ttyUSB0", "port: a, pin: \"${env:PIN}\""), Map.of("PIN", "letters"));
        assertEquals(List.of("6:40: links.modem-1.pin: is \"${env:PIN}\"; expected 4 to 8 digits, in quotes"), found);
    }

    @Test
    void saysWhatIsWrongWithTheFileAsAWhole() throws IOException {
        var nowhere = directory.resolve("nowhere.yaml");
        assertEquals(List.of(nowhere + ": there is no such file"), read(nowhere, Map.of()));
        var empty = Files.createFile(directory.resolve("empty.yaml"));
        assertTrue(read(empty, Map.of()).getFirst().contains("is empty"));
        var list = Files.writeString(directory.resolve("list.yaml"), "- 1\n");
        assertTrue(read(list, Map.of()).getFirst().contains(":1:1: the file is not a list of keys and values"));
        var binary = Files.write(directory.resolve("binary.yaml"), new byte[] {(byte) 0xC3, 0x28});
        assertEquals(List.of(binary + ": is not UTF-8 text"), read(binary, Map.of()));
    }

    @Test
    void theExampleInTheRepositoryIsSound() {
        var example = Path.of("..", "config", "parley.yaml");
        assertEquals(List.of(), read(example, Map.of()));
    }

    private Config usable(String yaml, Map<String, String> environment) throws IOException {
        var file = Files.writeString(directory.resolve("parley.yaml"), yaml);
        var config = usable(file, environment);
        assertEquals(config, usable(file, environment), "a reload would take it for a change");
        return config;
    }

    private static Config usable(Path file, Map<String, String> environment) {
        return switch (Config.read(file, environment)) {
            case ConfigReading.Usable(var config) -> config;
            case ConfigReading.Mistaken(var mistakes) -> fail(mistakes.toString());
        };
    }

    private List<String> mistakes(String yaml) throws IOException {
        return mistakes(yaml, Map.of());
    }

    /// The mistakes without the name of the file.
    private List<String> mistakes(String yaml, Map<String, String> environment) throws IOException {
        var file = Files.writeString(directory.resolve("parley.yaml"), yaml);
        return read(file, environment).stream()
                .map(text -> text.substring(file.toString().length() + 1))
                .toList();
    }

    private static List<String> read(Path file, Map<String, String> environment) {
        return switch (Config.read(file, environment)) {
            case ConfigReading.Usable _ -> List.of();
            case ConfigReading.Mistaken(var mistakes) ->
                mistakes.stream().map(Mistake::toString).toList();
        };
    }

    @Test
    void aCredentialIsReadWhereSystemdPutItOrBesideTheConfiguration(@TempDir Path directory) throws IOException {
        var given = Files.createDirectories(directory.resolve("given"));
        Files.writeString(given.resolve("parley_pin"), "1234\n");
        Files.writeString(
                Files.createDirectories(directory.resolve("credentials")).resolve("pin"), "5678\n");
        assertEquals(
                new Reference.Resolved("1234"),
                Reference.resolve("${credential:pin}", Map.of("CREDENTIALS_DIRECTORY", given.toString()), directory));
        assertEquals(new Reference.Resolved("5678"), Reference.resolve("${credential:pin}", Map.of(), directory));
    }

    @Test
    void linesMayBeEmptyButNotMissing(@TempDir Path directory) throws IOException {
        var file = directory.resolve("parley.yaml");
        Files.writeString(file, "database: {embedded: db}\nlines: []\n");
        assertInstanceOf(ConfigReading.Usable.class, Config.read(file));
        Files.writeString(file, "database: {embedded: db}\n");
        assertInstanceOf(ConfigReading.Mistaken.class, Config.read(file));
    }
}
