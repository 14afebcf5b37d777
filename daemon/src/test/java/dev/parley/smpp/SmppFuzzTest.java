package dev.parley.smpp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.link.Inbound;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertNotNull;

/// Any octets at all end as a value. In `mvn verify` this replays the seeds; `JAZZER_FUZZ=1`
/// searches for new ones.
class SmppFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void decodesAnything(byte[] pdu) {
        for (var alphabet : SmppSettings.DefaultAlphabet.values()) {
            assertNotNull(new SmppDecoder(_ -> alphabet, _ -> List.of())
                    .decode(new Inbound("acme", SmppKind.KIND, pdu, Optional.empty(), Instant.EPOCH)));
        }
    }

    @FuzzTest(maxDuration = "2m")
    void readsAnyReceiptText(byte[] text) {
        assertNotNull(ReceiptText.read(new String(text, StandardCharsets.ISO_8859_1)));
    }
}
