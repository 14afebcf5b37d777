package dev.parley.sms;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// TP-UDL and TP-UD: the header, if there is one, and the text or the octets behind it (3GPP TS 23.040
/// §9.2.3.16, §9.2.3.24). Keeps the octets as they are on the wire, so that what was decoded encodes to
/// the same.
public final class UserData {

    /// §9.2.3.16
    public static final int OCTETS_MAX = 140;

    static final int SEPTETS_MAX = 160;

    private final boolean headed;
    private final int length;
    private final byte[] octets;
    private final Alphabet alphabet;
    private final boolean compressed;
    private final List<InformationElement> elements;
    private final boolean headerIgnored;
    private final int body;
    private final String text;

    /// @param length TP-UDL
    /// @param headed TP-UDHI
    private UserData(
            int length,
            byte[] octets,
            Alphabet alphabet,
            boolean compressed,
            boolean headed,
            int body,
            Parsed parsed,
            String text) {
        this.headed = headed;
        this.length = length;
        this.octets = octets;
        this.alphabet = alphabet;
        this.compressed = compressed;
        this.elements = parsed.elements;
        this.headerIgnored = parsed.ignored;
        this.body = body;
        this.text = text;
    }

    private record Parsed(List<InformationElement> elements, boolean ignored) {
        static final Parsed NONE = new Parsed(List.of(), false);
    }

    /// The user data of one part of a text.
    ///
    /// @throws IllegalArgumentException if the text is not in the segment's alphabet or does not fit
    public static UserData of(Segment segment) {
        int header = Headers.octets(segment);
        return switch (segment.alphabet()) {
            case GSM7 -> gsm7(segment, header);
            case UCS2 -> ucs2(segment, header);
            case DATA8 -> throw new IllegalArgumentException("a segment is text, not 8-bit data");
        };
    }

    private static UserData gsm7(Segment segment, int header) {
        var table = Gsm7.of(segment.locking(), segment.single());
        int headerSeptets = (header * 8 + 6) / 7;
        var room = new byte[header + 1 + Gsm7.octetsMax(segment.text().length())];
        Headers.write(segment, room);
        int septets = table.pack(segment.text(), room, header, headerSeptets * 7 - header * 8);
        if (septets < 0) {
            throw new IllegalArgumentException("the text is not in the GSM 7-bit alphabet");
        }
        int length = headerSeptets + septets;
        if (length > SEPTETS_MAX) {
            throw new IllegalArgumentException(length + " septets (at most 160)");
        }
        var octets = Arrays.copyOf(room, (length * 7 + 7) / 8);
        return new UserData(
                length, octets, Alphabet.GSM7, false, header > 0, header, parsed(octets, header), segment.text());
    }

    private static UserData ucs2(Segment segment, int header) {
        var text = wellFormed(segment.text());
        int length = header + 2 * text.length();
        if (length > OCTETS_MAX) {
            throw new IllegalArgumentException(length + " octets (at most 140)");
        }
        var octets = new byte[length];
        Headers.write(segment, octets);
        for (int i = 0; i < text.length(); i++) {
            octets[header + 2 * i] = (byte) (text.charAt(i) >> 8);
            octets[header + 2 * i + 1] = (byte) text.charAt(i);
        }
        return new UserData(length, octets, Alphabet.UCS2, false, header > 0, header, parsed(octets, header), text);
    }

    /// 8-bit data without a header.
    ///
    /// @param data at most 140 octets
    public static UserData ofData(byte[] data) {
        return ofData(data, List.of());
    }

    /// 8-bit data behind a header.
    public static UserData ofData(byte[] data, List<InformationElement> elements) {
        int header = 0;
        for (var element : elements) {
            header += 2 + element.data().size();
        }
        header += header > 0 ? 1 : 0;
        if (header + data.length > OCTETS_MAX) {
            throw new IllegalArgumentException((header + data.length) + " octets (at most 140)");
        }
        var octets = new byte[header + data.length];
        if (header > 0) {
            octets[0] = (byte) (header - 1);
            int at = 1;
            for (var element : elements) {
                octets[at++] = (byte) element.identifier();
                octets[at++] = (byte) element.data().size();
                System.arraycopy(
                        element.data().toArray(), 0, octets, at, element.data().size());
                at += element.data().size();
            }
        }
        System.arraycopy(data, 0, octets, header, data.length);
        return new UserData(
                octets.length, octets, Alphabet.DATA8, false, header > 0, header, parsed(octets, header), "");
    }

