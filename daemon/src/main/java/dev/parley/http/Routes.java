package dev.parley.http;

import dev.parley.http.Route.Access;
import dev.parley.http.Route.Handler;
import dev.parley.http.Route.Parameter;
import dev.parley.http.Route.Takes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The route table. Requests are dispatched by it, the reference and the labels of the metrics
/// come from it.
final class Routes {

    static final Parameter LIMIT =
            new Parameter("limit", Parameter.Kind.NUMBER, "How many items at most; 50, at most " + Paging.MAX + ".");
    static final Parameter CURSOR = new Parameter(
            "cursor", Parameter.Kind.TEXT, "What the page before gave as `next`; left out for the first.");

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

        record Malformed() implements Match {}
    }

    /// `HEAD` is `GET` without the body (RFC 9110 §9.3.2).
    Match match(String method, String path) {
        var segments = PathPattern.segmentsOf(path);
        if (segments.isEmpty()) {
            return new Match.Malformed();
        }
        var sought = method.equals("HEAD") ? "GET" : method;
        var others = new TreeSet<String>();
        for (var route : routes) {
            var variables = route.pattern().match(segments.get());
            if (variables.isPresent()) {
                if (route.method().equals(sought)) {
                    return new Match.Found(route, variables.get());
                }
                others.add(route.method());
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

    /// The rows that stand under one heading.
    Group group(String tag) {
        return new Group(tag);
    }

    final class Group {
        private final String tag;

        private Group(String tag) {
            this.tag = tag;
        }

        Row get(String pattern, String name) {
            return new Row(tag, "GET", pattern, name);
        }

        Row post(String pattern, String name) {
            return new Row(tag, "POST", pattern, name);
        }

        Row patch(String pattern, String name) {
            return new Row(tag, "PATCH", pattern, name);
        }

        Row delete(String pattern, String name) {
            return new Row(tag, "DELETE", pattern, name);
        }
    }

    /// A row being written; complete with [#by] or [#prepared].
    final class Row {
        private final String tag;
        private final String method;
        private final String pattern;
        private final String name;
        private String summary = "";
        private Access access = Access.USER;
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private Optional<Takes> takes = Optional.empty();
        private int octetsMax = Route.OCTETS_MAX;
        private int status = 200;
        private Shape answers = new Shape.Nothing();
        private Map<Integer, Shape> alsoAnswers = Map.of();
        private boolean apart;
        private boolean quick;
        private Optional<Route.Audited> audited = Optional.empty();

        private Row(String tag, String method, String pattern, String name) {
            this.tag = tag;
            this.method = method;
            this.pattern = pattern;
            this.name = name;
        }

        Row says(String sentence) {
            summary = sentence;
            return this;
        }

        Row openToAnybody() {
            access = Access.ANYBODY;
            return this;
        }

        Row forAdmins() {
            access = Access.ADMIN;
            return this;
        }

        Row parameter(String parameter, Parameter.Kind kind, String sentence) {
            return parameter(new Parameter(parameter, kind, sentence));
        }

        Row parameter(Parameter parameter) {
            parameters.put(parameter.name(), parameter);
            return this;
        }

        /// See [Route#apart].
        Row apart() {
            apart = true;
            return this;
        }

        /// See [Route#quick].
        Row quick() {
            quick = true;
            return this;
        }

        Row paged() {
            return parameter(LIMIT).parameter(CURSOR);
        }

        Row takesCsv(String sentence, int octets) {
            takes = Optional.of(new Takes.Csv(sentence));
            octetsMax = octets;
            return this;
        }

        /// Told in the audit log, with the values of these members of its body: never a secret, a text
        /// or a number.
        Row audited(String... members) {
            audited = Optional.of(new Route.Audited(List.of(members), List.of()));
            return this;
        }

        /// Told in the audit log if one of these members is in its body.
        Row auditedWith(String... members) {
            audited = Optional.of(new Route.Audited(List.of(members), List.of(members)));
            return this;
        }

        Row answers(int status, Shape shape) {
            this.status = status;
            this.answers = shape;
            return this;
        }

        Row answers(int status, Class<?> type) {
            return answers(status, new Shape.Of(type));
        }

        /// Another status, with a body of the same shape.
        Row alsoAnswers(int other) {
            return alsoAnswers(other, answers);
        }

        Row alsoAnswers(int other, Shape shape) {
            alsoAnswers = Map.of(other, shape);
            return this;
        }

        <B extends Record> Typed<B> takes(Class<B> body) {
            takes = Optional.of(new Takes.Json(body, true));
            return new Typed<>(this, body);
        }

        /// A body that may be left out.
        <B extends Record> Typed<B> mayTake(Class<B> body) {
            takes = Optional.of(new Takes.Json(body, false));
            return new Typed<>(this, body);
        }

        void by(Handler handler) {
            prepared(_ -> handler);
        }

        /// Completes it with work of two steps; see [Route.Preparation].
        void prepared(Route.Preparation preparation) {
            routes.add(new Route(
                    method,
                    PathPattern.of(pattern),
                    name,
                    tag,
                    summary,
                    access,
                    List.copyOf(parameters.values()),
                    takes,
                    octetsMax,
                    status,
                    answers,
                    alsoAnswers,
                    apart,
                    quick,
                    audited,
                    preparation));
        }
    }

    /// A row whose body is read into a record.
    static final class Typed<B extends Record> {
        private final Row row;
        private final Class<B> type;

        private Typed(Row row, Class<B> type) {
            this.row = row;
            this.type = type;
        }

        Typed<B> answers(int status, Class<?> answer) {
            row.answers(status, answer);
            return this;
        }

        Typed<B> alsoAnswers(int other, Shape shape) {
            row.alsoAnswers(other, shape);
            return this;
        }

        void by(Handling<B> handling) {
            row.by(request -> handling.answer(request, Bodies.read(request.body(), type)));
        }

        /// Completes it with work of two steps; see [Route.Preparation].
        void prepared(Preparing<B> preparing) {
            row.prepared(request -> preparing.prepare(request, Bodies.read(request.body(), type)));
        }
    }

    @FunctionalInterface
    interface Handling<B extends Record> {
        Response answer(Request request, B body) throws InterruptedException;
    }

    @FunctionalInterface
    interface Preparing<B extends Record> {
        Handler prepare(Request request, B body) throws InterruptedException;
    }
}
