package dev.parley.line;

import java.util.List;
import java.util.Map;

/// A line as the configuration has it; see [Line].
public record LineSettings(
        String number, String name, String country, List<String> links, Map<String, Integer> weights) {
    public LineSettings {
        links = List.copyOf(links);
        weights = Map.copyOf(weights);
    }

    /// A line whose links go by their order alone.
    public LineSettings(String number, String name, String country, List<String> links) {
        this(number, name, country, links, Map.of());
    }
}
