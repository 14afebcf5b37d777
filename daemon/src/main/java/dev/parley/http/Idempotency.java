package dev.parley.http;

import dev.parley.event.Scope;
import dev.parley.problem.Problem;
import dev.parley.store.Rows;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `Idempotency-Key`: the first request with a key does its work and is answered, repeats get
/// the same answer.
///
/// The row with the answer is written in the transaction of the work, so that the two are
/// committed together or not at all: after a crash, a repeat either finds the answer or does the
/// work for the first time. A repeat that comes meanwhile waits in memory; on another node it meets
/// the row at its own commit, is rolled back and answers with it.
///
/// Where the work is more than the database's ([Route#apart]) the row is written behind it: after a
/// crash in between, a repeat does the work again.
///
/// Who may not see any more what an answer is about gets `404` in place of it, as from every other route.
///
/// Answers up to 499 are kept, as they are: a request that was refused is refused again. After a
/// 5xx everything is rolled back and the repeat tries anew, and after a 429, which says to do so.
final class Idempotency {
    static final String HEADER = "Idempotency-Key";

    static final Duration KEPT = Duration.ofHours(24);

    /// Rows that one step of [#deleteBite] deletes.
    static final int DELETE_BITE = 1_000;

    /// Visible ASCII, so that it is the same key whatever a proxy thinks of its encoding.
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Store store;
    private final Deeds deeds;
    private final Clock clock;
    private final Turns turns = new Turns(Integer.MAX_VALUE, 1);

    /// The latest answers: a client repeats soon, if it does.
    private static final int RECENT_MAX = 1_000;

    private final Map<ByteBuffer, Known> recent = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Known> eldest) {
            return size() > RECENT_MAX;
        }
    });

    Idempotency(Store store, Deeds deeds, Clock clock) {
        this.store = store;
        this.deeds = deeds;
        this.clock = clock;
        store.onUnknown(recent::clear); // answers were rewritten: they are read from the table
    }

    Response answer(Request request, String key) throws InterruptedException {
        if (!KEY.matcher(key).matches()) {
            throw new Refused(Problems.badField(
                    HEADER, "bad-idempotency-key", "An Idempotency-Key has 1 to 255 visible ASCII characters."));
        }
        var scope = digest(Long.toString(request.user().id()), request.method(), request.path(), key);
        // Repeats wait here and not each with a connection to the database.
        try (var turn = turns.take(ByteBuffer.wrap(scope), KEPT)) {
            return turn == null ? Response.problem(Problems.BUSY) : inTurn(request, scope);
        }
    }

    private Response inTurn(Request request, byte[] scope) throws InterruptedException {
        var asked = requestDigest(request);
        var known = Optional.ofNullable(recent.get(ByteBuffer.wrap(scope)))
                .or(() -> store.read(connection -> find(connection, scope)));
        if (known.isPresent() && known.get().isFresh(clock.instant())) {
            return again(request, known.get(), asked);
        }
        if (request.route().apart) {
            var response = deeds.apart(request);
            if (Deeds.stays(response)) {
                store.transaction(tx -> {
                    keep(tx, scope, asked, response, known.isPresent());
                    return response;
                });
            }
            return response;
        }
        var rest = Deeds.prepared(request);
        var first = new AtomicReference<@Nullable Tx>();
        return deeds.together(tx -> {
            // A second transaction may come of a conflict with another node, which answered the same request.
            var other = first.compareAndSet(null, tx) || first.get() == tx
                    ? Optional.<Known>empty()
                    : find(tx.connection(), scope);
            if (other.isPresent() && other.get().isFresh(clock.instant())) {
                return again(request, other.get(), asked);
            }
            var response = deeds.within(tx, request, rest);
            if (Deeds.stays(response)) {
                keep(tx, scope, asked, response, known.isPresent());
            }
            return response;
        });
    }

    private Response again(Request request, Known known, byte[] asked) {
        var access = request.known().access();
        return access.seesAll()
                        || store.read(connection ->
                                access.maySee(connection, known.response().about()))
                ? known.answer(asked)
                : Response.problem(Problem.notFound());
    }

    /// An answer that was given.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Known(byte[] asked, Response response, Instant at) {
        boolean isFresh(Instant now) {
            return at.isAfter(now.minus(KEPT));
        }

        Response answer(byte[] now) {
            return Arrays.equals(asked, now)
                    ? response.with("Idempotent-Replayed", "true")
                    : Response.problem(new Problem(
                            409,
                            "idempotency-key-reused",
                            "This Idempotency-Key was used for another request on this path. Use a new key for a new"
                                    + " request.",
                            Optional.of(HEADER)));
        }
    }

    private static final String FIND = """
            SELECT request, status, content_type, location, answer, created_at, line_id, conversation_id, contact_id
              FROM idempotency
             WHERE scope = ?
            """;

    private static Optional<Known> find(Connection connection, byte[] scope) {
        return Sql.first(
                connection,
                FIND,
                row -> {
                    var response = Response.text(
                                    row.getInt("status"), row.getString("content_type"), row.getString("answer"))
                            .about(new Scope(
                                    row.getLong("line_id"),
                                    row.getLong("conversation_id"),
                                    row.getLong("contact_id"),
                                    0));
                    var location = Sql.maybeText(row, "location");
                    return new Known(
                            row.getBytes("request"),
                            location.map(place -> response.with("Location", place))
                                    .orElse(response),
                            Times.instant(row, "created_at"));
                },
                (Object) scope);
    }

    private static final Rows ANSWER = Rows.inserted(80, "idempotency", """
            scope, request, status, content_type, location, answer, created_at, line_id, conversation_id,
            contact_id
            """).contended();

    private static final String DELETE = "DELETE FROM idempotency WHERE scope = ?";

    /// @param replaced whether there is an answer that is too old
    private void keep(Tx tx, byte[] scope, byte[] asked, Response response, boolean replaced) {
        if (replaced) {
            tx.update(DELETE, (Object) scope);
        }
        var answer = response.remembered().orElse(response.body());
        var now = clock.instant();
        tx.add(
                ANSWER,
                scope,
                asked,
                response.status(),
                response.contentType(),
                response.header("Location"),
                new String(answer, StandardCharsets.UTF_8),
                now,
                response.about().lineId(),
                response.about().conversationId(),
                response.about().contactId());
        var again =
                Response.of(response.status(), response.contentType(), answer).about(response.about());
        var known = new Known(
                asked,
                response.header("Location")
                        .map(place -> again.with("Location", place))
                        .orElse(again),
                now);
        tx.afterCommit(() -> recent.put(ByteBuffer.wrap(scope), known));
    }

    private static final String DELETE_OLD =
            "DELETE FROM idempotency WHERE created_at <= ? ORDER BY created_at LIMIT ?";

    /// Deletes answers that are too old, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    int deleteBite() {
        return store.transaction(tx -> tx.update(DELETE_OLD, clock.instant().minus(KEPT), DELETE_BITE));
    }

    private static byte[] requestDigest(Request request) {
        var sha = sha256();
        update(sha, request.query());
        update(sha, request.header("Content-Type").orElse(""));
        sha.update(request.body());
        return sha.digest();
    }

    private static byte[] digest(String... texts) {
        var sha = sha256();
        for (var text : texts) {
            update(sha, text);
        }
        return sha.digest();
    }

    /// With a zero octet behind it, which none of the texts has: `a`, `bc` is not `ab`, `c`.
    private static void update(MessageDigest sha, String text) {
        sha.update(text.getBytes(StandardCharsets.UTF_8));
        sha.update((byte) 0);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
