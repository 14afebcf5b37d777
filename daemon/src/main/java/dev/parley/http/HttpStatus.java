package dev.parley.http;

import io.netty.handler.codec.http.HttpResponseStatus;

/// The phrases of the status codes, for the titles of problems (RFC 9457 §4.2.1: the phrase of
/// the status).
final class HttpStatus {
    private HttpStatus() {}

    static String phrase(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }
}