    private static Parsed parsed(byte[] octets, int header) {
        return header == 0 ? Parsed.NONE : parse(octets, header);
    }

    /// TP-UDL and TP-UD. The length counts septets in the 7-bit alphabet, and octets in the others and
    /// in compressed text (§9.2.3.16). Octets behind it are left alone: some modems fill up to a fixed
    /// size.
    static UserData read(OctetReader in, Dcs dcs, boolean headed) {
        int at = in.position();
        int length = in.octet("TP-UDL");
        return read(in, dcs, headed, at, length, alphabet(dcs, length, in.remaining()));
    }

    /// What is there of TP-UD, where the PDU ends before TP-UDL says so. What came whole reads as ever.
    static UserData readCutOff(OctetReader in, Dcs dcs, boolean headed) {
        int at = in.position();
        int length = in.octet("TP-UDL");
        var alphabet = dcs.alphabet();
        boolean septets = alphabet == Alphabet.GSM7 && !dcs.compressed();
        int there = septets ? in.remaining() * 8 / 7 : in.remaining();
        return read(in, dcs, headed, at, Math.min(length, there), alphabet);
    }

    private static UserData read(OctetReader in, Dcs dcs, boolean headed, int at, int length, Alphabet alphabet) {
        boolean septets = alphabet == Alphabet.GSM7 && !dcs.compressed();
        if (length > (septets ? SEPTETS_MAX : OCTETS_MAX)) {
            throw new OctetReader.Unreadable(
                    "TP-UDL", at, septets ? length + " septets (at most 160)" : length + " octets (at most 140)");
        }
        int begin = in.position();
        var octets = in.octets("TP-UD", septets ? (length * 7 + 7) / 8 : length);
        int header = 0;
        var parsed = Parsed.NONE;
        if (headed && octets.length > 0) {
            header = 1 + (octets[0] & 0xFF);
            if (header > octets.length) {
                throw new OctetReader.Unreadable(
                        "TP-UDHL", begin, (header - 1) + " octets, " + (octets.length - 1) + " there");
            }
            parsed = parse(octets, header);
        }
        return new UserData(
                length,
                octets,
                alphabet,
                dcs.compressed(),
                headed,
                header,
                parsed,
                dcs.compressed() ? "" : text(length, octets, alphabet, header, parsed));
    }

    /// Some networks send UCS-2 under 1111 10xx, others the default alphabet, and TS 23.038 §4 gives bit
    /// 3 no meaning there. Where the PDU ends with as many octets as TP-UDL says, they are not septets.
    private static Alphabet alphabet(Dcs dcs, int length, int there) {
        boolean octets = dcs.isUnclear() && length == there && length % 2 == 0 && there > (length * 7 + 7) / 8;
        return octets ? Alphabet.UCS2 : dcs.alphabet();
    }

    private static String text(int length, byte[] octets, Alphabet alphabet, int header, Parsed parsed) {
        return switch (alphabet) {
            case GSM7 -> table(parsed.elements).text(septets(length, octets, header));
            case UCS2 -> wellFormed(units(octets, header));
            case DATA8 -> "";
        };
    }

    private static byte[] septets(int length, byte[] octets, int header) {
        int headerSeptets = (header * 8 + 6) / 7;
        return Gsm7.unpack(octets, headerSeptets * 7, Math.max(0, length - headerSeptets));
    }

