package dev.parley.sms;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What holds for every text and every PDU, tried on a thousand of each; seeded, so that a failure
/// repeats.
class PropertiesTest {

    private static final String[] PIECES = {
        "a",
        "Z",
        " ",
        "€",
        "[",
        "~",
        "\n",
        "\r\n",
        "\f",
        "ç",
        "ğ",
        "ı",
        "Ş",
        "á",
        "ã",
        "ê",
        "Φ",
        "я",
        "👩‍🚒",
        "😱",
        "’",
        "—",
        "க",
        "ா",
        "ಕ",
        "ह",
        "ি",
        "ક",
        "ک",
        "۴",
        "@",
        "\uFFFD",
        "0123456789",
        "The quick brown fox "
    };

    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-11-24T09:05:07-03:30");

    private static final Address SOMEBODY = Address.ofNumber("+12025550111");

    /// Mixes pieces of few kinds, so that some texts are of one alphabet and some of all.
    static Stream<String> aThousandTexts() {
        var random = new Random(20_261_124);
        return IntStream.range(0, 1_000).mapToObj(_ -> {
            var kinds = random.ints(1 + random.nextInt(6), 0, PIECES.length).toArray();
            var text = new StringBuilder();
            for (int length = random.nextInt(500); text.length() < length; ) {
                text.append(PIECES[kinds[random.nextInt(kinds.length)]]);
            }
            return text.toString();
        });
    }

    private static List<SplitOptions> everyKindOfOptions() {
        return List.of(
                SplitOptions.plain(7),
                new SplitOptions(4_660, 16, false, Set.of()),
                new SplitOptions(7, 8, false, EnumSet.allOf(NationalLanguage.class)),
                new SplitOptions(4_660, 16, false, EnumSet.allOf(NationalLanguage.class)));
    }

    /// Whatever people type, splitting, encoding, decoding and joining in whatever order the parts come
    /// loses nothing; no part ends within a surrogate pair, and none outgrows its 140 octets.
    @ParameterizedTest
    @MethodSource("aThousandTexts")
    void splitsWithoutLoss(String text) {
        for (var options : everyKindOfOptions()) {
            var parts = assertInstanceOf(Split.Parts.class, Segmenter.split(text, options));
            assertEquals(text, parts.text());
            assertFalse(parts.replaced());
            var arrived = new ArrayList<UserData>();
            for (var segment : parts.segments()) {
                var submit = Submit.of(segment, SOMEBODY, true, new ValidityPeriod.SmscDefault());
                assertEquals(submit, ok(Pdu.decodeFromMobile(submit.encode())));
                var deliver = Deliver.of(segment, SOMEBODY, TIME);
                assertEquals(deliver, ok(Pdu.decodeFromSc(deliver.encode())));
                assertEquals(segment.text(), deliver.userData().text());
                assertEquals(segment.concat(), deliver.userData().concat());
                assertTrue(deliver.userData().octets() <= 1 + UserData.OCTETS_MAX);
                assertFalse(!segment.text().isEmpty()
                        && Character.isHighSurrogate(
                                segment.text().charAt(segment.text().length() - 1)));
                arrived.add(deliver.userData());
            }
            assertJoinsInAnyOrder(text, arrived);
            assertTrue(parts.remaining() >= 0);
        }
    }

    private static void assertJoinsInAnyOrder(String text, List<UserData> arrived) {
        if (arrived.size() > 1) {
            arrived.addAll(List.copyOf(arrived.subList(0, arrived.size() / 2))); // some come twice
            Collections.shuffle(arrived, new Random(arrived.size()));
        }
        assertEquals(text, Reassembly.joined(arrived).orElseThrow());
    }

    /// As many more characters as `remaining` says fit the last part, and not one more.
    @ParameterizedTest
    @MethodSource("aThousandTexts")
    void saysWhatRemains(String text) {
        var parts = assertInstanceOf(Split.Parts.class, Segmenter.split(text, SplitOptions.plain(0)));
        var full = assertInstanceOf(
                Split.Parts.class, Segmenter.split(text + "x".repeat(parts.remaining()), SplitOptions.plain(0)));
        assertEquals(parts.segments().size(), full.segments().size());
        assertEquals(0, full.remaining());
        var more = assertInstanceOf(
                Split.Parts.class, Segmenter.split(text + "x".repeat(parts.remaining() + 1), SplitOptions.plain(0)));
        assertEquals(parts.segments().size() + 1, more.segments().size());
    }

    /// National tables are taken only where that makes fewer parts.
    @ParameterizedTest
    @MethodSource("aThousandTexts")
    void takesNationalTablesOnlyToSaveParts(String text) {
        var plain = assertInstanceOf(Split.Parts.class, Segmenter.split(text, SplitOptions.plain(0)));
        var all = new SplitOptions(0, 8, false, EnumSet.allOf(NationalLanguage.class));
        var national = assertInstanceOf(Split.Parts.class, Segmenter.split(text, all));
        boolean used = national.segments().stream()
                .anyMatch(segment ->
                        segment.locking() != NationalLanguage.DEFAULT || segment.single() != NationalLanguage.DEFAULT);
        assertTrue(
                used
                        ? national.segments().size() < plain.segments().size()
                        : national.segments().size() == plain.segments().size());
    }

