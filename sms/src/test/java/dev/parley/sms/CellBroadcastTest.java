package dev.parley.sms;

import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// 3GPP TS 23.038 §5 and TS 23.041 §9.4.1.
class CellBroadcastTest {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            00, GSM7
            0F, GSM7
            10, GSM7
            11, UCS2
            1F, GSM7
            21, GSM7
            3C, GSM7
            40, GSM7
            44, DATA8
            48, UCS2
            4C, GSM7
            59, UCS2
            94, DATA8
            98, UCS2
            A8, GSM7
            F1, GSM7
            F5, DATA8
            """)
    void knowsTheAlphabetOfAScheme(String octet, Alphabet alphabet) {
        assertEquals(alphabet, new CbsDcs(HexFormat.fromHexDigits(octet)).alphabet());
    }

    /// Codes as people who run sticks of Huawei's write them down.
    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            *100#,   AA180C3602
            *101#,   AA182C3602
            *105#,   AA18AC3602
            *141*1#, AA182DA68A8D1A
            *900*01#, AA1C0CA682C546
            """)
    void packsACodeAndReadsItBack(String code, String packed) {
        assertEquals(packed, HEX.formatHex(CbsDcs.packed(code)));
        assertEquals(code, CbsDcs.UNSPECIFIED.text(HEX.parseHex(packed)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UCS-2, the language in front | 11 | F23A04110430 | Ба
            UCS-2 without the language   | 11 | 04110430     | Ба
            UCS-2 of an odd length       | 48 | 0411043000   | Ба
            8-bit data                   | 44 | 4F4B         | OK
            """)
    void readsATextByItsScheme(String what, String dcs, String octets, String text) {
        assertEquals(text, new CbsDcs(HexFormat.fromHexDigits(dcs)).text(HEX.parseHex(octets)), what);
    }

    @Test
    void readsATextWithItsLanguageInFront() {
        assertEquals("Hi @", new CbsDcs(0x10).text(CbsDcs.packed("en\rHi @")));
    }

    /// From the log of a phone in Germany (FSO, 2010): channel 221, the area, filled up with carriage
    /// returns.
    @Test
    void readsAPage() {
        var page = CellBroadcast.of(
                        HEX.parseHex(
                                "001000DD001133DAED46ABD56AB5186CD668341A8D46A3D168341A8D46A3D168341A8D46"
                                        + "A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D168341A8D46A3D100"))
                .orElseThrow();
        assertEquals(16, page.serial());
        assertEquals(221, page.channel());
        assertEquals(1, page.page());
        assertEquals(1, page.pages());
        assertEquals("347745555103", page.text());
    }

    /// From the test alert of the Netherlands of 2023, in ModemManager's tests: the first of five pages.
    @Test
    void readsTheFirstPageOfAnAlert() {
        var page = CellBroadcast.of(HEX.parseHex("46A0111305134E662BC82ECBE92018AD1593B56430D90C1493E960301D885A9C5285"
                        + "45697288A4BA40C432E86D2FCBD1E53419740F87E5F331BA7EA783D465103DAD2697DD7390FBFD26CFD3F47A989E2ECF4"
                        + "1F67418E404"))
                .orElseThrow();
        assertEquals(0x46A0, page.serial());
        assertEquals(4371, page.channel());
        assertEquals(1, page.page());
        assertEquals(3, page.pages());
        assertEquals(
                "NL-Alert 04-12-2023 12:00: TESTBERICHT. De overheid waarschuwt je tijdens noodsituaties",
                page.text().substring(0, 87));
    }

    @Test
    void aPageIsNeitherShorterThanItsHeaderNorLongerThanAPage() {
        assertEquals(Optional.empty(), CellBroadcast.of(new byte[5]));
        assertEquals(Optional.empty(), CellBroadcast.of(new byte[89]));
        assertEquals("", CellBroadcast.of(new byte[6]).orElseThrow().text());
    }
}
