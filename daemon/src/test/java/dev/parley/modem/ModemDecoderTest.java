package dev.parley.modem;

import dev.parley.link.FailureCode;
import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.link.Received.Fate;
import dev.parley.sms.Status;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class ModemDecoderTest {
    private static Received decoded(String hex) {
        return new ModemDecoder()
                .decode(new Inbound(
                        "modem-1", ModemKind.KIND, HexFormat.of().parseHex(hex), Optional.empty(), Instant.EPOCH));
    }

    @Test
    void readsAText() {
        var text = assertInstanceOf(Received.Text.class, decoded(ModemLinkTest.TEXT));
        assertEquals("+31641600986", text.sender());
        assertEquals("How are you?", text.text());
        assertEquals(Optional.empty(), text.concat());
        // 19:37:41 with a time zone octet of 48: four quarters of an hour west.
        assertEquals(Optional.of(Instant.parse("2002-08-26T20:37:41Z")), text.scts());
    }

    /// A phone that cuts by length alone cuts an emoji in two; the halves must outlive the parts.
    @Test
    void keepsTheHalvesOfWhatWasCutBetweenParts() {
        var pieces = Stream.of("0A0500030702010061D83D", "0A050003070202DE000062")
                .map(userData -> "07911326040000F0440B911346610089F6000862114290507040" + userData)
                .map(pdu -> assertInstanceOf(Received.Text.class, decoded(pdu)).text())
                .toList();
        assertEquals(List.of("a\uD83D", "\uDE00b"), pieces);
        // A message in one part has no other half.
        var alone = "07911326040000F0440B911346610089F6000862114290507040" + "0A0500030701010061D83D";
        assertEquals(
                "a\uFFFD", assertInstanceOf(Received.Text.class, decoded(alone)).text());
    }

    /// From python-gsmmodem's issue 44: MR 64, delivered.
    @Test
    void readsAReport() {
        var report = assertInstanceOf(Received.Report.class, decoded(ModemLinkTest.REPORT));
        assertEquals(Optional.of("64"), report.reference());
        assertEquals(Optional.of("+919790197346"), report.recipient());
        assertInstanceOf(Fate.Delivered.class, report.fate());
    }

    @Test
    void keepsWhatItCannotRead() {
        assertInstanceOf(Received.Unreadable.class, decoded("5A5A5A5A"));
        assertInstanceOf(Received.Unreadable.class, decoded("00"));
        assertInstanceOf(Received.Unreadable.class, decoded(ModemLinkTest.TEXT.substring(0, 30)));
    }

    @Test
    void readsDataForMachinesAsSuch() {
        // The text above with TP-DCS 04: eight-bit data.
        var machine = assertInstanceOf(
                Received.Machine.class,
                decoded(ModemLinkTest.TEXT.replace("F60000208062917314480C", "F60004208062917314480B")));
        assertEquals("binary data", machine.what());
        // With TP-PID 40: a type 0 message, which is not to be shown (TS 23.040 §9.2.3.9).
        assertInstanceOf(Received.Machine.class, decoded(ModemLinkTest.TEXT.replace("F60000208062", "F64000208062")));
    }

    /// Octets that would be a text if their place did not tell: serial number 0010, as if there were no
    /// SMSC and then an SMS-DELIVER.
    @ParameterizedTest(name = "from {0}")
    @CsvSource({"BM", "BM:3"})
    void aCellBroadcastIsNobodysText(String place) {
        var page = HexFormat.of().parseHex(ModemLinkTest.BROADCAST);
        assertEquals(
                new Received.Machine(Optional.empty(), "cell broadcast on channel 221, page 1 of 1: 347745555103"),
                new ModemDecoder()
                        .decode(new Inbound("modem-1", ModemKind.KIND, page, Optional.of(place), Instant.EPOCH)));
    }

    /// Groups 1100 to be discarded, 1101 to be stored (TS 23.038 §4): a person is to read what is
    /// stored.
    @Test
    void readsTheTextOfAnIndicationThatIsToBeStored() {
        var stored = assertInstanceOf(
                Received.Text.class, decoded(ModemLinkTest.TEXT.replace("F60000208062", "F600D8208062")));
        assertEquals("How are you?", stored.text());
        assertInstanceOf(Received.Machine.class, decoded(ModemLinkTest.TEXT.replace("F60000208062", "F600C8208062")));
    }

    @ParameterizedTest(name = "TP-ST {0}")
    @CsvSource(textBlock = """
            02, DELETED_BY_NETWORK
            42, REJECTED_BY_RECIPIENT
            43, UNKNOWN_NUMBER
            46, EXPIRED
            48, DELETED_BY_NETWORK
            61, UNREACHABLE
            62, UNREACHABLE
            60, NETWORK_TROUBLE
            63, REFUSED_BY_NETWORK
            5F, UNKNOWN
            FF, REFUSED_BY_NETWORK
            """)
    void namesTheFailure(String st, FailureCode code) {
        var failed = assertInstanceOf(Fate.Failed.class, ModemDecoder.fate(new Status(Integer.parseInt(st, 16))));
        assertEquals(code, failed.code());
        assertEquals(Optional.of(Integer.parseInt(st, 16)), failed.network());
    }

    @ParameterizedTest(name = "TP-ST {0}")
    @CsvSource({"01", "1F", "20", "30", "3F"})
    void doesNotCallPendingWhatIsNotFinal(String st) {
        assertInstanceOf(Fate.Pending.class, ModemDecoder.fate(new Status(Integer.parseInt(st, 16))));
    }
}
