package dev.parley.sms;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Parts that were cut where no part may end (3GPP TS 23.040 §9.2.3.24.1), as many senders do.
class ReassemblyTest {

    private static UserData part(String dcs, String userData) {
        var pdu = HexFormat.of().parseHex("07911326040000F0440B911346610089F600" + dcs + "62114290507040" + userData);
        return ((Deliver) ((Decoded.Ok) Pdu.decodeFromModem(pdu)).tpdu()).userData();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            cut                                | dcs | first                        | second                   | text
            within a surrogate pair            | 08  | 0A0500030702010061D83D       | 0A050003070202DE000062   | a😀b
            between two surrogate pairs        | 08  | 0A050003070201D83DDE00       | 0A050003070202D83DDE00   | 😀😀
            behind an escape                   | 00  | 09050003070201C21B           | 09050003070202CA21       | a€!
            behind two escapes, that are a blank | 00 | 0A050003070201C29B0D        | 09050003070202CA21       | a e!
            """)
    void joinsWhatWasCutWithinACharacter(String cut, String dcs, String first, String second, String text) {
        var parts = List.of(part(dcs, first), part(dcs, second));
        assertEquals(text, UserData.joined(parts));
        assertEquals(text, Reassembly.joined(parts).orElseThrow());
        assertEquals(text, Reassembly.mended(parts.stream().map(UserData::piece).collect(Collectors.joining())));
    }

    @Test
    void aPieceWithoutItsOtherHalfLosesOnlyThat() {
        assertEquals("a\uFFFDb", Reassembly.mended("a\uD83Db"));
        assertEquals("a[part 2 of 2 missing]", Reassembly.mended("a\u001B[part 2 of 2 missing]"));
        assertEquals("a", Reassembly.mended("a\u001B"));
        assertEquals("ax", Reassembly.mended("a\u001Bx"), "the extension has nothing there");
        assertEquals("€😀", Reassembly.mended("\u001Be\uD83D\uDE00"));
        assertEquals("", Reassembly.mended(""));
        assertEquals("", part("04", "08050003070201AB01").piece(), "8-bit data is no text");
    }
}
