package dev.parley.inbox;

import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.link.Received;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Which line a text belongs to.
///
/// A modem's SIM is one number, and so is most accounts'. Where the links of several lines are bound to
/// one SMPP account, its SMSC gives a text to any of their sessions, and only its `destination_addr`
/// tells the lines apart. An SMSC writes it in whatever form, so the types of number and plan (SMPP v3.4
/// §5.2.5, §5.2.6) are not relied on.
final class Destinations {
    private final Lines lines;

    /// By the link: the lines with links of its account, where there are several.
    private final Map<String, List<Line>> shared = new HashMap<>();

    Destinations(Lines lines, InboxSettings settings) {
        this.lines = lines;
        for (var link : settings.accounts().keySet()) {
            var links = settings.ofAccount(link);
            var sharing = lines.all().stream()
                    .filter(line -> line.links().stream().anyMatch(links::contains))
                    .toList();
            if (sharing.size() > 1) {
                shared.put(link, sharing);
            }
        }
    }

    /// The line of the account that the text was sent to, or the link's own where it says no such.
    /// Digits that are one line's whole number are not read as another's in national form.
    Optional<Line> of(String link, Received.Text text) {
        var own = lines.byLink(link);
        var sharing = shared.getOrDefault(link, List.of());
        var written = text.destination().orElse("");
        if (sharing.isEmpty() || written.isBlank()) {
            return own;
        }
        return only(sharing, line -> Numbers.isInternationally(written, line.number()))
                .or(() -> own.filter(line -> Numbers.isNationally(written, line.number(), line.country())))
                .or(() -> only(sharing, line -> Numbers.isNationally(written, line.number(), line.country())))
                .or(() -> own);
    }

    private static Optional<Line> only(List<Line> lines, Predicate<Line> fits) {
        var fitting = lines.stream().filter(fits).toList();
        return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
    }
}
