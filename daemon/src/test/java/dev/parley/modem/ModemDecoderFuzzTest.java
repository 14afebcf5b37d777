package dev.parley.modem;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.link.Inbound;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertNotNull;

/// Whatever lies in a modem, and wherever, ends as a value. In `mvn verify` this replays a few;
/// `JAZZER_FUZZ=1` searches for more.
class ModemDecoderFuzzTest {

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void decodesAnything(byte[] pdu) {
        for (var place : new String[] {"", "SM:1", "SR:1", "BM", "BM:1"}) {
            var inbound = new Inbound(
                    "modem-1",
                    ModemKind.KIND,
                    pdu,
                    Optional.of(place).filter(known -> !known.isEmpty()),
                    Instant.EPOCH);
            assertNotNull(new ModemDecoder().decode(inbound));
        }
    }

    static Stream<Arguments> seeds() {
        return Stream.of(ModemLinkTest.TEXT, ModemLinkTest.REPORT, ModemLinkTest.BROADCAST, "00", "5A5A5A5A")
                .map(hex -> Arguments.of((Object) HexFormat.of().parseHex(hex)));
    }
}
