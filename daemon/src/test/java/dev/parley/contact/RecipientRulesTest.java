package dev.parley.contact;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RecipientRulesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, emptyValue = "", textBlock = """
            case                                        | number       | country | allow        | block  | code
            a mobile                                    | +12025550111 | US      |              |        | ok
            911 at home                                 | 911          | US      |              |        | emergency-number
            112 anywhere                                | 112          | US      |              |        | emergency-number
            911 anywhere                                | 911          | DE      |              |        | emergency-number
            999 in Britain                              | 999          | GB      |              |        | emergency-number
            000 in Australia                            | 000          | AU      |              |        | emergency-number
            110 in Germany                              | 110          | DE      |              |        | emergency-number
            directory enquiries                         | 411          | US      |              |        | service-number
            the suicide line is called                  | 988          | US      |              |        | service-number
            a six-digit service in Germany              | 116116       | DE      |              |        | service-number
            a common short code                         | 24273        | US      |              |        | ok
            premium in America                          | +19005551234 | US      |              |        | premium-number
            premium in Britain                          | +448712345678| US      |              |        | premium-number
            premium that the line allows                | +19005551234 | US      | +1900        |        | ok
            others beside an allowed premium prefix     | +12025550111 | US      | +1900        |        | ok
            a whole country does not allow its premium  | +19005551234 | US      | +1           |        | premium-number
            inside of the allowed countries             | +12025550111 | US      | +1 +44       |        | ok
            outside of them                             | +491711234567| US      | +1 +44       |        | recipient-not-allowed
            blocked                                     | +12425550111 | US      |              | +1242  | recipient-not-allowed
            blocked within an allowed country           | +12425550111 | US      | +1           | +1242  | recipient-not-allowed
            allowed within a blocked country            | +12025550111 | US      | +1202        | +1     | ok
            """)
    void decides(String name, String number, String country, String allow, String block, String code) {
        var rules = new RecipientRules(prefixes(allow), prefixes(block));
        assertEquals(
                code,
                rules.refusal(number, country).map(RecipientRules.Refusal::code).orElse("ok"));
    }

    private static List<String> prefixes(String written) {
        return written == null || written.isBlank() ? List.of() : Arrays.asList(written.split(" ", -1));
    }
}
