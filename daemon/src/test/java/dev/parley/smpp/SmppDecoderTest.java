package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.sms.Reassembly;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// Texts of several `deliver_sm`.
class SmppDecoderTest {

    private static final HexFormat HEX = HexFormat.of();

    /// What was cut within a character is whole again where the parts are; what is alone stays half.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            cut                     | data_coding | first              | second             | text
            within a surrogate pair | 8           | 0500030702010061D83D | 050003070202DE000062 | a😀b
            behind an escape        | 0           | 050003070201611B   | 0500030702026521   | a€!
            the same, Latin-1       | 3           | 05000307020161E9   | 0500030702026521   | aée!
            no other part, UCS-2    | 8           | 0500030701010061D83D | ''               | a\uFFFD
            no other part, an escape | 0          | 050003070101611B   | ''                 | a
            """)
    void joinsWhatWasCutWithinACharacter(String cut, int dataCoding, String first, String second, String text) {
        var pieces = piece(dataCoding, first) + (second.isEmpty() ? "" : piece(dataCoding, second));
        assertEquals(text, Reassembly.mended(pieces));
    }

    private static String piece(int dataCoding, String message) {
        var octets = HEX.parseHex(message);
        var pdu = new ByteArrayOutputStream();
        pdu.writeBytes(HEX.parseHex("00000000" + "00000005" + "00000000" + "00000001" + "00" + "0101"));
        pdu.writeBytes("491700000001\0".getBytes(StandardCharsets.US_ASCII));
        pdu.writeBytes(HEX.parseHex("0101"));
        pdu.writeBytes("12025550101\0".getBytes(StandardCharsets.US_ASCII));
        pdu.writeBytes(HEX.parseHex("40" + "000000000000"));
        pdu.write(dataCoding);
        pdu.write(0);
        pdu.write(octets.length);
        pdu.writeBytes(octets);
        var decoder = new SmppDecoder(_ -> SmppSettings.DefaultAlphabet.GSM7, _ -> List.of());
        var inbound = new Inbound("acme", SmppKind.KIND, pdu.toByteArray(), Optional.empty(), Instant.EPOCH);
        return assertInstanceOf(Received.Text.class, decoder.decode(inbound)).text();
    }
}
