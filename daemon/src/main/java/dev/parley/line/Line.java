package dev.parley.line;

import java.util.List;
import java.util.Map;

/// A business phone number that people text.
///
/// @param number E.164 with `+`
/// @param country ISO 3166-1 alpha-2, upper case: how national numbers are read on this line
/// @param links the names of its links in order of preference; empty for a line that is not configured any
/// more
/// @param weights of those links that share its texts by weight; the others take them only while none of those can
public record Line(
        long id, String number, String name, String country, List<String> links, Map<String, Integer> weights) {
    public Line {
        links = List.copyOf(links);
        weights = Map.copyOf(weights);
    }
}
