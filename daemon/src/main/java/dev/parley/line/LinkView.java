package dev.parley.line;

import dev.parley.link.LinkKind;
import dev.parley.link.LinkStatus;
import java.time.Instant;
import java.util.Optional;

/// A link as the API and the events show it.
///
/// @param line the id of its line; empty for a link that belongs to none
/// @param sentence what a person should know and can do; empty where the state says it all
/// @param signalDbm received signal strength in dBm
/// @param circuit `open` while the link is handed no texts, but for a probe now and then, because
/// handing over came to nothing there; the line's other links carry on. Else `closed`
public record LinkView(
        String name,
        String kind,
        Optional<String> line,
        String state,
        String sentence,
        Instant since,
        Optional<Integer> signalDbm,
        Optional<String> operator,
        String circuit) {

    /// @param open whether its circuit is open
    public static LinkView of(String name, LinkKind kind, Optional<Line> line, LinkStatus status, boolean open) {
        return new LinkView(
                name,
                kind.label(),
                line.map(its -> Long.toString(its.id())),
                status.state().label(),
                status.sentence(),
                status.since(),
                status.signalDbm(),
                status.operator(),
                open ? "open" : "closed");
    }
}
