package dev.parley.http;

import dev.parley.event.EventLog;
import dev.parley.http.Route.Takes;
import dev.parley.http.Routes.Match;
import dev.parley.problem.Problem;
import dev.parley.store.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a whole request to its route, through everything that may refuse it first.
record Router(
        Routes routes,
        Pages pages,
        Callers callers,
        Idempotency idempotency,
        EventLog events,
        Deeds deeds,
        Audit audit) {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    static final String CSRF_HEADER = "X-CSRF-Token";
    /// On each answer of the API that was made just now: the id of an event whose news, and that of all before
    /// it, the answer holds. Who goes on from there with `Last-Event-ID` misses nothing. An answer that is kept
    /// under its key has none: it may be a day old.
    static final String EVENT_HEADER = "Parley-Event";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    /// The names of the routes that the audit log tells of.
    Set<String> audited() {
        return routes.all().stream()
                .filter(route -> route.audited.isPresent())
                .map(route -> route.name)
                .collect(Collectors.toSet());
    }

    /// Whether a request goes on to its route, and its body may come.
    sealed interface Admission {

        /// @param request says who sent it, where the route is for users
        record Admitted(Request request) implements Admission {}

        /// It is answered already, most likely refused.
        record Ended(Response response) implements Admission {}
    }

    /// Finds out who sent a request, and whether they may do what it wants, by its head alone. Never
    /// throws, but for an interrupt.
    Admission admit(Request head) {
        return guarded(head, Admission.Ended::new, () -> switch (head.match()) {
            case Match.Found _ -> new Admission.Admitted(admitted(head));
            case Match.OtherMethod(var allow)
            when head.method().equals("OPTIONS") ->
                new Admission.Ended(Response.nothing().with("Allow", allow));
            case Match.OtherMethod(var allow) ->
                new Admission.Ended(
                        Response.problem(Problems.method(head.method(), allow)).with("Allow", allow));
            case Match.Nowhere _ ->
                new Admission.Ended(pages.outsideTheRoutes(head).orElseGet(() -> Response.problem(Problems.NOWHERE)));
        });
    }

    private Request admitted(Request anonymous) {
        requireOwnOrigin(anonymous);
        var request = identified(anonymous);
        requireKnownParameters(request);
        requireMediaType(request);
        return request;
    }

    /// Answers a request that was admitted. Never throws, but for an interrupt.
    Response answer(Request request) throws InterruptedException {
        return guarded(request, response -> response, () -> {
            if (request.caller().isEmpty()) {
                return deeds.answer(request);
            }
            var key = request.header(Idempotency.HEADER);
            if (key.isPresent() && request.method().equals("POST")) {
                return idempotency.answer(request, key.get());
            }
            var asOf = Long.toString(events.asOf()); // before anything is read
            return deeds.answer(request).with(EVENT_HEADER, asOf);
        });
    }

    @FunctionalInterface
    private interface Step<T, E extends Exception> {
        T run() throws E;
    }

    private static <T, E extends Exception> T guarded(Request request, Function<Response, T> refused, Step<T, E> step)
            throws E {
        try {
            return step.run();
        } catch (Refused e) {
            return refused.apply(e.response());
        } catch (StoreUnavailable e) {
            LOG.debug("{} {} not answered: {}", request.method(), request.path(), e.getMessage());
            return refused.apply(Response.problem(Problems.STORE_UNAVAILABLE));
        } catch (RuntimeException e) {
            var reference = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
            LOG.error("{} {} failed reference={}", request.method(), request.path(), reference, e);
            return refused.apply(Response.problem(Problems.internal(reference)));
        }
    }

    // ---- who is it ----

    private Request identified(Request request) {
        var access = request.route().access();
        if (access == Route.Access.ANYBODY) {
            return request;
        }
        var caller = Callers.credential(request)
                .flatMap(callers::of)
                .orElseThrow(() -> new Refused(Problems.UNAUTHENTICATED));
        var known = request.by(Optional.of(caller));
        try {
            if (caller.session().isPresent() && !SAFE.contains(request.method())) {
                requireCsrf(request, caller.session().get().csrf());
            }
            if (access == Route.Access.ADMIN && !caller.account().isAdmin()) {
                throw new Refused(Problem.forbidden("Only an admin may do this."));
            }
        } catch (Refused e) {
            audit.forbidden(known);
            throw e;
        }
        return known;
    }

    // ---- is it from our own page ----

    /// A browser tells where an unsafe request comes from. A page of somebody else's must not
    /// even sign in here.
    private static void requireOwnOrigin(Request request) {
        if (SAFE.contains(request.method())) {
            return;
        }
        var origin = request.header("Origin");
        boolean foreign = origin.isPresent()
                && !origin.get()
                        .replaceFirst("^[a-z]+://", "")
                        .equalsIgnoreCase(request.header("Host").orElse(""));
        if (foreign
                || request.header("Sec-Fetch-Site").filter("cross-site"::equals).isPresent()) {
            throw new Refused(new Problem(
                    403,
                    "foreign-origin",
                    "This request was made by a page from " + origin.orElse("another site")
                            + ", which may not act here."));
        }
    }

    private static void requireCsrf(Request request, String csrf) {
        var given = request.header(CSRF_HEADER).orElse("");
        if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), csrf.getBytes(StandardCharsets.UTF_8))) {
            throw new Refused(new Problem(
                    403,
                    "csrf",
                    "With a session cookie, send the header " + CSRF_HEADER
                            + " with the csrf that GET /api/v1/session answers.",
                    Optional.of(CSRF_HEADER)));
        }
    }

    // ---- is its form right ----

    private static void requireKnownParameters(Request request) {
        var parameters = request.route().parameters;
        for (var name : request.parameters().keySet()) {
            if (!parameters.containsKey(name)) {
                var known = String.join(", ", parameters.keySet());
                throw new Refused(Problems.badField(
                        name,
                        "unknown-parameter",
                        "There is no parameter " + name + " here"
                                + (known.isEmpty() ? "." : "; known are " + known + ".")));
            }
        }
    }

    private static void requireMediaType(Request request) {
        var route = request.route();
        if (route.takes.isEmpty() || !request.hasBody()) {
            return;
        }
        var given = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        var type = given.split(";", 2)[0].strip();
        boolean utf8 = !given.contains("charset") || given.replace("\"", "").contains("charset=utf-8");
        var expected = switch (route.takes.get()) {
            case Takes.Json _ -> Response.JSON;
            case Takes.Csv _ -> "text/csv";
        };
        boolean patch = route.method.equals("PATCH") && type.equals("application/merge-patch+json");
        if (!utf8 || !(type.equals(expected) || patch)) {
            throw new Refused(Problems.mediaType(expected));
        }
    }
}
