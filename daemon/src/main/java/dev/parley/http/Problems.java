package dev.parley.http;

import dev.parley.problem.Problem;
import java.util.Optional;

/// The problems that HTTP itself has; those of the features come from their services.
final class Problems {
    private Problems() {}

    static Problem badRequest(String code, String detail) {
        return new Problem(400, code, detail);
    }

    static Problem badField(String field, String code, String detail) {
        return new Problem(400, code, detail, Optional.of(field));
    }

    static final Problem UNAUTHENTICATED = new Problem(
            401,
            "unauthenticated",
            "Say who you are: send the header Authorization: Bearer with a token that is valid, or sign in at"
                    + " POST /api/v1/session.");

    static final Problem NOWHERE =
            new Problem(404, "no-such-path", "There is nothing at this path. See /openapi.json for what there is.");

    static Problem method(String method, String allow) {
        return new Problem(405, "method-not-allowed", method + " is not for this path; it takes " + allow + ".");
    }

    static Problem tooLarge(int octetsMax) {
        return new Problem(
                413, "body-too-large", "The body is larger than the " + octetsMax + " octets that this path takes.");
    }

    static Problem mediaType(String expected) {
        return new Problem(
                415,
                "unsupported-media-type",
                "Send this body in UTF-8 with the header Content-Type: " + expected + ".",
                Optional.of("Content-Type"));
    }

    static final Problem BUSY = new Problem(503, "busy", "Too many requests are at work. Try again in a second.");

    static final Problem TOO_MANY_STREAMS = new Problem(
            503, "too-many-streams", "All streams are taken, or you have your share of them. Close some first.");

    static final Problem NO_ROOM = new Problem(
            503, "busy", "There is no room for another body now, or you have your share of it. Try again in a second.");

    static final Problem STORE_UNAVAILABLE = new Problem(
            503,
            "store-unavailable",
            "The database is not available now. Nothing was changed, unless it went away in the very moment of the"
                    + " commit; try again, best with the same Idempotency-Key.");

    static Problem internal(String reference) {
        return new Problem(
                500,
                "internal",
                "Something went wrong here, and it is not your request's fault. The log has more under " + reference
                        + ".");
    }
}
