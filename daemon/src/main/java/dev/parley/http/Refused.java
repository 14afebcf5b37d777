package dev.parley.http;

import dev.parley.problem.Problem;

/// A request that is refused on its way to the service. Becomes the answer; leaves this package
/// never.
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Response response;

    Refused(Problem problem) {
        this(Response.problem(problem));
    }

    Refused(Response response) {
        super(null, null, false, false);
        this.response = response;
    }

    Response response() {
        return response;
    }
}
