package dev.parley.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A message as the API shows it.
///
/// @param conversation empty while it is unrouted
/// @param kind see [MessageKind]
/// @param text empty where the user may not see every conversation that an unrouted text may belong to
/// @param routing of an inbound one
/// @param summary deliveries for each status there is among them
public record MessageView(
        String id,
        Optional<String> conversation,
        String direction,
        String kind,
        AuthorView author,
        Optional<String> text,
        Instant createdAt,
        Optional<Instant> sendAt,
        Optional<Instant> expiresAt,
        Optional<RoutingView> routing,
        List<DeliveryView> deliveries,
        Map<String, Integer> summary) {

    /// Who said it.
    ///
    /// @param name empty for a number that nobody gave a name
    /// @param number of who texted us
    /// @param display that number as people write it where the line is
    public record AuthorView(
            String kind,
            Optional<String> id,
            Optional<String> name,
            Optional<String> number,
            Optional<String> display) {}

    /// How it was decided where an inbound text belongs.
    ///
    /// @param candidates ids of conversations, those that the user may see
    /// @param evidence empty where the user may not see every candidate
    public record RoutingView(String how, List<String> candidates, Map<String, Object> evidence) {}
}
