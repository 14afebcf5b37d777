package dev.parley.reply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class KeywordsTest {
    private final Keywords keywords = new Keywords();

    static List<String> asking() throws IOException {
        return table("opt-out.txt");
    }

    static List<String> ordinary() throws IOException {
        return table("ordinary.txt");
    }

    private static List<String> table(String name) throws IOException {
        try (var in = Objects.requireNonNull(KeywordsTest.class.getResourceAsStream("/words/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && (!line.startsWith("#") || line.startsWith("#2")))
                    .map(String::translateEscapes)
                    .map(KeywordsTest::withCharacters)
                    .toList();
        }
    }

    private static String withCharacters(String text) {
        return Pattern.compile("u\\+([0-9A-F]{4})")
                .matcher(text)
                .replaceAll(code -> Character.toString(Integer.parseInt(code.group(1), 16)));
    }

    private static Keyword expected(String name) {
        return switch (name) {
            case "stop" -> new Keyword.Stop();
            case "start" -> new Keyword.Start();
            case "yes" -> new Keyword.Yes();
            case "help" -> new Keyword.Help();
            case "leave" -> new Keyword.Leave(Optional.empty());
            case "leave 2" -> new Keyword.Leave(Optional.of(2));
            case "join 2" -> new Keyword.Join(2);
            case "answer 0" -> new Keyword.Answer(0);
            case "answer 2" -> new Keyword.Answer(2);
            case "freer" -> new Keyword.FreerOptOut();
            case "none" -> new Keyword.None();
            default -> throw new IllegalArgumentException(name);
        };
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            STOP              | stop
            stop              | stop
            Stop.             | stop
            ~  "STOP" !!~     | stop
            STOPALL           | stop
            Stop all          | stop
            UNSUBSCRIBE       | stop
            cancel            | stop
            End               | stop
            quit              | stop
            REVOKE            | stop
            OPTOUT            | stop
            opt out           | stop
            Opt-Out           | stop
            ~opt  out~        | stop
            ＳＴＯＰ           | stop
            🛑 STOP 🛑        | stop
            #2 STOP           | stop
            [#2 Soccer] stop  | stop
            #9: Stop          | stop
            START             | start
            unstop            | start
            #2 START          | start
            YES               | yes
            Yes!              | yes
            HELP              | help
            help?             | help
            Info              | help
            #1 HELP           | help
            LEAVE             | leave
            leave.            | leave
            #2 LEAVE          | leave 2
            #2 leave!         | leave 2
            [#2 Soccer] leave | leave 2
            LEAVE #2          | leave 2
            leave 2           | leave 2
            JOIN #2           | join 2
            join #2.          | join 2
            join 2            | join 2
            #2 JOIN           | join 2
            2                 | answer 2
            #2                | answer 2
            ~ 2. ~            | answer 2
            (2)               | answer 2
            [#2 Soccer]       | answer 2
            [#2]              | answer 2
            0                 | answer 0
            #0                | answer 0
            JOIN              | none
            2 pm              | none
            2 2               | none
            02                | none
            12345             | none
            #2 on my way      | none
            stop by the shop  | none
            Stopping by       | none
            yes please        | none
            S.T.O.P.          | stop
            s t o p           | stop
            S-T-O-P!          | stop
            UNSUB             | stop
            Stóp              | stop
            UNSUBSCRİBE       | stop
            quıt              | stop
            𝐒𝐓𝐎𝐏              | stop
            🛑️ STOP 🛑️      | stop
            STOP ❤️           | stop
            opt_out           | stop
            2️⃣               | answer 2
            stop, wait        | none
            the end           | none
            start now         | none
            helpful           | none
            I'll leave at 5   | none
            join us           | none
            ?!                | none
            ~~                | none
            """)
    void reads(String text, String keyword) {
        assertEquals(expected(keyword), keywords.read(text == null ? "" : text), text);
    }

    @ParameterizedTest
    @MethodSource("asking")
    void freerWordingIsAnOptOut(String text) {
        assertEquals(new Keyword.FreerOptOut(), keywords.read(text));
    }

    @ParameterizedTest
    @MethodSource("ordinary")
    void talkAmongPeopleIsNone(String text) {
        assertEquals(new Keyword.None(), keywords.read(text));
    }

    @Test
    void wordsOfOtherLanguagesCountBesideTheEnglish() {
        var both = new Keywords(Map.of(
                "en",
                Keywords.Words.ENGLISH,
                "es",
                new Keywords.Words(
                        Set.of("ALTO", "BAJA"),
                        Set.of("ALTA"),
                        Set.of("SÍ"),
                        Set.of("AYUDA"),
                        Set.of("SALIR"),
                        Set.of("UNIR"))));
        assertEquals(new Keyword.Stop(), both.read("baja"));
        assertEquals(new Keyword.Stop(), both.read("STOP"));
        assertEquals(new Keyword.Yes(), both.read("sí"));
        assertEquals(new Keyword.Leave(Optional.of(2)), both.read("#2 salir"));
        assertEquals(new Keyword.Join(2), both.read("unir #2"));
        assertEquals(new Keyword.None(), keywords.read("baja"));
    }
}
