package dev.parley.line;

import java.util.List;

/// A business phone number that people text.
///
/// @param number E.164 with `+`
/// @param country ISO 3166-1 alpha-2, upper case: how national numbers are read on this line
/// @param links the names of its links in order of preference; empty for a line that is not configured any
/// more
public record Line(long id, String number, String name, String country, List<String> links) {
    public Line {
        links = List.copyOf(links);
    }
}
