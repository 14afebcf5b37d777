package dev.parley.http;

import dev.parley.account.Account;
import dev.parley.audit.AuditLog;
import dev.parley.audit.AuditNote;
import dev.parley.audit.AuditOutcome;
import dev.parley.http.Route.Takes;
import dev.parley.store.Tx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Tells the audit log what was done by a request, in the transaction that does it or, where it is none of ours, before
/// and behind it; always before its sender is answered.
final class Audit {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    /// Refusals of one user that are told of within [#REFUSALS_WITHIN]: who tries everything must not fill the disk.
    static final int REFUSALS_MAX = 20;

    static final Duration REFUSALS_WITHIN = Duration.ofMinutes(1);

    private final AuditLog log;
    private final Clock clock;

    /// By the user's id.
    private final Map<Long, Refusals> refusals = new ConcurrentHashMap<>();

    private record Refusals(Instant since, int count) {}

    Audit(AuditLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /// Tells of what is about to be done, and is no transaction of ours.
    void begun(Request request) {
        append(request, AuditOutcome.BEGUN);
    }

    private void append(Request request, AuditOutcome outcome) {
        note(request, request.path(), outcome, Optional::empty).ifPresent(log::append);
    }

    /// Tells of who may not do what a route does.
    ///
    /// @param request says who sent it
    void forbidden(Request request) {
        if (isToldOf(request)) {
            append(request, AuditOutcome.REFUSED);
        }
    }

    private boolean isToldOf(Request request) {
        if (request.caller().isEmpty()) {
            return true; // sign-ins have a bound of their own
        }
        long user = request.user().id();
        var now = clock.instant();
        var told = refusals.compute(
                user,
                (_, before) -> before == null || !now.isBefore(before.since.plus(REFUSALS_WITHIN))
                        ? new Refusals(now, 1)
                        : new Refusals(before.since, before.count + 1));
        if (told.count == REFUSALS_MAX + 1) {
            LOG.warn("user={} is refused so often that the audit log does not tell of each", user);
        }
        return told.count <= REFUSALS_MAX;
    }

    /// Tells of what was done, or was refused, behind it.
    ///
    /// @param response what the route answered
    void note(Request request, Response response) {
        written(request, response).ifPresent(log::append);
    }

    /// The same, in the transaction that did it.
    void note(Tx tx, Request request, Response response) {
        written(request, response).ifPresent(note -> log.append(tx, note));
    }

    private Optional<AuditNote> written(Request request, Response response) {
        boolean done = response.status() < 400;
        if (response.header("Idempotent-Replayed").isPresent()
                || !(done || response.status() == 401 || response.status() == 403)
                || !(done || isToldOf(request))) {
            return Optional.empty();
        }
        return note(
                request,
                response.header("Location").orElse(request.path()),
                done ? AuditOutcome.DONE : AuditOutcome.REFUSED,
                () -> Ids.parse(json(response.body()).path("user").path("id").asString("")));
    }

    /// Empty for what nobody has to answer for.
    ///
    /// @param signedIn who it is that a request signed in
    private static Optional<AuditNote> note(
            Request request, String target, AuditOutcome outcome, Supplier<Optional<Long>> signedIn) {
        var route = request.route();
        if (route.audited.isEmpty()) {
            return Optional.empty();
        }
        var wanted = route.audited.get();
        // As long as it may be: what is padded with blanks is told of all the same.
        var body = route.takes.filter(Takes.Json.class::isInstance).isPresent()
                ? json(request.body())
                : Json.mapper().missingNode();
        if (!wanted.onlyWith().isEmpty() && wanted.onlyWith().stream().noneMatch(body::has)) {
            return Optional.empty();
        }
        var detail = new LinkedHashMap<String, Object>();
        for (var name : body.propertyNames()) {
            detail.put(name, wanted.members().contains(name) ? body.get(name) : Map.of("given", true));
        }
        request.variables().forEach(detail::putIfAbsent);
        var account = request.caller().map(Caller::account);
        return Optional.of(new AuditNote(
                account.map(Account::id).or(signedIn),
                account.map(Account::name).orElseGet(() -> body.path("username").asString("")),
                route.name,
                target,
                outcome,
                request.from().getHostAddress(),
                Json.mapper().writeValueAsString(detail)));
    }

    /// Missing for what is no JSON.
    private static JsonNode json(byte[] octets) {
        try {
            return octets.length == 0
                    ? Json.mapper().missingNode()
                    : Json.mapper().readTree(new String(octets, StandardCharsets.UTF_8));
        } catch (JacksonException _) {
            return Json.mapper().missingNode();
        }
    }
}