    /// An odd octet at the end is half a character and dropped. UCS-2 is big endian (TS 23.038 §6.2.3),
    /// but some senders write UTF-16 with its mark in front: FF FE is no character of ISO/IEC 10646 and
    /// so says little endian, FE FF is a blank of no width; neither is shown.
    private static String units(byte[] octets, int from) {
        boolean swapped = begins(octets, from, 0xFF, 0xFE);
        int first = swapped || begins(octets, from, 0xFE, 0xFF) ? from + 2 : from;
        var units = new StringBuilder(Math.max(0, octets.length - first) / 2);
        for (int i = first; i + 1 < octets.length; i += 2) {
            int high = octets[swapped ? i + 1 : i] & 0xFF;
            int low = octets[swapped ? i : i + 1] & 0xFF;
            units.append((char) ((high << 8) | low));
        }
        return units.toString();
    }

    private static boolean begins(byte[] octets, int at, int one, int other) {
        return at + 1 < octets.length && (octets[at] & 0xFF) == one && (octets[at + 1] & 0xFF) == other;
    }

    /// The text with U+FFFD for each half of a surrogate pair that stands alone: neither JSON nor a
    /// database takes one.
    static String wellFormed(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 < length && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                i++;
            } else {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        var repaired = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }

    /// A header whose last element does not end where the header does is ignored as a whole; the text is
    /// not (§9.2.3.24).
    private static Parsed parse(byte[] octets, int header) {
        var elements = new ArrayList<InformationElement>(2);
        int at = 1;
        while (at + 2 <= header) {
            int end = at + 2 + (octets[at + 1] & 0xFF);
            if (end > header) {
                return new Parsed(List.of(), true);
            }
            elements.add(new InformationElement(octets[at] & 0xFF, Octets.of(Arrays.copyOfRange(octets, at + 2, end))));
            at = end;
        }
        return at == header ? new Parsed(List.copyOf(elements), false) : new Parsed(List.of(), true);
    }

    private static Gsm7 table(List<InformationElement> elements) {
        return elements.isEmpty()
                ? Gsm7.DEFAULT
                : Gsm7.of(
                        language(elements, InformationElement.LOCKING_SHIFT),
                        language(elements, InformationElement.SINGLE_SHIFT));
    }

    /// The last one of its kind counts (§9.2.3.24); an identifier that nobody has defined is the default
    /// (TS 23.038 §6.2.1.2.4).
    private static NationalLanguage language(List<InformationElement> elements, int identifier) {
        var language = NationalLanguage.DEFAULT;
        for (var element : elements) {
            if (element.identifier() == identifier && element.data().size() == 1) {
                language = NationalLanguage.ofCode(element.data().at(0));
            }
        }
        return language;
    }

    /// TP-UDHI
    public boolean headed() {
        return headed;
    }

    /// TP-UDL as on the wire.
    public int length() {
        return length;
    }

    /// The header's elements in their order; empty without a header, and where it is malformed and so
    /// ignored.
    public List<InformationElement> elements() {
        return elements;
    }

    public boolean headerIgnored() {
        return headerIgnored;
    }

    /// How the octets were read, which is what TP-DCS says but for one case ([Dcs#isUnclear]).
    public Alphabet alphabet() {
        return alphabet;
    }

    /// The text; empty for 8-bit data and compressed text.
    public String text() {
        return text;
    }

    /// The text of one of several parts, for [Reassembly#mended]: half of a surrogate pair stays as it
    /// is, and an escape at the end is U+001B.
    public String piece() {
        if (!isText()) {
            return "";
        }
        return alphabet == Alphabet.UCS2 ? units(octets, body) : table(elements).piece(septets(length, octets, body));
    }

    /// Whether there is text to read, if only an empty one.
    public boolean isText() {
        return alphabet != Alphabet.DATA8 && !compressed;
    }

    /// The octets behind the header, as on the wire: of 8-bit data the data itself.
    public byte[] data() {
        return Arrays.copyOfRange(octets, Math.min(body, octets.length), octets.length);
    }

    /// The locking shift table, of a text in the 7-bit alphabet.
    public NationalLanguage locking() {
        return language(elements, InformationElement.LOCKING_SHIFT);
    }

