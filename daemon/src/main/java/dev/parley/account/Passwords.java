package dev.parley.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Password hashes by Argon2id (RFC 9106), written as `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH` (the PHC string
/// format), so that the parameters can be raised later: old hashes are verified by theirs and replaced at the next
/// sign-in.
public final class Passwords {

    /// NIST SP 800-63B §3.1.1.2 asks for at least eight characters and for no rules of composition.
    static final int CHARACTERS_MIN = 8;

    /// Far above any pass phrase; bounds what one request makes us hash.
    static final int CHARACTERS_MAX = 256;

    /// The memory, passes and lanes that OWASP's Password Storage Cheat Sheet recommends for a server: 19 MiB, two
    /// passes, one lane. RFC 9106 §4 would like 64 MiB and four lanes, which a small machine with SIM cards has not
    /// got to spare.
    static final int MEMORY_KIB = 19 * 1024;

    static final int PASSES = 2;
    static final int LANES = 1;
    static final int SALT_OCTETS = 16;
    static final int HASH_OCTETS = 32;

    /// Hashes at work at once: 38 MiB at most, and on two cores sending goes on.
    static final int AT_ONCE_MAX = 2;

    /// How long a sign-in waits for its turn before it is told to come back.
    static final Duration WAIT_MAX = Duration.ofSeconds(5);

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    /// How checking a password ended.
    public enum Verdict {
        RIGHT,
        /// Right, and its hash should be made anew with today's parameters.
        RIGHT_BUT_OLD,
        WRONG,
        /// Too many were being checked; nothing is known.
        BUSY
    }

    private final SecureRandom random;
    private final Semaphore turns = new Semaphore(AT_ONCE_MAX, true);

    /// The hash of nothing: what is checked for users that do not exist, so that they take as long as others.
    private final String nobodys;

    public Passwords(SecureRandom random) {
        this.random = random;
        this.nobodys = phc(new byte[SALT_OCTETS], new byte[HASH_OCTETS]);
    }

    /// Why this cannot be a password, as a sentence; empty if it can.
    static Optional<String> fault(String password) {
        int characters = password.codePointCount(0, password.length());
        return characters < CHARACTERS_MIN || characters > CHARACTERS_MAX
                ? Optional.of("A password has " + CHARACTERS_MIN + " to " + CHARACTERS_MAX
                        + " characters; this one has " + characters + ".")
                : Optional.empty();
    }

    /// Waits for its turn as long as it takes: this is an admin's deed and there are few of them.
    String hash(String password) {
        turns.acquireUninterruptibly();
        try {
            var salt = new byte[SALT_OCTETS];
            random.nextBytes(salt);
            return phc(salt, argon2id(password, salt, MEMORY_KIB, PASSES, LANES, HASH_OCTETS));
        } finally {
            turns.release();
        }
    }

    /// @param stored the stored hash; empty for a user that does not exist or has no password, which takes as long and
    /// is always wrong
    Verdict check(Optional<String> stored, String password) {
        if (password.length() > 2 * CHARACTERS_MAX) {
            return Verdict.WRONG;
        }
        try {
            if (!turns.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                return Verdict.BUSY;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Verdict.BUSY;
        }
        try {
            return verdict(stored.orElse(nobodys), password, stored.isPresent());
        } finally {
            turns.release();
        }
    }

    private static Verdict verdict(String stored, String password, boolean exists) {
        var phc = PHC.matcher(stored);
        if (!phc.matches()) {
            throw new IllegalStateException("a stored password hash is not in the PHC format of Argon2id");
        }
        int memoryKib = Integer.parseInt(phc.group(1));
        int passes = Integer.parseInt(phc.group(2));
        int lanes = Integer.parseInt(phc.group(3));
        var expected = Base64.getDecoder().decode(phc.group(5));
        var actual =
                argon2id(password, Base64.getDecoder().decode(phc.group(4)), memoryKib, passes, lanes, expected.length);
        if (!MessageDigest.isEqual(expected, actual) || !exists) {
            return Verdict.WRONG;
        }
        boolean today = memoryKib == MEMORY_KIB && passes == PASSES && lanes == LANES;
        return today ? Verdict.RIGHT : Verdict.RIGHT_BUT_OLD;
    }

    private static String phc(byte[] salt, byte[] hash) {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    /// The password is hashed as NFKC in UTF-8 (NIST SP 800-63B §3.1.1.2), so that two keyboards that write "é"
    /// differently give the same octets.
    private static byte[] argon2id(String password, byte[] salt, int memoryKib, int passes, int lanes, int octets) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        var hash = new byte[octets];
        generator.generateBytes(
                Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