    /// A replaced text is in the GSM alphabet, takes no more parts, and reports every character that
    /// changed.
    @ParameterizedTest
    @MethodSource("aThousandTexts")
    void replacesOnlyWhereItHelps(String text) {
        var plain = assertInstanceOf(Split.Parts.class, Segmenter.split(text, SplitOptions.plain(0)));
        var parts = assertInstanceOf(Split.Parts.class, Segmenter.split(text, new SplitOptions(0, 8, true, Set.of())));
        if (parts.replaced()) {
            assertEquals(Alphabet.GSM7, parts.alphabet());
            assertEquals(Alphabet.UCS2, plain.alphabet());
            assertTrue(parts.segments().size() <= plain.segments().size());
            var again = text;
            for (var replacement : parts.replacements()) {
                assertEquals(
                        replacement.count(),
                        text.codePoints()
                                .filter(c -> Character.toString(c).equals(replacement.from()))
                                .count());
                again = again.replace(replacement.from(), replacement.to());
            }
            assertEquals(again, parts.text());
        } else {
            assertEquals(plain, parts);
        }
    }

    /// Halves of surrogate pairs, which no alphabet has, become U+FFFD and harm nothing.
    @ParameterizedTest
    @MethodSource("aThousandTexts")
    void loneSurrogatesAreHarmless(String text) {
        var random = new Random(text.length());
        var broken = new StringBuilder(text);
        broken.insert(random.nextInt(text.length() + 1), (char) (0xD800 + random.nextInt(0x800)));
        var parts = assertInstanceOf(Split.Parts.class, Segmenter.split(broken.toString(), SplitOptions.plain(0)));
        var said = parts.segments().stream().map(Segment::text).collect(Collectors.joining());
        assertEquals(parts.text(), said);
        assertTrue(said.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF));
    }

    /// A vector with octets changed, put in or left out is a value, and what is decoded of it encodes to
    /// what decodes to the same.
    @ParameterizedTest
    @MethodSource
    void everyMutationIsAValue(String pdu) {
        var random = new Random(pdu.hashCode());
        var octets = HexFormat.of().parseHex(pdu);
        for (int i = 0; i < 200; i++) {
            var mutated = mutated(octets, random);
            for (var decoded :
                    List.of(Pdu.decodeFromModem(mutated), Pdu.decodeFromSc(mutated), Pdu.decodeFromMobile(mutated))) {
                assertNotNull(Description.of(decoded));
                if (decoded instanceof Decoded.Ok(var smsc, var tpdu)) {
                    var again = Pdu.decodeFromModem(Pdu.withSmsc(smsc, tpdu.encode()));
                    assertEquals(Description.of(new Decoded.Ok(smsc, tpdu)), Description.of(again));
                }
            }
        }
    }

    static Stream<String> everyMutationIsAValue() {
        return Vectors.pdus().filter(pdu -> !pdu.isEmpty());
    }

    private static byte[] mutated(byte[] octets, Random random) {
        var list = new ArrayList<Byte>(octets.length + 3);
        for (byte octet : octets) {
            list.add(octet);
        }
        for (int changes = 1 + random.nextInt(3); changes > 0 && !list.isEmpty(); changes--) {
            int at = random.nextInt(list.size());
            switch (random.nextInt(3)) {
                case 0 -> list.set(at, (byte) random.nextInt(256));
                case 1 -> list.add(at, (byte) random.nextInt(256));
                default -> list.remove(at);
            }
        }
        var mutated = new byte[list.size()];
        for (int i = 0; i < mutated.length; i++) {
            mutated[i] = list.get(i);
        }
        return mutated;
    }

    /// Each character of each pair of national tables is in it once, and comes back from its septets.
    @ParameterizedTest
    @MethodSource
    void everyCharacterComesBack(NationalLanguage locking) {
        for (var single : NationalLanguage.values()) {
            var table = Gsm7.of(locking, single);
            for (char c = 0; c < 0xFFFF; c++) {
                int septets = table.septets(c);
                if (septets > 0) {
                    var text = String.valueOf(c);
                    var packed = new byte[2];
                    table.pack(text, packed, 0, 0);
                    assertEquals(text, table.unpacked(packed, 0, septets));
                }
            }
        }
    }

    static Stream<NationalLanguage> everyCharacterComesBack() {
        return Stream.of(NationalLanguage.values());
    }

    /// Packing behind each number of fill bits and unpacking from there are inverse.
    @ParameterizedTest
    @MethodSource
    void packsBehindAnyFill(int fill) {
        var random = new Random(fill);
        for (int length = 0; length <= 160; length++) {
            var septets = new byte[length];
            var text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                int code = random.nextInt(128);
                septets[i] = (byte) (code == Gsm7.ESCAPE ? 0 : code);
                text.append(Gsm7.DEFAULT.text(new byte[] {septets[i]}));
            }
            var packed = new byte[(length * 7 + fill + 7) / 8];
            Gsm7.DEFAULT.pack(text.toString(), packed, 0, fill);
            assertArrayEquals(septets, Gsm7.unpack(packed, fill, length));
        }
    }

    static Stream<Integer> packsBehindAnyFill() {
        return IntStream.range(0, 7).boxed().sorted(Comparator.naturalOrder());
    }

    private static Tpdu ok(Decoded decoded) {
        return assertInstanceOf(Decoded.Ok.class, decoded).tpdu();
    }
}
