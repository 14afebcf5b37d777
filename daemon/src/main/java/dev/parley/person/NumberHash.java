package dev.parley.person;

import dev.parley.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What is kept of a number that was erased where it still has to count, such as an opt-out: an HMAC under a key of
/// this
/// database. There are few enough numbers that whoever has the key can try them all; without it nothing can be told,
/// and with it only whether a number that one has in mind is among them.
public final class NumberHash {

    /// No number and no sender's name begins with it.
    public static final String MARK = "#";

    /// Fits a column of twenty characters with the mark: 104 bits.
    private static final int OCTETS = 13;

    private static final int KEY_OCTETS = 32;

    private static final String MAKE = "INSERT IGNORE INTO number_key (id, secret) VALUES (1, ?)";

    private static final String KEY = "SELECT secret FROM number_key WHERE id = 1";

    private final SecretKeySpec key;

    /// Reads the key, or makes it.
    public NumberHash(Store store) {
        var fresh = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(fresh);
        var secret = store.transaction(tx -> {
            tx.update(MAKE, (Object) fresh);
            return tx.first(KEY, row -> row.getBytes("secret")).orElseThrow();
        });
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /// At most twenty ASCII characters.
    public String of(String number) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            var octets = Arrays.copyOf(mac.doFinal(number.getBytes(StandardCharsets.UTF_8)), OCTETS);
            return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
