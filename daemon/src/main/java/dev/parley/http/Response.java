package dev.parley.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.contact.ContactView;
import dev.parley.conversation.ConversationView;
import dev.parley.conversation.MessageView;
import dev.parley.event.Scope;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.reply.OptOutView;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// An answer: whole, or a stream that is written while it goes.
///
/// @param contentType empty for an answer without a body
/// @param remembered the body to answer repeats with, where it differs: without a secret that is
/// shown once
/// @param stream writes the body instead of `body`
/// @param about what only some may see of it; an answer is repeated to nobody who may not see that any more
@SuppressWarnings("ArrayRecordComponent") // on its way to the socket, compared by nobody
record Response(
        int status,
        String contentType,
        byte[] body,
        Map<String, String> headers,
        Optional<byte[]> remembered,
        Optional<Stream> stream,
        Scope about) {

    /// Writes a body piece by piece, on the thread of the request. Ends when it returns.
    @FunctionalInterface
    interface Stream {
        void write(Outlet out) throws InterruptedException, Outlet.Gone;
    }

    static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    static Response of(int status, String contentType, byte[] body) {
        return new Response(status, contentType, body, Map.of(), Optional.empty(), Optional.empty(), Scope.NONE);
    }

    static Response json(int status, Object value) {
        return of(status, JSON, Json.mapper().writeValueAsBytes(value)).about(scope(value));
    }

    private static Scope scope(Object value) {
        return switch (value) {
            case ConversationView conversation ->
                Scope.ofConversation(Long.parseLong(conversation.line().id()), Long.parseLong(conversation.id()));
            case MessageView message ->
                message.conversation()
                        .map(id -> Scope.ofConversation(0, Long.parseLong(id)))
                        .orElse(Scope.NONE);
            case ContactView contact -> Scope.ofContact(Long.parseLong(contact.id()));
            case OptOutView optOut -> Scope.ofLine(Long.parseLong(optOut.line().id()));
            default -> Scope.NONE;
        };
    }

    Response about(Scope scope) {
        return new Response(status, contentType, body, headers, remembered, stream, scope);
    }

    static Response ok(Object value) {
        return json(200, value);
    }

    static Response created(String location, Object value) {
        return json(201, value).with("Location", location);
    }

    static Response nothing() {
        return of(204, "", new byte[0]);
    }

    static Response text(int status, String contentType, String text) {
        return of(status, contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    static Response stream(String contentType, Stream stream) {
        return new Response(200, contentType, new byte[0], Map.of(), Optional.empty(), Optional.of(stream), Scope.NONE);
    }

    /// A problem as RFC 9457 §3 writes it, with `code`, `field` and `reasons` as its extension
    /// members.
    record ProblemBody(
            String type, String title, @JsonUnwrapped Problem problem) {}

    static Response problem(Problem problem) {
        var title = HttpResponseStatus.valueOf(problem.status()).reasonPhrase(); // RFC 9457 §4.2.1
        var body = new ProblemBody("about:blank", title, problem);
        var response = of(problem.status(), PROBLEM, Json.mapper().writeValueAsBytes(body));
        return switch (problem.status()) {
            case 401 -> response.with("WWW-Authenticate", "Bearer realm=\"parley\"");
            case 503 -> response.retryAfter(Duration.ofSeconds(2));
            default -> response;
        };
    }

    /// What a service answered, done or refused.
    static <T> Response of(Outcome<T> outcome, Function<T, Response> done) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> done.apply(value);
            case Outcome.Refused<T>(var problem) -> problem(problem);
        };
    }

    /// In place of a header of this name that it has already.
    Response with(String name, String value) {
        var all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new Response(status, contentType, body, all, remembered, stream, about);
    }

    /// The same with other octets.
    Response withBody(byte[] octets) {
        return new Response(status, contentType, octets, headers, remembered, stream, about);
    }

    /// Whole seconds (RFC 9110 §10.2.3), rounded up.
    Response retryAfter(Duration wait) {
        return with("Retry-After", Long.toString(Math.max(1, (wait.toMillis() + 999) / 1_000)));
    }

    /// Repeats of the request get `value` in place of the body.
    Response rememberedAs(Object value) {
        return new Response(
                status, contentType, body, headers, Optional.of(Json.mapper().writeValueAsBytes(value)), stream, about);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
