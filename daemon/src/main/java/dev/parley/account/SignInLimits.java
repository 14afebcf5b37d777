package dev.parley.account;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How often signing in may fail: for one user name, from wherever it is tried, and from one address, whatever names
/// it tries. Each has an allowance that a try uses up, a success gives back and time refills. In memory: a restart
/// forgives, and each node counts by itself.
final class SignInLimits {

    /// Tries for one name in a row, and how fast they come back. Its owner is locked out for as long, which
    /// is the price of not being guessed.
    static final int NAME_TRIES = 10;

    static final Duration NAME_REFILL = Duration.ofMinutes(1);

    /// Tries from one address in a row; an office shares one.
    static final int ADDRESS_TRIES = 30;

    static final Duration ADDRESS_REFILL = Duration.ofSeconds(20);

    /// Names and addresses remembered, each; the one longest unused is forgotten first. To push one name out somebody
    /// needs hundreds of addresses, since each has its own allowance.
    static final int REMEMBERED_MAX = 10_000;

    /// IPv6 networks are handed out as /64 (RFC 6177 §2), so that single addresses in one mean nothing.
    private static final int IPV6_PREFIX_OCTETS = 8;

    /// @param spent tries used up at `at`; refilling lowers it, fractions stay
    private record Bucket(double spent, Instant at) {}

    private static final class Buckets extends LinkedHashMap<String, Bucket> {
        Buckets() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED_MAX;
        }
    }

    private final Buckets names = new Buckets();
    private final Buckets addresses = new Buckets();

    /// Uses up one try of both allowances, before the password is looked at, so that tries at once count.
    ///
    /// @return how long to wait, if one of the allowances is used up; then none was touched
    synchronized Optional<Duration> take(String handle, InetAddress from, Instant now) {
        var address = network(from);
        double name = spent(names, handle, NAME_REFILL, now);
        double origin = spent(addresses, address, ADDRESS_REFILL, now);
        var wait = max(wait(name, NAME_TRIES, NAME_REFILL), wait(origin, ADDRESS_TRIES, ADDRESS_REFILL));
        if (wait.isPositive()) {
            return Optional.of(wait);
        }
        names.put(handle, new Bucket(name + 1, now));
        addresses.put(address, new Bucket(origin + 1, now));
        return Optional.empty();
    }

    /// The try was right: the name's allowance is whole again, and the address gets its try back.
    synchronized void succeeded(String handle, InetAddress from, Instant now) {
        names.remove(handle);
        giveBack(addresses, network(from), ADDRESS_REFILL, now);
    }

    /// The try was never looked at.
    synchronized void untried(String handle, InetAddress from, Instant now) {
        giveBack(names, handle, NAME_REFILL, now);
        giveBack(addresses, network(from), ADDRESS_REFILL, now);
    }

    private static void giveBack(Buckets buckets, String key, Duration refill, Instant now) {
        buckets.put(key, new Bucket(Math.max(0, spent(buckets, key, refill, now) - 1), now));
    }

    private static double spent(Buckets buckets, String key, Duration refill, Instant now) {
        var bucket = buckets.get(key);
        if (bucket == null) {
            return 0;
        }
        double refilled = (double) Duration.between(bucket.at, now).toMillis() / refill.toMillis();
        return Math.max(0, bucket.spent - Math.max(0, refilled));
    }

    private static Duration wait(double spent, int tries, Duration refill) {
        double surplus = spent + 1 - tries;
        return surplus <= 0 ? Duration.ZERO : Duration.ofMillis((long) Math.ceil(surplus * refill.toMillis()));
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private static String network(InetAddress address) {
        var octets = address.getAddress();
        return HexFormat.of()
                .formatHex(address instanceof Inet6Address ? Arrays.copyOf(octets, IPV6_PREFIX_OCTETS) : octets);
    }
}
