package dev.parley.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A path with variables: `/api/v1/contacts/{id}`. A variable is one whole segment and not empty.
record PathPattern(String text, List<String> segments) {

    static PathPattern of(String text) {
        return new PathPattern(text, List.of(text.substring(1).split("/", -1)));
    }

    /// Whether a path is one of these.
    ///
    /// @param path decoded segments
    /// @return the variables, if the path is one of these
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        var variables = new LinkedHashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            var expected = segments.get(i);
            var given = path.get(i);
            if (isVariable(expected) && !given.isEmpty()) {
                variables.put(name(expected), given);
            } else if (!expected.equals(given)) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    List<String> variables() {
        return segments.stream()
                .filter(PathPattern::isVariable)
                .map(PathPattern::name)
                .toList();
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }

    /// The decoded segments of a path, which begins with `/`.
    static List<String> segmentsOf(String path) {
        var segments = new ArrayList<String>();
        for (var raw : path.substring(1).split("/", -1)) {
            segments.add(Percent.decoded(raw, false)
                    .orElseThrow(() -> new Refused(Problems.badField(
                            "path", "bad-encoding", "The path is not well-formed percent-encoded UTF-8."))));
        }
        return segments;
    }
}
