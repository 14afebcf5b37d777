package dev.parley.contact;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NumbersTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                        | text                 | country | e164
            E.164 as it is                              | +12025550111         | US      | +12025550111
            national with punctuation                   | (202) 555-0111       | US      | +12025550111
            national with dots                          | 202.555.0111         | US      | +12025550111
            with the national prefix of the US          | 1 202 555 0111       | US      | +12025550111
            with the trunk zero                         | 0171 1234567         | DE      | +491711234567
            international prefix 00                     | 0049 171 1234567     | FR      | +491711234567
            the same from the US                        | 011 49 171 1234567   | US      | +491711234567
            the superfluous zero in parentheses         | +44 (0)20 7946 0018  | US      | +442079460018
            foreign country of the line does not matter | +49 171 1234567      | US      | +491711234567
            an Italian landline keeps its zero          | 06 1234 5678         | IT      | +390612345678
            no-break spaces                             | +1 202 555 0111      | US      | +12025550111
            full-width digits                           | ＋１２０２５５５０１１１         | US      | +12025550111
            Arabic-Indic digits become ASCII            | ٢٠٢٥٥٥٠١١١           | US      | +12025550111
            a range reserved for films                  | 07700 900123         | GB      | +447700900123
            en dashes from a word processor             | 202–555–0111         | US      | +12025550111
            a link                                      | tel:+1-202-555-0111  | US      | +12025550111
            a link with parameters                      | tel:+1-202-555-0111;ext=4 | US | +12025550111
            a link to text                              | sms:+12025550111?body=Hi | US  | +12025550111
            directional marks from a contact card       | \u202a+1 202 555 0111\u202c    | US      | +12025550111
            a zero-width blank inside                   | 202\u200b555\u200b0111         | US      | +12025550111
            no plus, foreign                            | 491711234567         | US      | +491711234567
            00 where 011 is dialled                     | 0049 171 1234567     | US      | +491711234567
            Argentina's mobile without its 9            | +54 11 2345-6789     | US      | +5491123456789
            Argentina's mobile with its 9               | +54 9 11 2345-6789   | US      | +5491123456789
            Argentina's mobile as dialled at home       | 011 15 2345-6789     | AR      | +5491123456789
            Brazil's mobile with eight digits           | +55 11 8123-4567     | US      | +5511981234567
            Brazil's mobile with nine digits            | +55 11 98123-4567    | US      | +5511981234567
            a Brazilian landline keeps its eight        | +55 11 3123-4567     | US      | +551131234567
            Mexico's mobile with the former 1           | +52 1 55 1234 5678   | US      | +525512345678
            Mexico's mobile without it                  | +52 55 1234 5678     | US      | +525512345678
            Mexico's mobile as it was dialled           | 044 55 1234 5678     | MX      | +525512345678
            """)
    void readsAnySpelling(String name, String text, String country, String e164) {
        assertEquals(new Numbers.Parsed.E164(e164), Numbers.parse(text, country));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                   | text                        | code
            nothing                                | ''                          | not-a-number
            a plus alone                           | +                           | not-a-number
            two plus signs                         | ++12025550111               | not-a-number
            a plus inside                          | +1202+5550111               | not-a-number
            letters after digits                   | +1202555call-now            | not-a-number
            a mail address                         | mailto:ann@example.org      | not-a-number
            an extension                           | +1 202 555 0111 ext. 4      | not-a-number
            stars and hashes                       | *100#                       | not-a-number
            twenty-one digits                      | +123456789012345678901      | too-long
            one digit too many                     | +120255501111               | too-long
            one digit missing                      | +1202555011                 | too-short
            no area code                           | 555-0111                    | too-short
            a country code that does not exist     | +999 12345678               | unknown-country
            an area code that begins with zero     | +10000000000                | not-a-number
            longer than any spelling               | 1111111111111111111111111111111111111111111 | too-long
            """)
    void refusesWhatIsNoNumberWithItsReason(String name, String text, String code) {
        var bad = assertInstanceOf(Numbers.Parsed.Bad.class, Numbers.parse(text, "US"));
        assertEquals(code, bad.code(), bad.sentence());
        assertTrue(bad.sentence().endsWith("."), bad.sentence());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                     | sender         | country | stored
            international                            | +491711234567  | DE      | +491711234567
            national with its trunk zero             | 01711234567    | DE      | +491711234567
            national without it                      | 1711234567     | DE      | +491711234567
            with the international prefix            | 00491711234567 | DE      | +491711234567
            international without plus               | 491711234567   | DE      | +491711234567
            the same from abroad                     | 491711234567   | US      | +491711234567
            ten digits in the US                     | 2025550111     | US      | +12025550111
            eleven digits in the US                  | 12025550111    | US      | +12025550111
            eleven digits from there                 | 12025550111    | DE      | +12025550111
            reserved, but of the right form          | 07700900123    | GB      | +447700900123
            the same internationally                 | 447700900123   | GB      | +447700900123
            French, and a landline's in Germany      | 33612345678    | DE      | +33612345678
            a landline that texts                    | 0303123456     | DE      | +49303123456
            Italian, without a trunk prefix          | 3331234567     | IT      | +393331234567
            two signs for international              | +0012025550111 | DE      | +12025550111
            national, called international           | +2025550111    | US      | +12025550111
            the same in Germany                      | +1711234567    | DE      | +491711234567
            and one that is valid as it says         | +201001234567  | US      | +201001234567
            Danish, without a trunk prefix           | 20123456       | DK      | +4520123456
            a short code                             | 12345          | US      | 12345
            a short code that begins like a country  | 49171          | US      | 49171
            a name                                   | ACME Bank      | US      | ACME Bank
            a name that holds digits                 | 1800FLOWERS    | US      | 1800FLOWERS
            a star code                              | *100#          | US      | *100#
            nobody's                                 | 0000000000000  | US      | 0000000000000
            nothing                                  | ''             | US      | ''
            """)
    void readsSendersAsNetworksWriteThem(String name, String sender, String country, String stored) {
        assertEquals(stored, Numbers.ofSender(sender, country));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345", "767", "88822"})
    void tellsShortCodesApart(String text) {
        assertEquals(new Numbers.Parsed.ShortCode(text), Numbers.parse(text, "US"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ACME Bank", "Größe", "1800FLOWERS"})
    void tellsAlphanumericSendersApart(String text) {
        assertEquals(new Numbers.Parsed.Alphanumeric(text), Numbers.parse(text, "US"));
    }

    @Test
    void showsNumbersOfTheOwnCountryNationallyAndOthersInternationally() {
        assertEquals("(202) 555-0111", Numbers.display("+12025550111", "US"));
        assertEquals("+1 202-555-0111", Numbers.display("+12025550111", "DE"));
        assertEquals("0171 1234567", Numbers.display("+491711234567", "DE"));
        assertEquals("12345", Numbers.display("12345", "US"));
    }

    @Test
    void findsPartsOfNumbersInTheirNationalSpelling() {
        assertEquals(Set.of("0171", "171"), Numbers.searchDigits("0171", "DE"));
        assertEquals(Set.of("0049171", "49171", "049171"), Numbers.searchDigits("0049 171", "DE"));
        assertEquals(Set.of("12025550111"), Numbers.searchDigits("+1 202 555 0111", "US"));
        assertEquals(Set.of(), Numbers.searchDigits("Ann 202", "US"));
        assertEquals(Set.of(), Numbers.searchDigits("20", "US"));
    }
}
