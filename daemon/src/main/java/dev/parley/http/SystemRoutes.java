package dev.parley.http;

import dev.parley.link.Link;
import dev.parley.problem.Outcome;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What operators, monitors and readers of the reference ask.
final class SystemRoutes {
    private final Services services;
    private final Callers callers;
    private final Pages pages;

    SystemRoutes(Services services, Callers callers, Pages pages) {
        this.services = services;
        this.callers = callers;
        this.pages = pages;
    }

    record Health(String status) {}

    /// @param status `ready`, or `not-ready` with the status 503
    /// @param database `up` or `down`
    /// @param queue `up` or `down`
    /// @param links how they are, for users alone; they do not decide
    record Readiness(String status, String database, String queue, List<LinkState> links) {}

    /// @param lease `held` by this process, or `lost`: another one drives the link, or nobody does
    record LinkState(
            String name,
            String kind,
            String state,
            @OneOf({"held", "lost"}) String lease) {}

    void addTo(Routes routes) {
        var group = routes.group("Operation").openToAnybody();
        group.get("/healthz", "health")
                .says("Whether the process answers.")
                .answers(Health.class, _ -> Outcome.done(new Health("ok")));
        group.get("/readyz", "readiness")
                .says("Whether it can take messages: database and send queue. 503 when not. Users are told of each link"
                        + " too, and whether this process holds its lease.")
                .answers(200, Readiness.class)
                .alsoAnswers(503, new Shape.Of(Readiness.class))
                .by(this::readiness);
        group.get("/metrics", "metrics")
                .says("Metrics for Prometheus. Open to this machine; from elsewhere, or through a proxy, to users.")
                .answers(200, new Shape.Plain("text/plain"))
                .by(this::metrics);
        group.get("/openapi.json", "openapi")
                .says("This reference as OpenAPI 3.1.")
                .answers(200, new Shape.Plain("application/json"))
                .by(_ -> reference(routes).document);
        group.get("/docs", "docs")
                .says("This reference as a page.")
                .answers(200, new Shape.Plain("text/html"))
                .by(_ -> reference(routes).page);
        group.get("/", "index")
                .says("The page. So is every other path that is none of the API, for whom asks for text/html.")
                .answers(200, new Shape.Plain("text/html"))
                .by(pages::index);
        group.get("/assets/{name}", "asset")
                .says("What this reference is shown with.")
                .answers(200, new Shape.Plain("text/css"))
                .by(pages::asset);
    }

    /// The reference in both forms. It does not change while the program runs, and anybody may ask for it.
    private record Written(Response document, Response page) {}

    private @Nullable Written written; // under `this`

    private synchronized Written reference(Routes routes) {
        var known = written;
        if (known == null) {
            var document = new OpenApi(routes.all()).document();
            known = new Written(Response.ok(document), pages.html(new ReferencePage(document).html()));
            written = known;
        }
        return known;
    }

    private Response readiness(Request request) {
        boolean database = services.store().isUp();
        boolean queue = services.queueIsWell().getAsBoolean();
        // While the database is away nobody can be known, and a monitor still wants its answer.
        var links = database && isUser(request)
                ? services.links().stream().map(this::state).toList()
                : List.<LinkState>of();
        boolean ready = database && queue;
        return Response.json(
                ready ? 200 : 503,
                new Readiness(ready ? "ready" : "not-ready", database ? "up" : "down", queue ? "up" : "down", links));
    }

    private LinkState state(Link link) {
        return new LinkState(
                link.name(),
                link.kind().label(),
                link.status().state().label(),
                services.heldLeases().test(link.name()) ? "held" : "lost");
    }

    private boolean isUser(Request request) {
        return Callers.credential(request).flatMap(callers::of).isPresent();
    }

    /// What this machine is called by itself. A name with a dot may be anybody's, and lead a browser here that then
    /// takes what is here for that site's own (DNS rebinding).
    private static final Pattern OURSELVES =
            Pattern.compile("(?:[0-9.]+|\\[[0-9a-fA-F:.]+]|(?:[^.:]+\\.)?localhost|[^.:]*)(?::[0-9]*)?");

    /// A proxy on this machine is not this machine: it says for whom it asks.
    private Response metrics(Request request) {
        boolean local = request.from().isLoopbackAddress()
                && OURSELVES.matcher(request.header("Host").orElse("")).matches()
                && request.header("X-Forwarded-For").isEmpty()
                && request.header("Forwarded").isEmpty();
        if (!local && !isUser(request)) {
            return Response.problem(Problems.UNAUTHENTICATED);
        }
        return Response.text(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                withoutUnknown(services.metrics().scrape()));
    }

    /// A value that is not known has no line: a NaN would turn every sum that it is part of into NaN,
    /// and an alert that compares it into silence.
    private static String withoutUnknown(String metrics) {
        return metrics.lines().filter(line -> !line.endsWith(" NaN")).collect(Collectors.joining("\n", "", "\n"));
    }
}
