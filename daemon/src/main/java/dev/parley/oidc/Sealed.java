package dev.parley.oidc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What a browser keeps for us and cannot read or change: AES-GCM under a key of this process. After a restart it opens
/// nothing, and the sign-in begins anew.
final class Sealed {
    private static final int KEY_OCTETS = 32;
    private static final int NONCE_OCTETS = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random;
    private final SecretKeySpec key;

    Sealed(SecureRandom random) {
        this.random = random;
        var octets = new byte[KEY_OCTETS];
        random.nextBytes(octets);
        key = new SecretKeySpec(octets, "AES");
    }

    /// @return of characters that a cookie may have
    String seal(String text, Instant now) {
        var nonce = new byte[NONCE_OCTETS];
        random.nextBytes(nonce);
        var plain = ByteBuffer.allocate(Long.BYTES + text.getBytes(StandardCharsets.UTF_8).length)
                .putLong(now.getEpochSecond())
                .put(text.getBytes(StandardCharsets.UTF_8));
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain.array());
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(ByteBuffer.allocate(nonce.length + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /// Empty for what we did not seal, or longer ago than `ageMax`.
    Optional<String> open(String sealed, Instant now, Duration ageMax) {
        try {
            var octets = Base64.getUrlDecoder().decode(sealed);
            if (octets.length <= NONCE_OCTETS) {
                return Optional.empty();
            }
            var plain = ByteBuffer.wrap(cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(octets, NONCE_OCTETS))
                    .doFinal(octets, NONCE_OCTETS, octets.length - NONCE_OCTETS));
            var at = Instant.ofEpochSecond(plain.getLong());
            return at.plus(ageMax).isAfter(now)
                    ? Optional.of(StandardCharsets.UTF_8.decode(plain).toString())
                    : Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
