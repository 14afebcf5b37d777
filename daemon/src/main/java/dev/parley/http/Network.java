package dev.parley.http;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3): `127.0.0.1/32`, `fd00::/8`. A
/// single address is a range of one.
///
/// @param address its first one
/// @param bits how many of the first bits count
public record Network(InetAddress address, int bits) {

    /// IPv6 networks are handed out as /64 (RFC 6177 §2), so that single addresses in one mean nothing.
    private static final int IPV6_PREFIX_OCTETS = 8;

    /// What an address is made of. Anything else would be a name, and asked of a name server.
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:]+(?:[0-9.]+)?");

    private static final Pattern BITS = Pattern.compile("[0-9]{1,3}");

    /// Empty for what is no range: bits that do not fit the address, a name, an address with bits behind
    /// the prefix.
    public static Optional<Network> of(String text) {
        int slash = text.indexOf('/');
        var literal = literal(slash < 0 ? text : text.substring(0, slash));
        if (literal.isEmpty()) {
            return Optional.empty();
        }
        int most = literal.get().getAddress().length * Byte.SIZE;
        var behind = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        if (!BITS.matcher(behind).matches() || Integer.parseInt(behind) > most) {
            return Optional.empty();
        }
        var network = new Network(literal.get(), Integer.parseInt(behind));
        return network.isWhole() ? Optional.of(network) : Optional.empty();
    }

    /// An address as it is written, without a look-up.
    static Optional<InetAddress> literal(String text) {
        if (!LITERAL.matcher(text).matches()
                || (!text.contains(":") && text.chars().filter(c -> c == '.').count() != 3)) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }

    /// Whether it has no bit behind its prefix.
    private boolean isWhole() {
        var octets = address.getAddress();
        var number = new BigInteger(1, octets);
        return number.signum() == 0 || number.getLowestSetBit() >= octets.length * Byte.SIZE - bits;
    }

    public boolean contains(InetAddress other) {
        var ours = address.getAddress();
        var theirs = other.getAddress();
        return ours.length == theirs.length
                && new BigInteger(1, ours).xor(new BigInteger(1, theirs)).bitLength() <= ours.length * Byte.SIZE - bits;
    }

    /// What counts as one peer when shares are given out: an IPv4 address, or a whole IPv6 network.
    static String peer(InetAddress address) {
        var octets = address.getAddress();
        return HexFormat.of()
                .formatHex(address instanceof Inet6Address ? Arrays.copyOf(octets, IPV6_PREFIX_OCTETS) : octets);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
