package dev.parley.sms;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/// Any octets at all end as a value. In `mvn verify` this replays the vectors; `JAZZER_FUZZ=1` searches
/// for new ones.
class DecoderFuzzTest {

    @MethodSource("dev.parley.sms.DecoderFuzzTest#vectors")
    @FuzzTest(maxDuration = "2m")
    void decodesAnything(byte[] pdu) {
        var decoded = Pdu.decodeFromModem(pdu);
        assertNotNull(Description.of(decoded));
        assertNotNull(Description.of(Pdu.decodeFromSc(pdu)));
        assertNotNull(Description.of(Pdu.decodeFromMobile(pdu)));
        if (decoded instanceof Decoded.Ok(var smsc, var tpdu)) {
            var encoded = Pdu.withSmsc(smsc, tpdu.encode());
            assertEquals(Description.of(decoded), Description.of(Pdu.decodeFromModem(encoded)));
        }
    }

    static Stream<Arguments> vectors() {
        return Vectors.pdus().flatMap(pdu -> {
            var octets = HexFormat.of().parseHex(pdu);
            return Stream.of(octets, Arrays.copyOf(octets, octets.length / 2)).map(Arguments::of);
        });
    }
}
