package dev.parley.conversation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class KeywordsTest {
    private final Keywords keywords = new Keywords();

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
            end. stop         | none
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
    @ValueSource(
            strings = {
                "please stop texting me",
                "Please stop texting me!",
                "PLEASE STOP TEXTING ME",
                "Hey, I don't know who you are. Please stop texting me",
                "stop texting me you creep",
                "Stop messaging me",
                "stop texting this number",
                "can you please stop texting me? thanks",
                "I said stop texting me",
                "Please stop",
                "stop please",
                "Please stop.",
                "STOP NOW",
                "stop stop stop",
                "stop texting",
                "stop sending me messages",
                "Stop sending these texts",
                "please stop sending me these messages",
                "stop the texts",
                "Stop these messages please",
                "stop messages",
                "don't text me again",
                "Don’t text me anymore",
                "dont text me",
                "do not text me ever again",
                "do not contact me",
                "Do not contact me again, please",
                "never text me again",
                "take me off your list",
                "Take me off this list please",
                "please take me off your mailing list",
                "take me off",
                "remove me",
                "Remove me please",
                "remove me from this list",
                "remove me from your list!",
                "pls remove my number",
                "Please remove me from the group",
                "delete my number",
                "lose my number",
                "unsubscribe me",
                "unsubscribe please",
                "please unsubscribe",
                "opt me out",
                "I want to opt out",
                "i'd like to unsubscribe",
                "how do I unsubscribe from this?",
                "I don't want to receive these texts",
                "I do not want any more messages",
                "i dont want your texts",
                "no more texts",
                "No more messages please",
                "leave me alone",
                "wrong number, stop texting me",
                "Cancel my subscription",
                "please cancel my subscription",
                "I revoke my consent",
                "#2 please stop texting me",
                "I am not Bob. STOP"
            })
    void freerWordingIsAnOptOut(String text) {
        assertEquals(new Keyword.FreerOptOut(), keywords.read(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stop by the shop",
                "please stop at the store",
                "Please stop at the store on your way",
                "can you stop by later?",
                "the bus stop is closed",
                "stop for gas",
                "I can't stop laughing",
                "stop it, you two",
                "please stop by tomorrow",
                "don't stop",
                "stop, wait for me",
                "don't text me while I'm driving",
                "don't text me before 9",
                "don't text me the address, email it",
                "stop texting me at work, use my cell",
                "stop texting me pictures of your cat haha",
                "Don't forget to text me",
                "I don't want to leave",
                "take me off at the next exit",
                "take me off the schedule for Friday",
                "remove me as captain",
                "remove the couch first",
                "remove my couch from the truck",
                "I was texting and missed my stop",
                "the end is near",
                "cancel the order",
                "cancel my appointment",
                "please cancel the 3pm",
                "quit your job",
                "leave me a key",
                "leave me alone with the cake and it's gone",
                "she told him to stop texting",
                "I got no texts",
                "send me the list",
                "no more milk",
                "I don't want any messages lost in the move",
                "can you remove the list from the wall",
                "end of the street",
                "unsubscribed from the magazine",
                "opt for the blue one",
                "ok",
                "thanks everyone"
            })
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
