package dev.parley.http;

import dev.parley.store.Store;
import dev.parley.store.Tx;

/// Does what requests ask for, and has the audit log tell of it: in one transaction where all of it is the database's.
record Deeds(Store store, Audit audit) {

    /// Answers a request that was not answered before.
    Response answer(Request request) throws InterruptedException {
        var route = request.route();
        if (route.audited.isEmpty()) {
            return route.preparation.prepare(request).answer(request);
        }
        if (route.apart || route.method.equals("GET")) {
            return apart(request);
        }
        var rest = prepared(request);
        return together(tx -> within(tx, request, rest));
    }

    /// Does what is more than the database's. Its entry is written before it begins, so that nothing is done of which
    /// nobody knows; and one of how it ended. What only reads is over when it is answered, and has the one entry.
    Response apart(Request request) throws InterruptedException {
        if (request.route().apart) {
            audit.begun(request);
        }
        var response = handled(request, prepared(request));
        audit.note(request, response);
        return response;
    }

    /// What of a request's work takes long and changes nothing. What that refuses is refused in place of the rest.
    static Route.Handler prepared(Request request) throws InterruptedException {
        try {
            return request.route().preparation.prepare(request);
        } catch (Refused e) {
            return _ -> e.response();
        }
    }

    /// Does the rest, and tells of it, as part of a transaction.
    Response within(Tx tx, Request request, Route.Handler rest) throws InterruptedException {
        var response = handled(request, rest);
        audit.note(tx, request, response);
        return response;
    }

    private static Response handled(Request request, Route.Handler rest) throws InterruptedException {
        try {
            return rest.answer(request);
        } catch (Refused e) {
            return e.response();
        }
    }

    /// What answers a request, as one transaction.
    @FunctionalInterface
    interface Deed {
        Response run(Tx tx) throws InterruptedException;
    }

    /// Runs `deed` as one transaction with whatever services it calls. After a 5xx everything is rolled back, and after
    /// a 429, which says to try again.
    Response together(Deed deed) throws InterruptedException {
        try {
            return store.transaction(tx -> {
                Response response;
                try {
                    response = deed.run(tx);
                } catch (InterruptedException e) {
                    throw new Interrupted(e);
                }
                if (!stays(response)) {
                    throw new Refused(response); // which rolls it back
                }
                return response;
            });
        } catch (Refused e) {
            return e.response();
        } catch (Interrupted _) {
            throw new InterruptedException();
        }
    }

    /// Whether what was done for this answer stays done, and the answer holds when the request is repeated.
    static boolean stays(Response response) {
        return response.status() < 500
                && response.status() != 429
                && response.stream().isEmpty();
    }

    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(InterruptedException why) {
            super(why);
        }
    }
}
