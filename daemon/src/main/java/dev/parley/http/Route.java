package dev.parley.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One row of the route table: how a request is answered, and what the reference says of it.
///
/// @param name unique; the reference's `operationId`
/// @param tag the heading it stands under
/// @param takes what its body is; empty where it has none
/// @param status of the answer when all goes well
/// @param quick whether its work is a few looks at memory and a place in the writer's next transaction, for which many
/// may wait at once
/// @param audited empty for what nobody has to answer for
/// @param alsoAnswers what other statuses come with
/// @param apart whether its work is more than the database's, so that it may not hold up the writer
record Route(
        String method,
        PathPattern pattern,
        String name,
        String tag,
        String summary,
        Access access,
        List<Parameter> parameters,
        Optional<Takes> takes,
        int octetsMax,
        int status,
        Shape answers,
        Map<Integer, Shape> alsoAnswers,
        boolean apart,
        boolean quick,
        Optional<Audited> audited,
        Preparation preparation) {

    /// Bodies of JSON. The largest honest one is a text for 255 parts, or nine participants.
    static final int OCTETS_MAX = 1 << 20;

    /// That the audit log tells of it.
    ///
    /// @param members of the body whose values it tells; of others only that they were there
    /// @param onlyWith members one of which must be there for it to be told at all; empty for always
    record Audited(List<String> members, List<String> onlyWith) {}

    enum Access {
        ANYBODY,
        USER,
        ADMIN
    }

    /// A parameter of the query.
    record Parameter(String name, Kind kind, String says) {
        enum Kind {
            TEXT,
            NUMBER,
            FLAG,
            TIME
        }
    }

    /// A body that a route takes.
    sealed interface Takes {

        /// JSON, read into this record.
        ///
        /// @param required false where every field may be left out, and then the body, too
        record Json(Class<? extends Record> type, boolean required) implements Takes {}

        record Csv(String says) implements Takes {}
    }

    /// Answers a request. Runs on a virtual thread and may block. Where the request has an
    /// `Idempotency-Key`, or the audit log tells of it, and the route is not [Route#apart], it runs on
    /// the writer's thread: it does not wait for anything but the database, may run more than once and
    /// is rolled back but the last time, so that it changes nothing else.
    @FunctionalInterface
    interface Handler {
        Response answer(Request request) throws InterruptedException;
    }

    /// Does what of a request's work takes long and changes nothing: looks up a name, checks a
    /// password. Runs on the request's own thread, once, and never on the writer's. What it returns
    /// does the rest.
    @FunctionalInterface
    interface Preparation {
        Handler prepare(Request request) throws InterruptedException;
    }
}
