package dev.parley.conversation;

import java.util.List;
import java.util.Map;

/// How it was decided which conversation an inbound text belongs to.
///
/// @param how a stable word: `only`, `tag`, `inferred`, `answered`, `moved`, `direct`, `unrouted`, …
/// @param candidates ids of the conversations it could have belonged to
/// @param evidence what the decision stands on, as JSON can write it
public record Routing(String how, List<Long> candidates, Map<String, Object> evidence) {
    public Routing {
        candidates = List.copyOf(candidates);
        evidence = Map.copyOf(evidence);
    }
}
