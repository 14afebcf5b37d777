package dev.parley.sms;

import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class SegmenterTest {

    private static Split.Parts split(String text, SplitOptions options) {
        return assertInstanceOf(Split.Parts.class, Segmenter.split(text, options));
    }

    private static SplitOptions replacing() {
        return new SplitOptions(0, 8, true, Set.of());
    }

    /// The counts of 3GPP TS 23.038 §6.2.1.2.5 for each combination of shift tables and references: 160
    /// septets of a message in one part less the header. The text is one letter of the table, so a
    /// septet is a letter.
    @ParameterizedTest(name = "{0} of {2}: {3} in one part, {4} in each of several")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            language   | bits | letter | one | each | locking    | single
            TURKISH    | 8    | ğ      | 155 | 149  | TURKISH    | DEFAULT
            TURKISH    | 16   | ğ      | 155 | 148  | TURKISH    | DEFAULT
            PORTUGUESE | 8    | ã      | 155 | 149  | PORTUGUESE | DEFAULT
            HINDI      | 8    | क      | 155 | 149  | HINDI      | DEFAULT
            URDU       | 8    | ک      | 155 | 149  | URDU       | DEFAULT
            """)
    void usesALockingTable(String language, int bits, String letter, int one, int each, String locking, String single) {
        var options = new SplitOptions(0, bits, false, Set.of(NationalLanguage.valueOf(language)));
        var whole = split(letter.repeat(one), options);
        assertEquals(1, whole.segments().size());
        assertEquals(0, whole.remaining());
        var more = split(letter.repeat(one + 1), options);
        assertEquals(2, more.segments().size());
        var first = more.segments().getFirst();
        assertEquals(each, first.text().length());
        assertEquals(NationalLanguage.valueOf(locking), first.locking());
        assertEquals(NationalLanguage.valueOf(single), first.single());
    }

    /// A few letters of a language in a text that is otherwise plain cost an escape each, not a locking
    /// table.
    @Test
    void prefersTheSingleShift() {
        var spanish = new SplitOptions(0, 8, false, Set.of(NationalLanguage.SPANISH));
        var text = "¿Qué tal están ustedes? Mañana a las siete y cuarto nos vemos en el café de la esquina, allí.";
        var parts = split(text, spanish);
        assertEquals(1, parts.segments().size());
        assertEquals(NationalLanguage.SPANISH, parts.segments().getFirst().single());
        assertEquals(NationalLanguage.DEFAULT, parts.segments().getFirst().locking());
        assertEquals(2, split(text, SplitOptions.plain(0)).segments().size());
        // One part is one part: every phone reads UCS-2, not every phone knows the table.
        assertEquals(Alphabet.UCS2, split("allí", spanish).alphabet());
    }

    /// By hand from the tables of 3GPP TS 23.038 Annex A: the last element of Bengali (§A.3.4), the
    /// digit two of Tamil (§A.2.11), Hindi's candrabindu (§A.3.6), and the nun ghunna and full stop of
    /// Urdu (§A.3.13, §A.2.13).
    @ParameterizedTest(name = "{0} {2}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            locking   | single    | text | septets
            DEFAULT   | DEFAULT   | €    | 1B65
            TURKISH   | TURKISH   | ğ€İ  | 0C0440
            DEFAULT   | TURKISH   | ğıŞ  | 1B671B691B53
            DEFAULT   | SPANISH   | Áçú  | 1B411B091B75
            PORTUGUESE| PORTUGUESE| ã`ÊΨ | 7B7D1E1B17
            DEFAULT   | PORTUGUESE| Êâ   | 1B1F1B7F
            BENGALI   | BENGALI   | ঁহ০ৱ  | 004D1B197F
            GUJARATI  | GUJARATI  | અૐ૯  | 03601B25
            HINDI     | HINDI     | ँहॿ।  | 004D7F1B19
            KANNADA   | KANNADA   | ಂೣ೧  | 017F1B1D
            MALAYALAM | MALAYALAM | ഴ൹ൿ  | 487F1B34
            ORIYA     | ORIYA     | ଵୖୱ  | 49601B2C
            PUNJABI   | PUNJABI   | ਹੴੵ  | 4D7F1B2D
            TAMIL     | TAMIL     | ன௹௨  | 3C7F1B1E
            TELUGU    | TELUGU    | ఱౕ౿  | 45601B32
            URDU      | URDU      | اں۔  | 00501B3F
            """)
    void putsCharactersWhereTheTablesHaveThem(
            NationalLanguage locking, NationalLanguage single, String text, String septets) {
        var codes = HexFormat.of().parseHex(septets);
        var table = Gsm7.of(locking, single);
        assertEquals(text, table.text(codes));
        assertEquals(codes.length, table.septets(text));
        var packed = new byte[(codes.length * 7 + 7) / 8];
        table.pack(text, packed, 0, 0);
        assertEquals(septets, HexFormat.of().withUpperCase().formatHex(Gsm7.unpack(packed, 0, codes.length)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            text               | replaced
            It’s “here” – now… | It's "here" - now...
            «Ça va»            | "Ça va"
            1\u00A0000\u202F€  | 1 000 €
            ＯＫ！                | OK!
            ΚΑΛΗΜΕΡΑ           | KAΛHMEPA
            zero\u200Bwidth    | zerowidth
            """)
    void replacesLookAlikes(String text, String replaced) {
        var parts = split(text, replacing());
        assertEquals(replaced, parts.text());
        assertEquals(Alphabet.GSM7, parts.alphabet());
        assertEquals(Alphabet.UCS2, split(text, SplitOptions.plain(0)).alphabet());
    }

    @Test
    void reportsWhatItReplaced() {
        assertEquals(
                List.of(new Replacement("’", "'", 2), new Replacement("…", "...", 1)),
                split("It’s Bob’s…", replacing()).replacements());
    }

    /// Half a replacement would change the text and save nothing.
    @Test
    void leavesATextAloneThatStaysUcs2() {
        var parts = split("“Привет”", replacing());
        assertEquals("“Привет”", parts.text());
        assertEquals(List.of(), parts.replacements());
    }

    @Test
    void anEmptyTextIsOnePart() {
        var parts = split("", SplitOptions.plain(0));
        assertEquals(1, parts.segments().size());
        assertEquals(160, parts.remaining());
    }
}
