package dev.parley.inbox;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// How the inbox behaves.
///
/// @param patience how long an incomplete text waits for its missing parts before it is given on without
/// them
/// @param redelivery how long a PDU over SMPP whose acknowledgement was not confirmed is recognised when
/// it comes again; a modem's copies are recognised by what they say, because they carry the SMSC's time
/// ([CopyKey])
/// @param poll how often incomplete texts are looked at
/// @param accounts by the link's name, the same word for links that are bound to one SMPP account: its
/// SMSC gives a text to any of them. A link that is not here has an account, or a SIM, of its own.
public record InboxSettings(Duration patience, Duration redelivery, Duration poll, Map<String, String> accounts) {
    public InboxSettings {
        accounts = Map.copyOf(accounts);
    }

    public static InboxSettings of(Map<String, String> accounts) {
        return new InboxSettings(Duration.ofHours(24), Duration.ofDays(3), Duration.ofSeconds(30), accounts);
    }

    String account(String link) {
        return accounts.getOrDefault(link, link);
    }

    /// The links of an account, this one among them.
    public Set<String> ofAccount(String link) {
        var account = account(link);
        var links = accounts.entrySet().stream()
                .filter(other -> other.getValue().equals(account))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        links.add(link);
        return links;
    }
}
