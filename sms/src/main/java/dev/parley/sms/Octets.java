package dev.parley.sms;

import java.util.Arrays;
import java.util.HexFormat;

/// A few octets as a value: copied in, copied out, equal when their content is.
public final class Octets {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final byte[] octets;

    private Octets(byte[] octets) {
        this.octets = octets;
    }

    public static Octets of(byte[] octets) {
        return new Octets(octets.clone());
    }

    public int size() {
        return octets.length;
    }

    /// The octet at an index, 0 to 255.
    public int at(int index) {
        return octets[index] & 0xFF;
    }

    public byte[] toArray() {
        return octets.clone();
    }

    public String hex() {
        return HEX.formatHex(octets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return hex();
    }
}
