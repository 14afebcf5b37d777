package dev.parley.http;

import dev.parley.account.Account;
import dev.parley.http.Routes.Match;
import dev.parley.problem.Problem;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A whole request, its own copy of everything.
///
/// @param match what is at its path
/// @param query the raw query, without `?`
/// @param from the client, as far as the proxies that we trust know it
/// @param secure whether the client spoke TLS, to us or to such a proxy
@SuppressWarnings("ArrayRecordComponent") // lives as long as one request, compared by nobody
record Request(
        String method,
        String path,
        String query,
        Match match,
        HttpHeaders headers,
        byte[] body,
        InetAddress from,
        boolean secure,
        Optional<Caller> caller) {

    Request by(Optional<Caller> known) {
        return new Request(method, path, query, match, headers, body, from, secure, known);
    }

    Request with(byte[] octets) {
        return new Request(method, path, query, match, headers, octets, from, secure, caller);
    }

    private Match.Found found() {
        if (match instanceof Match.Found found) {
            return found;
        }
        throw new IllegalStateException("there is nothing at " + path);
    }

    Route route() {
        return found().route();
    }

    /// Of the path, by their names in the route's pattern.
    Map<String, String> variables() {
        return found().variables();
    }

    /// Who sent it; only where the route is for users.
    Caller known() {
        return caller.orElseThrow(() -> new IllegalStateException(path + " asks for a user and is open to anybody"));
    }

    Account user() {
        return known().account();
    }

    /// Whether its head announces a body.
    boolean hasBody() {
        return headers.contains("Transfer-Encoding")
                || header("Content-Length")
                        .filter(length -> !length.equals("0"))
                        .isPresent();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    String variable(String name) {
        return Optional.ofNullable(variables().get(name))
                .orElseThrow(() -> new IllegalStateException("no {" + name + "} in the pattern of " + path));
    }

    /// The id in the path. What is no id is the id of nothing.
    long id() {
        return Ids.require(variable("id"), Problem::notFound);
    }

    /// The parameters of the query, decoded. Each at most once: two values for one name are a
    /// mistake somewhere.
    Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        for (var pair : query.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            var name = decoded(equals < 0 ? pair : pair.substring(0, equals), "query");
            var value = equals < 0 ? "" : decoded(pair.substring(equals + 1), name);
            if (parameters.put(name, value) != null) {
                throw new Refused(Problems.badField(
                        name, "duplicate-parameter", "The parameter " + name + " is given twice; give it once."));
            }
        }
        return parameters;
    }

    private static String decoded(String text, String field) {
        return Percent.decoded(text, true)
                .orElseThrow(() -> new Refused(Problems.badField(
                        field, "bad-encoding", "The query is not well-formed percent-encoded UTF-8.")));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(parameters().get(name)).filter(value -> !value.isEmpty());
    }

    /// Which page of a list is asked for.
    Paging paging() {
        return Paging.of(parameter("limit"), parameter("cursor"));
    }

    boolean flag(String name) {
        return switch (parameter(name).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(Problems.badField(name, "bad-parameter", name + " must be true or false."));
        };
    }
}
