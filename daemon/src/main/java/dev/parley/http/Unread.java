package dev.parley.http;

import dev.parley.http.Guests.Guest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// How many octets of answers are in memory because whoever asked for them does not read, of all users together and of
/// one. The users' connections displace each other: what is new finds its place, and the one whose reader has taken
/// longest loses its.
final class Unread {

    /// One user may have one of so many parts of it.
    private static final int SHARES = 2;

    private final long most;
    private long held; // this and all below under `this`
    private final Map<Long, LinkedHashMap<Guest, Integer>> byAccount = new HashMap<>();
    private final Map<Guest, Long> accounts = new HashMap<>();

    /// @param most octets in all
    Unread(long most) {
        this.most = most;
    }

    /// An answer waits for its reader. It is there as long as it takes, alone if need be.
    void waits(Guest guest, long account, int octets) {
        synchronized (this) {
            forget(guest);
            byAccount.computeIfAbsent(account, _ -> new LinkedHashMap<>()).put(guest, octets);
            accounts.put(guest, account);
            held += octets;
        }
        for (var loser = loser(guest, account); loser.isPresent(); loser = loser(guest, account)) {
            loser.get().displace();
        }
    }

    /// Takes the place of whom there is none for any more.
    private synchronized Optional<Guest> loser(Guest guest, long account) {
        var loser = of(account) > most / SHARES
                ? longest(account, guest)
                : held > most ? longest(most(), guest) : Optional.<Guest>empty();
        loser.ifPresent(this::forget);
        return loser;
    }

    private long of(long account) {
        return byAccount.getOrDefault(account, new LinkedHashMap<>()).values().stream()
                .mapToLong(octets -> octets)
                .sum();
    }

    private long most() {
        return byAccount.keySet().stream()
                .max(Comparator.comparingLong(this::of))
                .orElseThrow();
    }

    private Optional<Guest> longest(long account, Guest except) {
        return byAccount.getOrDefault(account, new LinkedHashMap<>()).keySet().stream()
                .filter(guest -> guest != except)
                .findFirst();
    }

    /// It was read, or its reader is gone.
    synchronized void ends(Guest guest) {
        forget(guest);
    }

    private void forget(Guest guest) {
        var account = accounts.remove(guest);
        if (account == null) {
            return;
        }
        var waiting = byAccount.getOrDefault(account, new LinkedHashMap<>());
        var octets = waiting.remove(guest);
        held -= octets == null ? 0 : octets;
        if (waiting.isEmpty()) {
            byAccount.remove(account);
        }
    }
}
