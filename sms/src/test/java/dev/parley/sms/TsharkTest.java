package dev.parley.sms;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/// Six hundred TPDUs read by somebody else: Wireshark's dissector. Left out is what it is known to get
/// wrong: shift tables, an escape before nothing or before a code without a character, the page break.
@DisplayName("tshark reads what we encode as we do")
class TsharkTest {

    private static final Path TSHARK = Path.of("/usr/bin/tshark");
    private static final int TPDUS = 600;
    private static final int LINKTYPE_USER0 = 147;

    /// The flags of pcapng's enhanced packet block (§4.3.1): to the SMSC, or from it.
    private static final int INBOUND = 1;

    private static final int OUTBOUND = 2;

    private static final String BASIC = IntStream.range(0, 128)
            .filter(code -> code != Gsm7.ESCAPE)
            .mapToObj(code -> Gsm7.DEFAULT.text(new byte[] {(byte) code}))
            .reduce("", String::concat);
    private static final String EXTENSION = "^{}\\[~]|€";
    private static final List<String> OTHERS = List.of("я", "好", "í", "e\u0301", "😀", "👩‍🚒", "🇩🇪", "\u200F");

    @TempDir
    private Path directory;

    @Test
    void readsTheSameNumbersTimesAndTexts() throws Exception {
        if (!Files.isExecutable(TSHARK)) {
            var why = "tshark is not installed (Debian package tshark)";
            assertTrue(!"required".equals(System.getenv("PARLEY_PEERS")), why);
            Assumptions.abort(why);
        }
        var random = new Random(20_261_125);
        var tpdus = Stream.generate(() -> tpdu(random)).limit(TPDUS).toList();
        var packets = dissected(tpdus.stream().map(Tpdu::encode).toList());
        assertEquals(TPDUS, packets.size());
        var differences = new ArrayList<String>();
        for (int i = 0; i < TPDUS; i++) {
            var octets = tpdus.get(i).encode();
            var ours = ours(octets);
            var theirs = theirs(packets.get(i));
            if (!ours.equals(theirs)) {
                differences.add(Octets.of(octets) + ": " + ours + " <> " + theirs);
            }
        }
        assertEquals(List.of(), differences);
    }

    /// What is compared; empty or 0 where a kind of TPDU has no such field.
    private record Read(String number, String text, List<Integer> time, int mr) {}

    private static Read ours(byte[] tpdu) {
        boolean submitted = (tpdu[0] & 0b11) == 0b01;
        var decoded = submitted ? Pdu.decodeFromMobile(tpdu) : Pdu.decodeFromSc(tpdu);
        if (!(decoded instanceof Decoded.Ok(var _, var read))) {
            return fail(Octets.of(tpdu) + " is " + decoded);
        }
        return switch (read) {
            case Deliver deliver ->
                new Read(digits(deliver.from()), deliver.userData().text(), time(deliver.scts()), 0);
            case Submit submit ->
                new Read(digits(submit.to()), submit.userData().text(), time(until(submit)), submit.mr());
            case StatusReport report -> new Read(digits(report.recipient()), "", time(report.scts()), report.mr());
        };
    }

    private static Optional<Timestamp> until(Submit submit) {
        return submit.validity() instanceof ValidityPeriod.Absolute(var until)
                ? Optional.of(new Timestamp(until))
                : Optional.empty();
    }

    private static String digits(Address address) {
        return address.isInternational() ? address.number().substring(1) : address.number();
    }

    private static List<Integer> time(Optional<Timestamp> time) {
        if (time.isEmpty()) {
            return List.of();
        }
        var at = time.get().at();
        return List.of(
                at.getYear() % 100,
                at.getMonthValue(),
                at.getDayOfMonth(),
                at.getHour(),
                at.getMinute(),
                at.getSecond());
    }

    private static Read theirs(JsonNode packet) {
        var number = Stream.of("oa", "da", "ra")
                .flatMap(field -> packet.findValues("gsm_sms.tp-" + field).stream())
                .findFirst();
        return new Read(
                number.map(JsonNode::asString).orElse(""),
                packet.findPath("gsm_sms.sms_text").asString(""),
                Stream.of("year", "month", "day", "hour", "minutes", "seconds")
                        .flatMap(field -> packet.findValues("gsm_sms.scts." + field).stream()
                                .limit(1))
                        .map(value -> Integer.valueOf(value.asString()))
                        .toList(),
                Integer.decode(packet.findPath("gsm_sms.tp-mr").asString("0")));
    }

    // Making

