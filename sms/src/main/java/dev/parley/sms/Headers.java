package dev.parley.sms;

/// The user data header that a [Segment] needs: its place among the parts, then its shift tables.
final class Headers {

    private static final int CONCATENATED_8_OCTETS = 5;
    private static final int CONCATENATED_16_OCTETS = 6;
    private static final int SHIFT_OCTETS = 3;

    private Headers() {}

    /// How many octets the header takes, with its length octet; 0 for none.
    static int octets(Segment segment) {
        int concat = segment.concat().isEmpty()
                ? 0
                : segment.concat().get().refBits() == 16 ? CONCATENATED_16_OCTETS : CONCATENATED_8_OCTETS;
        return octets(segment.alphabet(), segment.locking(), segment.single(), concat);
    }

    static int octets(Alphabet alphabet, NationalLanguage locking, NationalLanguage single, int concatOctets) {
        int elements = concatOctets;
        if (alphabet == Alphabet.GSM7) {
            elements += locking == NationalLanguage.DEFAULT ? 0 : SHIFT_OCTETS;
            elements += single == NationalLanguage.DEFAULT ? 0 : SHIFT_OCTETS;
        }
        return elements == 0 ? 0 : elements + 1;
    }

    static int concatOctets(int refBits) {
        return refBits == 16 ? CONCATENATED_16_OCTETS : CONCATENATED_8_OCTETS;
    }

    static void write(Segment segment, byte[] out) {
        int octets = octets(segment);
        if (octets == 0) {
            return;
        }
        out[0] = (byte) (octets - 1);
        int at = 1;
        if (segment.concat().isPresent()) {
            at = write(segment.concat().get(), out, at);
        }
        if (segment.alphabet() == Alphabet.GSM7) {
            at = write(InformationElement.LOCKING_SHIFT, segment.locking(), out, at);
            write(InformationElement.SINGLE_SHIFT, segment.single(), out, at);
        }
    }

    private static int write(Concat concat, byte[] out, int at) {
        boolean wide = concat.refBits() == 16;
        out[at++] = (byte) (wide ? InformationElement.CONCATENATED_16 : InformationElement.CONCATENATED_8);
        out[at++] = (byte) (wide ? 4 : 3);
        if (wide) {
            out[at++] = (byte) (concat.ref() >> 8);
        }
        out[at++] = (byte) concat.ref();
        out[at++] = (byte) concat.total();
        out[at++] = (byte) concat.seq();
        return at;
    }

    private static int write(int identifier, NationalLanguage language, byte[] out, int at) {
        if (language == NationalLanguage.DEFAULT) {
            return at;
        }
        out[at++] = (byte) identifier;
        out[at++] = 1;
        out[at++] = (byte) language.code();
        return at;
    }
}
