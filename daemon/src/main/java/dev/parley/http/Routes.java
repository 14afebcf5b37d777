package dev.parley.http;

import dev.parley.http.Route.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The route table. Requests are dispatched by it, the reference and the labels of the metrics
/// come from it.
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    List<Route> all() {
        return List.copyOf(routes);
    }

    /// What is at a path.
    sealed interface Match {

        record Found(Route route, Map<String, String> variables) implements Match {}

        /// Something else is there.
        ///
        /// @param allow the methods that the path takes, for the header `Allow`
        record OtherMethod(String allow) implements Match {}

        record Nowhere() implements Match {}
    }

    /// `HEAD` is `GET` without the body (RFC 9110 §9.3.2).
    Match match(String method, String path) {
        var segments = PathPattern.segmentsOf(path);
        var sought = method.equals("HEAD") ? "GET" : method;
        var others = new TreeSet<String>();
        for (var route : routes) {
            var variables = route.pattern.match(segments);
            if (variables.isPresent()) {
                if (route.method.equals(sought)) {
                    return new Match.Found(route, variables.get());
                }
                others.add(route.method);
            }
        }
        if (others.isEmpty()) {
            return new Match.Nowhere();
        }
        if (others.contains("GET")) {
            others.add("HEAD");
        }
        others.add("OPTIONS");
        return new Match.OtherMethod(String.join(", ", others));
    }

    /// The rows that stand under one heading, for users.
    Group group(String tag) {
        return new Group(routes, tag, Access.USER);
    }

    /// Rows of the table under one heading.
    record Group(List<Route> table, String tag, Access access) {

        Group openToAnybody() {
            return new Group(table, tag, Access.ANYBODY);
        }

        Group forAdmins() {
            return new Group(table, tag, Access.ADMIN);
        }

        Route get(String pattern, String name) {
            return new Route(this, "GET", pattern, name);
        }

        Route post(String pattern, String name) {
            return new Route(this, "POST", pattern, name);
        }

        Route patch(String pattern, String name) {
            return new Route(this, "PATCH", pattern, name);
        }

        Route delete(String pattern, String name) {
            return new Route(this, "DELETE", pattern, name);
        }
    }
}