    private static Tpdu tpdu(Random random) {
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> Deliver.of(segment(random), address(random), time(random));
            case 3, 4 ->
                new Submit(
                        random.nextBoolean(),
                        random.nextBoolean(),
                        false,
                        random.nextInt(256),
                        address(random),
                        0,
                        Dcs.of(Alphabet.GSM7),
                        validity(random),
                        UserData.of(segment(random, gsm7(random))));
            default ->
                StatusReport.of(random.nextInt(256), address(random), time(random), time(random), random.nextInt(256));
        };
    }

    private static ValidityPeriod validity(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new ValidityPeriod.SmscDefault();
            case 1 -> new ValidityPeriod.Relative(Duration.ofMinutes(random.nextInt(700_000)));
            default -> new ValidityPeriod.Absolute(time(random));
        };
    }

    private static Segment segment(Random random) {
        return segment(random, random.nextBoolean() ? gsm7(random) : unicode(random));
    }

    /// The first part of a text, so that tshark has nothing to join.
    private static Segment segment(Random random, String text) {
        var options = random.nextBoolean()
                ? SplitOptions.plain(random.nextInt(256))
                : new SplitOptions(random.nextInt(65_536), 16, false, Set.of());
        return ((Split.Parts) Segmenter.split(text, options)).segments().getFirst();
    }

    private static String gsm7(Random random) {
        var text = new StringBuilder();
        for (int left = random.nextInt(200); left > 0; left--) {
            var from = random.nextInt(8) == 0 ? EXTENSION : BASIC;
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }

    private static String unicode(Random random) {
        var text = new StringBuilder("я");
        for (int left = random.nextInt(90); left > 0; left--) {
            text.append(OTHERS.get(random.nextInt(OTHERS.size())));
        }
        return text.toString();
    }

    private static Address address(Random random) {
        int ton = random.nextInt(8);
        var number = new StringBuilder(ton == 1 ? "+" : "");
        if (ton == 5) {
            for (int left = random.nextInt(Address.NAME_SEPTETS_MAX + 1); left > 0; left--) {
                number.append(BASIC.charAt(random.nextInt(BASIC.length())));
            }
        } else {
            for (int left = 1 + random.nextInt(Address.DIGITS_MAX); left > 0; left--) {
                number.append("0123456789*#abc".charAt(random.nextInt(random.nextInt(8) == 0 ? 15 : 10)));
            }
        }
        return new Address(number.toString(), ton, random.nextInt(16));
    }

    private static OffsetDateTime time(Random random) {
        return OffsetDateTime.of(
                1990 + random.nextInt(100),
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60),
                0,
                ZoneOffset.ofTotalSeconds(900 * (random.nextInt(105) - 48)));
    }

    // Asking

    private List<JsonNode> dissected(List<byte[]> tpdus) throws IOException, InterruptedException {
        var capture = Files.write(directory.resolve("tpdus.pcapng"), pcapng(tpdus));
        var json = directory.resolve("tpdus.json");
        var tshark = new ProcessBuilder(
                        TSHARK.toString(),
                        "-r",
                        capture.toString(),
                        "-o",
                        "uat:user_dlts:\"User 0 (DLT=147)\",\"gsm_sms\",\"0\",\"\",\"0\",\"\"",
                        "-T",
                        "json")
                .redirectOutput(json.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!tshark.waitFor(60, TimeUnit.SECONDS)) {
            tshark.destroyForcibly();
            fail("tshark does not end");
        }
        return JsonMapper.shared().readTree(json).valueStream().toList();
    }

    /// A capture of TPDUs and nothing around them. The direction tells a SUBMIT from a SUBMIT-REPORT.
    private static byte[] pcapng(List<byte[]> tpdus) {
        int octets = tpdus.stream().mapToInt(tpdu -> tpdu.length + 64).sum();
        var out = ByteBuffer.allocate(64 + octets).order(ByteOrder.LITTLE_ENDIAN);
        // Section header: byte-order magic, version 1.0, unknown length.
        out.putInt(0x0A0D0D0A)
                .putInt(28)
                .putInt(0x1A2B3C4D)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
        // Interface description: link type, no limit.
        out.putInt(1).putInt(20).putInt(LINKTYPE_USER0).putInt(0).putInt(20);
        for (var tpdu : tpdus) {
            int padding = -tpdu.length & 0b11;
            int length = 32 + tpdu.length + padding + 12;
            out.putInt(6)
                    .putInt(length)
                    .putInt(0)
                    .putLong(0)
                    .putInt(tpdu.length)
                    .putInt(tpdu.length);
            out.put(tpdu).put(new byte[padding]);
            out.putShort((short) 2).putShort((short) 4).putInt((tpdu[0] & 0b11) == 0b01 ? INBOUND : OUTBOUND);
            out.putInt(0).putInt(length);
        }
        var file = new byte[out.position()];
        out.flip().get(file);
        return file;
    }
}