    /// The single shift table, of a text in the 7-bit alphabet.
    public NationalLanguage single() {
        return language(elements, InformationElement.SINGLE_SHIFT);
    }

    /// Its place among the parts. The last element that says so counts; one that is impossible (part 0,
    /// part 3 of 2, another size) is as if it were not there (§9.2.3.24.1).
    public Optional<Concat> concat() {
        Optional<Concat> concat = Optional.empty();
        for (var element : elements) {
            if (isConcat(element)) {
                var before = concat;
                concat = concat(element).or(() -> before);
            }
        }
        return concat;
    }

    /// Whether the header names a place among parts that cannot be.
    public boolean concatIgnored() {
        return concat().isEmpty() && elements.stream().anyMatch(UserData::isConcat);
    }

    private static boolean isConcat(InformationElement element) {
        return element.identifier() == InformationElement.CONCATENATED_8
                || element.identifier() == InformationElement.CONCATENATED_16;
    }

    private static Optional<Concat> concat(InformationElement element) {
        var data = element.data();
        boolean wide = element.identifier() == InformationElement.CONCATENATED_16;
        if (data.size() != (wide ? 4 : 3)) {
            return Optional.empty();
        }
        int ref = wide ? (data.at(0) << 8) | data.at(1) : data.at(0);
        int total = data.at(data.size() - 2);
        int seq = data.at(data.size() - 1);
        return total == 0 || seq == 0 || seq > total
                ? Optional.empty()
                : Optional.of(new Concat(ref, wide ? 16 : 8, total, seq));
    }

    /// Where the message is for a program. The last element that says so counts.
    public Optional<Ports> ports() {
        Optional<Ports> ports = Optional.empty();
        for (var element : elements) {
            var data = element.data();
            if (element.identifier() == InformationElement.PORTS_8 && data.size() == 2) {
                ports = Optional.of(new Ports(data.at(0), data.at(1)));
            } else if (element.identifier() == InformationElement.PORTS_16 && data.size() == 4) {
                ports = Optional.of(new Ports((data.at(0) << 8) | data.at(1), (data.at(2) << 8) | data.at(3)));
            }
        }
        return ports;
    }

    public boolean isWapPush() {
        return ports().map(Ports::isWapPush).orElse(false);
    }

    /// The parts' texts as one, in the order given. Where all parts are of one alphabet they are joined
    /// before they are read, because some phones cut between an escape and its character, or between the
    /// halves of a surrogate
    /// pair.
    public static String joined(List<UserData> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        var first = parts.getFirst();
        boolean alike = parts.stream()
                .allMatch(part -> part.isText()
                        && part.alphabet == first.alphabet
                        && part.locking() == first.locking()
                        && part.single() == first.single());
        if (!alike) {
            var texts = new StringBuilder();
            parts.forEach(part -> texts.append(part.text));
            return texts.toString();
        }
        if (first.alphabet == Alphabet.UCS2) {
            var units = new StringBuilder();
            parts.forEach(part -> units.append(units(part.octets, part.body)));
            return wellFormed(units.toString());
        }
        var septets = new byte[parts.size() * SEPTETS_MAX];
        int count = 0;
        for (var part : parts) {
            var of = septets(part.length, part.octets, part.body);
            System.arraycopy(of, 0, septets, count, of.length);
            count += of.length;
        }
        return table(first.elements).text(Arrays.copyOf(septets, count));
    }

    /// How many octets [#write] takes.
    int octets() {
        return 1 + octets.length;
    }

    /// Writes it at an index of the TPDU.
    ///
    /// @return the index behind it
    int write(byte[] out, int at) {
        out[at] = (byte) length;
        System.arraycopy(octets, 0, out, at + 1, octets.length);
        return at + 1 + octets.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UserData that
                && headed == that.headed
                && length == that.length
                && alphabet == that.alphabet
                && compressed == that.compressed
                && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(octets) + length;
    }

    @Override
    public String toString() {
        return "UserData[length=" + length + ", elements=" + elements + ", text=" + text + "]";
    }
}
