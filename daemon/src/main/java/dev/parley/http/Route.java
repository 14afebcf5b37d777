package dev.parley.http;

import dev.parley.conversation.Page;
import dev.parley.problem.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One row of the route table: how a request is answered, and what the reference says of it. It stands in the table
/// once its last word is said: what answers.
final class Route {

    /// Bodies of JSON. The largest honest one is a text for 255 parts, or nine participants.
    static final int OCTETS_MAX = 1 << 20;

    private static final Parameter LIMIT =
            new Parameter("limit", Parameter.Kind.NUMBER, "How many items at most; 50, at most " + Paging.MAX + ".");
    private static final Parameter CURSOR = new Parameter(
            "cursor", Parameter.Kind.TEXT, "What the page before gave as `next`; left out for the first.");

    private final Routes.Group group;
    final String method;
    final PathPattern pattern;

    /// Unique; the reference's `operationId`.
    final String name;

    String summary = "";
    final Map<String, Parameter> parameters = new LinkedHashMap<>();

    /// What its body is; empty where it has none.
    Optional<Takes> takes = Optional.empty();

    int octetsMax = OCTETS_MAX;

    /// Of the answer when all goes well.
    int status = 200;

    Shape answers = new Shape.Nothing();

    /// What other statuses come with.
    Map<Integer, Shape> alsoAnswers = Map.of();

    /// Whether its work is more than the database's, so that it may not hold up the writer.
    boolean apart;

    /// Whether its work is a few looks at memory and a place in the writer's next transaction, for which many
    /// may wait at once.
    boolean quick;

    /// Empty for what nobody has to answer for.
    Optional<Audited> audited = Optional.empty();

    Preparation preparation = _ -> _ -> Response.nothing(); // until its last word

    Route(Routes.Group group, String method, String pattern, String name) {
        this.group = group;
        this.method = method;
        this.pattern = PathPattern.of(pattern);
        this.name = name;
    }

    /// That the audit log tells of it.
    ///
    /// @param members of the body whose values it tells; of others only that they were there
    /// @param onlyWith members one of which must be there for it to be told at all; empty for always
    record Audited(List<String> members, List<String> onlyWith) {}

    enum Access {
        ANYBODY,
        USER,
        ADMIN
    }

    /// A parameter of the query.
    record Parameter(String name, Kind kind, String says) {
        enum Kind {
            TEXT,
            NUMBER,
            FLAG,
            TIME
        }
    }

    /// A body that a route takes.
    sealed interface Takes {

        /// JSON, read into this record.
        ///
        /// @param required false where every field may be left out, and then the body, too
        record Json(Class<? extends Record> type, boolean required) implements Takes {}

        record Csv(String says) implements Takes {}
    }

    /// Answers a request. Runs on a virtual thread and may block. Where the request has an
    /// `Idempotency-Key`, or the audit log tells of it, and the route is not [Route#apart], it runs on
    /// the writer's thread: it does not wait for anything but the database, may run more than once and
    /// is rolled back but the last time, so that it changes nothing else.
    @FunctionalInterface
    interface Handler {
        Response answer(Request request) throws InterruptedException;
    }

    /// Does what of a request's work takes long and changes nothing: looks up a name, checks a
    /// password. Runs on the request's own thread, once, and never on the writer's. What it returns
    /// does the rest.
    @FunctionalInterface
    interface Preparation {
        Handler prepare(Request request) throws InterruptedException;
    }

    /// Asks a service for what a request wants, as a [Handler] does.
    @FunctionalInterface
    interface Asking<T> {
        Outcome<T> ask(Request request) throws InterruptedException;
    }

    /// The same with something besides: the body that was read, or the page that is wanted.
    @FunctionalInterface
    interface With<A, R> {
        R run(Request request, A besides) throws InterruptedException;
    }

    Route says(String sentence) {
        summary = sentence;
        return this;
    }

    Route parameter(String parameter, Parameter.Kind kind, String sentence) {
        return parameter(new Parameter(parameter, kind, sentence));
    }

    private Route parameter(Parameter parameter) {
        parameters.put(parameter.name, parameter);
        return this;
    }

    /// See [#apart].
    Route apart() {
        apart = true;
        return this;
    }

    /// See [#quick].
    Route quick() {
        quick = true;
        return this;
    }

    Route paged() {
        return parameter(LIMIT).parameter(CURSOR);
    }

    Route takesCsv(String sentence, int octets) {
        takes = Optional.of(new Takes.Csv(sentence));
        octetsMax = octets;
        return this;
    }

    /// Told in the audit log, with the values of these members of its body: never a secret, a text
    /// or a number.
    Route audited(String... members) {
        audited = Optional.of(new Audited(List.of(members), List.of()));
        return this;
    }

    /// Told in the audit log if one of these members is in its body.
    Route auditedWith(String... members) {
        audited = Optional.of(new Audited(List.of(members), List.of(members)));
        return this;
    }

    Route answers(int status, Shape shape) {
        this.status = status;
        this.answers = shape;
        return this;
    }

    Route answers(int status, Class<?> type) {
        return answers(status, new Shape.Of(type));
    }

    /// Another status.
    Route alsoAnswers(int other, Shape shape) {
        alsoAnswers = Map.of(other, shape);
        return this;
    }

    <B extends Record> Typed<B> takes(Class<B> body) {
        takes = Optional.of(new Takes.Json(body, true));
        return new Typed<>(body);
    }

    /// A body that may be left out.
    <B extends Record> Typed<B> mayTake(Class<B> body) {
        takes = Optional.of(new Takes.Json(body, false));
        return new Typed<>(body);
    }

    /// The heading it stands under.
    String tag() {
        return group.tag();
    }

    Access access() {
        return group.access();
    }

    // ---- the last word ----

    /// One object, or why there is none.
    <T> void answers(Class<T> type, Asking<T> asking) {
        answers(200, type).asks(asking);
    }

    /// A page of a list of these, or why there is none.
    <T> void pages(Class<T> item, Asking<Page<T>> asking) {
        paged().answers(200, new Shape.PageOf(item)).asks(asking);
    }

    <T> void pages(Class<T> item, With<Paging, Page<T>> turning) {
        pages(item, request -> Outcome.done(turning.run(request, request.paging())));
    }

    /// That it is done, with nothing to tell.
    <T> void ends(Asking<T> asking) {
        answers(204, new Shape.Nothing()).by(request -> Response.of(asking.ask(request), _ -> Response.nothing()));
    }

    private <T> void asks(Asking<T> asking) {
        by(request -> Response.of(asking.ask(request), Response::ok));
    }

    void by(Handler handler) {
        prepared(_ -> handler);
    }

    /// Work of two steps.
    void prepared(Preparation preparation) {
        this.preparation = preparation;
        group.table().add(this);
    }

    /// A row whose body is read into a record, with the same last words.
    final class Typed<B extends Record> {
        private final Class<B> type;

        private Typed(Class<B> type) {
            this.type = type;
        }

        private B body(Request request) {
            return Bodies.read(request.body(), type);
        }

        <T> void answers(Class<T> answer, With<B, Outcome<T>> asking) {
            Route.this.answers(answer, request -> asking.run(request, body(request)));
        }

        void by(With<B, Response> handling) {
            Route.this.by(request -> handling.run(request, body(request)));
        }

        void prepared(With<B, Handler> preparing) {
            Route.this.prepared(request -> preparing.run(request, body(request)));
        }
    }
}
