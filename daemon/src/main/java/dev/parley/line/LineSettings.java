package dev.parley.line;

import java.util.List;

/// A line as the configuration has it; see [Line].
public record LineSettings(String number, String name, String country, List<String> links) {
    public LineSettings {
        links = List.copyOf(links);
    }
}
