package dev.parley.http;

import dev.parley.store.Store;
import dev.parley.store.Tx;

/// Does what requests ask for, and has the audit log tell of it: in one transaction where all of it is the database's.
final class Deeds {
    private final Store store;
    private final Audit audit;

    Deeds(Store store, Audit audit) {
        this.store = store;
        this.audit = audit;
    }

    /// Answers a request that was not answered before.
    Response answer(Request request, Route route) throws InterruptedException {
        if (route.audited.isEmpty()) {
            return route.preparation.prepare(request).answer(request);
        }
        if (route.apart || route.method.equals("GET")) {
            return apart(request, route);
        }
        var rest = prepared(request, route);
        return together(tx -> within(tx, request, route, rest));
    }

    /// Does what is more than the database's. Its entry is written before it begins, so that nothing is done of which
    /// nobody knows; and one of how it ended. What only reads is over when it is answered, and has the one entry.
    Response apart(Request request, Route route) throws InterruptedException {
        if (route.apart) {
            audit.begun(request, route);
        }
        var response = handled(request, prepared(request, route));
        audit.note(request, route, response);
        return response;
    }

    /// What of a request's work takes long and changes nothing. What that refuses is refused in place of the rest.
    static Route.Handler prepared(Request request, Route route) throws InterruptedException {
        try {
            return route.preparation.prepare(request);
        } catch (Refused e) {
            return _ -> e.response();
        }
    }

    /// Does the rest, and tells of it, as part of a transaction.
    Response within(Tx tx, Request request, Route route, Route.Handler rest) throws InterruptedException {
        var response = handled(request, rest);
        audit.note(tx, request, route, response);
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
            return store.together(tx -> {
                Response response;
                try {
                    response = deed.run(tx);
                } catch (InterruptedException e) {
                    throw new Interrupted(e);
                }
                if (!stays(response)) {
                    throw new NotKept(response);
                }
                return response;
            });
        } catch (NotKept e) {
            return e.response;
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

    /// Carries an answer out of the transaction, which rolls it back.
    private static final class NotKept extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Response response;

        NotKept(Response response) {
            super(null, null, false, false);
            this.response = response;
        }
    }

    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(InterruptedException why) {
            super(why);
        }
    }
}
