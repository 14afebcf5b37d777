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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a whole request to its route, through everything that may refuse it first.
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    static final String CSRF_HEADER = "X-CSRF-Token";
    /// On each answer of the API that was made just now: the id of an event whose news, and that of all before
    /// it, the answer holds. Who goes on from there with `Last-Event-ID` misses nothing. An answer that is kept
    /// under its key has none: it may be a day old.
    static final String EVENT_HEADER = "Parley-Event";

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final Routes routes;
    private final Callers callers;
    private final Idempotency idempotency;
    private final Pages pages;
    private final EventLog events;
    private final Deeds deeds;
    private final Audit audit;

    Router(
            Routes routes,
            Pages pages,
            Callers callers,
            Idempotency idempotency,
            EventLog events,
            Deeds deeds,
            Audit audit) {
        this.routes = routes;
        this.pages = pages;
        this.callers = callers;
        this.idempotency = idempotency;
        this.events = events;
        this.deeds = deeds;
        this.audit = audit;
    }

    /// The names of the routes that the audit log tells of.
    Set<String> audited() {
        return routes.all().stream()
                .filter(route -> route.audited.isPresent())
                .map(route -> route.name)
                .collect(Collectors.toSet());
    }

    Match match(String method, String path) {
        return routes.match(method, path);
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
    Admission admit(Request head, Match match) {
        return switch (match) {
            case Match.Found(var route, var _) -> {
                Request[] admitted = new Request[1];
                var refusal = guarded(head, () -> {
                    admitted[0] = admitted(head, route);
                    return Response.nothing();
                });
                yield admitted[0] == null ? new Admission.Ended(refusal) : new Admission.Admitted(admitted[0]);
            }
            case Match.OtherMethod(var allow)
            when head.method().equals("OPTIONS") ->
                new Admission.Ended(Response.nothing().with("Allow", allow));
            case Match.OtherMethod(var allow) ->
                new Admission.Ended(
                        Response.problem(Problems.method(head.method(), allow)).with("Allow", allow));
            case Match.Nowhere _ ->
                new Admission.Ended(guarded(
                        head,
                        () -> pages.outsideTheRoutes(head).orElseGet(() -> Response.problem(Problems.nowhere()))));
            case Match.Malformed _ -> throw new IllegalStateException("a malformed path is refused before");
        };
    }

    private Request admitted(Request anonymous, Route route) {
        requireOwnOrigin(anonymous);
        var request = identified(anonymous, route);
        requireKnownParameters(request, route);
        requireMediaType(request, route);
        return request;
    }

    /// Answers a request that was admitted. Never throws, but for an interrupt.
    Response answer(Request request, Route route) throws InterruptedException {
        return guarded(request, () -> {
            if (request.caller().isEmpty()) {
                return deeds.answer(request, route);
            }
            var key = request.header(Idempotency.HEADER);
            if (key.isPresent() && request.method().equals("POST")) {
                return idempotency.answer(request, key.get(), route);
            }
            var asOf = Long.toString(events.asOf()); // before anything is read
            return deeds.answer(request, route).with(EVENT_HEADER, asOf);
        });
    }

    @FunctionalInterface
    private interface Step<E extends Exception> {
        Response run() throws E;
    }

    private static <E extends Exception> Response guarded(Request request, Step<E> step) throws E {
        try {
            return step.run();
        } catch (Refused e) {
            return e.response();
        } catch (StoreUnavailable e) {
            LOG.debug("{} {} not answered: {}", request.method(), request.path(), e.getMessage());
            return Response.problem(Problems.storeUnavailable());
        } catch (RuntimeException e) {
            var reference = Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
            LOG.error("{} {} failed reference={}", request.method(), request.path(), reference, e);
            return Response.problem(Problems.internal(reference));
        }
    }

    // ---- who is it ----

    private Request identified(Request request, Route route) {
        if (route.access() == Route.Access.ANYBODY) {
            return request;
        }
        var caller = Callers.credential(request)
                .flatMap(callers::of)
                .orElseThrow(() -> new Refused(Problems.unauthenticated()));
        var known = request.by(caller);
        try {
            if (caller.session().isPresent() && !SAFE.contains(request.method())) {
                requireCsrf(request, caller.session().get().csrf());
            }
            if (route.access() == Route.Access.ADMIN && !caller.account().isAdmin()) {
                throw new Refused(Problem.forbidden("Only an admin may do this."));
            }
        } catch (Refused e) {
            audit.forbidden(known, route);
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

    private static void requireKnownParameters(Request request, Route route) {
        for (var name : request.parameters().keySet()) {
            if (!route.parameters.containsKey(name)) {
                var known = String.join(", ", route.parameters.keySet());
                throw new Refused(Problems.badField(
                        name,
                        "unknown-parameter",
                        "There is no parameter " + name + " here" + (known.isEmpty() ? "." : "; known are " + known + ".")));
            }
        }
    }

    private static void requireMediaType(Request request, Route route) {
        if (route.takes.isEmpty() || !request.hasBody()) {
            return;
        }
        var given = request.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        var type = given.split(";", 2)[0].strip();
        boolean utf8 = !given.contains("charset") || given.replace("\"", "").contains("charset=utf-8");
        switch (route.takes.get()) {
            case Takes.Json _ -> {
                boolean json = type.equals(Response.JSON)
                        || (type.equals("application/merge-patch+json")
                                && route.method.equals("PATCH"));
                if (!json || !utf8) {
                    throw new Refused(Problems.mediaType(Response.JSON));
                }
            }
            case Takes.Csv _ -> {
                if (!type.equals("text/csv") || !utf8) {
                    throw new Refused(Problems.mediaType("text/csv"));
                }
            }
        }
    }
}
