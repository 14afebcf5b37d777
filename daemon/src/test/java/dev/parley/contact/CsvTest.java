package dev.parley.contact;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CsvTest {

    /// A heading and Zoë, in each form that spreadsheets save.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name,primaryNumber\nZoë,+12025550111",
                "name;primaryNumber\nZoë;+12025550111",
                "name\tprimaryNumber\nZoë\t+12025550111",
                "name|primaryNumber\nZoë|+12025550111",
                "sep=;\r\nname;primaryNumber\r\nZoë;+12025550111",
                "\"sep=,\"\r\nname,primaryNumber\r\nZoë,+12025550111",
                "name,primaryNumber,,,\nZoë,+12025550111,,,",
                "name,primaryNumber\nZoë,+12025550111\n,\n , \n\n",
                "name,primaryNumber\rZoë,+12025550111\r",
                "name,primaryNumber\r\nZoë,+12025550111\r\n\u001A",
                "name,primaryNumber\nZoë,\"=\"\"+12025550111\"\"\"",
                "name,primaryNumber\nZoë,'+12025550111"
            })
    void readsWhatSpreadsheetsLeave(String file) throws Csv.Malformed {
        for (var encoded : List.of(
                file.getBytes(StandardCharsets.UTF_8),
                ("\uFEFF" + file).getBytes(StandardCharsets.UTF_8),
                ("\uFEFF" + file).getBytes(StandardCharsets.UTF_16LE),
                ("\uFEFF" + file).getBytes(StandardCharsets.UTF_16BE),
                file.getBytes(StandardCharsets.UTF_16LE),
                file.getBytes(Charset.forName("windows-1252")))) {
            assertEquals(
                    List.of(List.of("name", "primaryNumber"), List.of("Zoë", "+12025550111")),
                    Csv.read(Csv.text(encoded).orElseThrow(), 100).stream()
                            .map(Csv.Row::cells)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+cmd",
                "-2+3",
                "@SUM(A1)",
                "\t=1",
                "'=1",
                "''+x",
                "'Ann",
                "O'Brien",
                "=\"x\"",
                "a;b",
                "a\tb",
                "a|b",
                "a \"quoted\" one",
                "two\nlines",
                "-",
                "+",
                "=",
                "\n=1",
                " =1+1",
                "\u00A0=1+1",
                "\u3000@x",
                "\u200B=1",
                "\uFF1D1+1",
                "\uFF0B1",
                "\uFF0D1",
                "\uFF20SUM(A1)",
                "\uFE66cmd",
                "\u2212x",
                "a;=1+1;b",
                "a\t=1+1",
                "a|@x",
                "a;'=1",
                "a; -1",
                "two\n=1+1",
                "two\r\n'+1",
                "\"=1",
                "\t=1",
                "\'\'\'=1",
                "Smith, -John",
                "semi; colon"
            })
    void whatASpreadsheetWouldRunIsWrittenAsATextAndReadBackTheSame(String cell) throws Csv.Malformed {
        var written = Csv.written(cell);
        // Whatever a spreadsheet takes for a separator: none of what it sees as cells begins a formula.
        for (var seen : written.split("[;\t|\r\n]", -1)) {
            var begins = Normalizer.normalize(seen.replaceFirst("^\"", ""), Normalizer.Form.NFKC)
                    .replace('\u2212', '-')
                    .replaceFirst("^[\\p{Z}\\p{Cf}]+", "");
            assertFalse(begins.matches("(?s)[=+\\-@\t\r].*"), written);
        }
        var rows = Csv.read("name,primaryNumber\r\n" + written + ",+12025550111\r\n", 100);
        assertEquals(List.of(cell, "+12025550111"), rows.get(1).cells());
    }

    @Test
    void aNumberKeepsItsPlus() {
        assertEquals("+12025550111", Csv.written("+12025550111"));
    }

    @Test
    void whatIsInNoEncodingIsSaidToBeSo() {
        assertEquals(Optional.empty(), Csv.text(new byte[] {(byte) 0xfe}));
        assertTrue(Csv.text(new byte[0]).isPresent());
    }

    /// Four megabytes of commas and line ends would be a hundred times that as rows.
    @Test
    void readingEndsBehindTheRowsThatAreTaken() throws Exception {
        assertEquals(4, Csv.read("a,b\n".repeat(1_000_000), 3).size());
        assertThrows(Csv.Malformed.class, () -> Csv.read(",".repeat(4_000_000), 3));
    }
}
