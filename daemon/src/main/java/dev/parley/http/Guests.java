package dev.parley.http;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The connections there are, and who may have how many of them.
///
/// A connection is a *stranger's* until somebody on it proved who it is, and *known* from then on.
/// Strangers cost an attacker nothing, so they displace each other: who comes when an address has its
/// share, or when all places are taken, gets the place of the one that has kept us waiting longest. So a
/// flood of half-open requests meets itself, and a monitor or a user who comes in the middle of it finds
/// a place, says what it wants, and is known. Known ones are never displaced; they leave a reserve of
/// places to strangers, and one user has a share of them.
final class Guests {

    /// Connections of one address of which nobody knows whose they are. Browsers open six, an office has
    /// many.
    static final int STRANGERS_OF_ADDRESS_MAX = 512;

    /// Places that known ones leave free, for monitors and for users who come.
    static final int RESERVE = 200;

    /// Connections of one user, of all its browsers and programs. One more is answered and then closed.
    static final int OF_ACCOUNT_MAX = 300;

    /// What a connection is to us.
    interface Guest {

        /// Whether it waits for a request, or in the middle of one: then it may be displaced.
        boolean keepsUsWaiting();

        /// Closes it. Called by any thread, without a lock.
        void displace();
    }

    private final int most;
    private final Proxies proxies;
    private final Map<String, LinkedHashSet<Guest>> strangers = new HashMap<>(); // this and all below under `this`
    private final Map<Guest, String> peers = new HashMap<>();
    private final Map<Guest, Long> accounts = new HashMap<>();
    private final Map<Long, Integer> ofAccount = new HashMap<>();

    /// @param most connections in all
    Guests(int most, Proxies proxies) {
        this.most = most;
        this.proxies = proxies;
    }

    /// A connection comes.
    ///
    /// @return whether there is a place for it, for which another may have had to go
    boolean arrives(Guest guest, InetAddress address) {
        Optional<Guest> displaced;
        synchronized (this) {
            var peer = Network.peer(address);
            // All that a proxy brings has the same address; whose they are is known by their requests
            // alone.
            boolean full = !proxies.trusts(address)
                    && strangers.getOrDefault(peer, new LinkedHashSet<>()).size() >= STRANGERS_OF_ADDRESS_MAX;
            displaced = full ? longest(peer) : peers.size() >= most ? longest() : Optional.empty();
            if (displaced.isEmpty() && (full || peers.size() >= most)) {
                return false;
            }
            displaced.ifPresent(this::forget);
            peers.put(guest, peer);
            strangers.computeIfAbsent(peer, _ -> new LinkedHashSet<>()).add(guest);
        }
        displaced.ifPresent(Guest::displace);
        return true;
    }

    private Optional<Guest> longest(String peer) {
        return strangers.getOrDefault(peer, new LinkedHashSet<>()).stream()
                .filter(Guest::keepsUsWaiting)
                .findFirst();
    }

    /// Of the address that has most.
    private Optional<Guest> longest() {
        return strangers.entrySet().stream()
                .sorted(Comparator.comparingInt(entry -> -entry.getValue().size()))
                .flatMap(entry -> longest(entry.getKey()).stream())
                .findFirst();
    }

    /// Somebody proved on this connection who it is.
    ///
    /// @return whether the connection may stay when that is answered
    synchronized boolean isOf(Guest guest, long account) {
        if (!peers.containsKey(guest)) {
            return false;
        }
        var before = accounts.get(guest);
        if (before != null && before == account) {
            return ofAccount.getOrDefault(account, 0) <= OF_ACCOUNT_MAX;
        }
        if (before == null && accounts.size() >= most - RESERVE) {
            return false;
        }
        if (before != null) {
            count(before, -1);
        }
        noStranger(guest);
        accounts.put(guest, account);
        count(account, 1);
        return ofAccount.getOrDefault(account, 0) <= OF_ACCOUNT_MAX;
    }

    synchronized void leaves(Guest guest) {
        forget(guest);
    }

    private void forget(Guest guest) {
        noStranger(guest);
        peers.remove(guest);
        var account = accounts.remove(guest);
        if (account != null) {
            count(account, -1);
        }
    }

    private void noStranger(Guest guest) {
        var peer = peers.getOrDefault(guest, "");
        strangers.getOrDefault(peer, new LinkedHashSet<>()).remove(guest);
        strangers.remove(peer, Set.of()); // if that was the last
    }

    private void count(long account, int more) {
        ofAccount.merge(account, more, Integer::sum);
        ofAccount.remove(account, 0);
    }
}
