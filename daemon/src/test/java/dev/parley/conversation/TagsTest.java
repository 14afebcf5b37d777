package dev.parley.conversation;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TagsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            #2 on my way            | 2  | on my way
            ~  #2   on my way ~     | 2  | on my way
            #2: on my way           | 2  | on my way
            #2, ok                  | 2  | ok
            #2 - ok                 | 2  | - ok
            #0 private              | 0  | private
            #12 ok                  | 12 | ok
            [#2 Soccer] on my way   | 2  | on my way
            [#2 Soccer]on my way    | 2  | on my way
            [#2] on my way          | 2  | on my way
            ＃2 ok                  | 2  | ok
            #2                      | 2  | ~~
            #2 #3 both              | 2  | #3 both
            """)
    void findsTheTagInFront(String text, int tag, String rest) {
        assertEquals(Optional.of(new Tags.Tagged(tag, rest)), Tags.leading(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "#",
                "#x",
                "#2nd place",
                "#2.5 miles",
                "2 on my way",
                "see #2",
                "#02 ok",
                "#12345 ok",
                "[#2 Soccer",
                "[2] ok",
                "#-1 ok",
                "# 2 ok",
                "#٢ ok"
            })
    void otherTextsHaveNone(String text) {
        assertEquals(Optional.empty(), Tags.leading(text));
    }

    @Test
    void theTextKeepsItsLines() {
        assertEquals("one\ntwo", Tags.leading("#2\none\ntwo").orElseThrow().text());
    }

    @Test
    void theSmallestFreeNumberFillsGaps() {
        assertEquals(1, Tags.smallestFree(List.of()));
        assertEquals(2, Tags.smallestFree(List.of(1, 3)));
        assertEquals(4, Tags.smallestFree(List.of(3, 1, 2)));
        assertEquals(1, Tags.smallestFree(List.of(0, 2)));
    }
}
