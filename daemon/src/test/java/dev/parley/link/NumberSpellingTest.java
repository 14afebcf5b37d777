package dev.parley.link;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

@DisplayName("The spellings of a number")
class NumberSpellingTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                             | one           | other         | one number
            as it is stored                  | +12025550101  | +12025550101  | true
            without the plus                 | +12025550101  | 12025550101   | true
            with the zeros for international | +491711234567 | 00491711234567 | true
            in national form                 | +491711234567 | 01711234567   | true
            with hyphens                     | +12025550101  | 202-555-0101  | true
            six digits of a small country    | +298212345    | 212345        | true
            a short code at its end          | +12025550101  | 50101         | false
            a short code and itself          | 12345         | 12345         | true
            another one                      | +12025550101  | +12025550102  | false
            a name                           | +12025550101  | Parley        | false
            nothing                          | +12025550101  | ''            | false
            """)
    void mayBeOne(String name, String one, String other, boolean isOne) {
        assertEquals(isOne, NumberSpelling.mayBeOne(one, other));
        assertEquals(isOne, NumberSpelling.mayBeOne(other, one));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case             | number        | tail
            as it is stored  | +12025550101  | 550101
            in national form | 0202 555-0101 | 550101
            a short code     | 12345         | 12345
            a name           | Parley        | ''
            """)
    void tail(String name, String number, String tail) {
        assertEquals(tail, NumberSpelling.tail(number));
    }
}
