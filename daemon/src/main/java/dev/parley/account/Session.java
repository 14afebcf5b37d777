package dev.parley.account;

import java.time.Instant;

/// A signed-in browser.
///
/// @param id names it in lists; its secret stands in the cookie alone
/// @param csrf what the page must send in a header with each unsafe request; a foreign page cannot read
/// it
/// @param expiresAt when it ends unless it is used before
public record Session(long id, Account account, String csrf, Instant expiresAt) {
    @Override
    public String toString() {
        return "Session[id=" + id + ", account=" + account + ", expiresAt=" + expiresAt + "]";
    }
}
