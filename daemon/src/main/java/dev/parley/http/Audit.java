package dev.parley.http;

import dev.parley.account.Account;
import dev.parley.audit.AuditLog;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Tells the audit log what was done by a request, before its sender is answered.
final class Audit {
    private final AuditLog log;

    Audit(AuditLog log) {
        this.log = log;
    }

    /// @param response what the route answered
    void note(Request request, Route route, Response response) {
        if (route.audited().isEmpty()
                || response.header("Idempotent-Replayed").isPresent()
                || !(response.status() < 400 || response.status() == 401 || response.status() == 403)) {
            return;
        }
        var wanted = route.audited().get();
        var body = json(request.body());
        if (!wanted.onlyWith().isEmpty() && wanted.onlyWith().stream().noneMatch(body::has)) {
            return;
        }
        var detail = new LinkedHashMap<String, Object>();
        for (var name : body.propertyNames()) {
            detail.put(name, wanted.members().contains(name) ? body.get(name) : Map.of("given", true));
        }
        request.variables().forEach(detail::putIfAbsent);
        var answer = json(response.body());
        log.append(
                request.caller()
                        .map(caller -> caller.account().id())
                        .or(() -> Ids.parse(answer.path("user").path("id").asString(""))),
                request.caller()
                        .map(caller -> caller.account())
                        .map(Account::name)
                        .orElseGet(() -> body.path("username").asString("")),
                route.name(),
                response.header("Location").orElse(request.path()),
                response.status() < 400,
                request.from().getHostAddress(),
                Json.mapper().writeValueAsString(detail));
    }

    /// Missing for what is no JSON.
    private static JsonNode json(byte[] octets) {
        try {
            return octets.length == 0 || octets.length > Connection.ANONYMOUS_OCTETS_MAX
                    ? Json.mapper().missingNode()
                    : Json.mapper().readTree(new String(octets, StandardCharsets.UTF_8));
        } catch (JacksonException _) {
            return Json.mapper().missingNode();
        }
    }
}
