package dev.parley.account;

import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PasswordsTest {
    private final Passwords passwords = new Passwords(new SecureRandom());

    /// Made by the reference implementation: `echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -l 32 -e`
    /// (test.c of
    /// phc-winner-argon2 has the same vector).
    private static final String REFERENCE =
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

    @Test
    void verifiesAHashOfTheReferenceImplementationAndWantsItRenewed() {
        assertEquals(Passwords.Verdict.RIGHT_BUT_OLD, passwords.check(Optional.of(REFERENCE), "password"));
        assertEquals(Passwords.Verdict.WRONG, passwords.check(Optional.of(REFERENCE), "Password"));
    }

    @Test
    void hashesOfOnePasswordDifferAndBothVerify() {
        var one = passwords.hash("pässword one");
        var two = passwords.hash("pässword one");
        assertNotEquals(one, two);
        assertTrue(one.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), one);
        assertEquals(Passwords.Verdict.RIGHT, passwords.check(Optional.of(one), "pässword one"));
        assertEquals(Passwords.Verdict.RIGHT, passwords.check(Optional.of(two), "pa\u0308ssword one"));
        assertEquals(Passwords.Verdict.WRONG, passwords.check(Optional.empty(), "pässword one"));
    }
}
