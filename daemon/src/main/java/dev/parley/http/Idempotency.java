package dev.parley.http;

import dev.parley.event.Scope;
import dev.parley.http.Route.Handler;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/// `Idempotency-Key`: the first request with a key does its work and is answered, repeats get
/// the same answer.
///
/// The row with the answer is written in the transaction of the work, so that the two are
/// committed together or not at all: after a crash, a repeat either finds the answer or does the
/// work for the first time. The row is inserted first; a repeat that comes meanwhile waits for
/// it, in memory on this node and at the row on another.
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
    private final Clock clock;
    private final Map<ByteBuffer, Turn> turns = new HashMap<>(); // under its own monitor

    Idempotency(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Repeats wait here and not each with a connection to the database.
    private static final class Turn {
        private final ReentrantLock lock = new ReentrantLock();
        private int waiting; // under the monitor of `turns`
    }

    Response answer(Request request, String key, Handler handler) throws InterruptedException {
        if (!KEY.matcher(key).matches()) {
            throw new Refused(Problems.badField(
                    HEADER, "bad-idempotency-key", "An Idempotency-Key has 1 to 255 visible ASCII characters."));
        }
        var scope = digest(Long.toString(request.user().id()), request.method(), request.path(), key);
        var name = ByteBuffer.wrap(scope);
        Turn turn;
        synchronized (turns) {
            turn = turns.computeIfAbsent(name, _ -> new Turn());
            turn.waiting++;
        }
        try {
            turn.lock.lockInterruptibly();
            try {
                return inTurn(request, scope, handler);
            } finally {
                turn.lock.unlock();
            }
        } finally {
            synchronized (turns) {
                if (--turn.waiting == 0) {
                    turns.remove(name);
                }
            }
        }
    }

    /// Carries an answer that must not be kept out of the transaction, which rolls it back.
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

    private Response inTurn(Request request, byte[] scope, Handler handler) throws InterruptedException {
        var asked = requestDigest(request);
        try {
            return store.together(tx -> {
                if (!insert(tx, scope, asked)) {
                    var known = find(tx, scope);
                    if (known.isPresent()) {
                        return request.known()
                                        .access()
                                        .maySee(
                                                tx.connection(),
                                                known.get().response().about())
                                ? known.get().answer(asked)
                                : Response.problem(Problem.notFound());
                    }
                    if (!insert(tx, scope, asked)) {
                        throw new IllegalStateException("an expired answer did not go");
                    }
                }
                Response response;
                try {
                    response = handler.answer(request);
                } catch (Refused e) {
                    response = e.response();
                } catch (InterruptedException e) {
                    throw new Interrupted(e);
                }
                if (response.status() >= 500
                        || response.status() == 429
                        || response.stream().isPresent()) {
                    throw new NotKept(response);
                }
                keep(tx, scope, response);
                return response;
            });
        } catch (NotKept e) {
            return e.response;
        } catch (Interrupted _) {
            throw new InterruptedException();
        }
    }

    private static final String INSERT = "INSERT IGNORE INTO idempotency (scope, request, created_at) VALUES (?, ?, ?)";

    /// Waits for a transaction of another node that has the same row.
    private boolean insert(Tx tx, byte[] scope, byte[] asked) throws SQLException {
        try (var insert = tx.connection().prepareStatement(INSERT)) {
            insert.setBytes(1, scope);
            insert.setBytes(2, asked);
            insert.setObject(3, Times.bind(clock.instant()));
            return insert.executeUpdate() == 1;
        }
    }

    /// An answer that was given.
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Known(byte[] asked, Response response) {
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
               FOR UPDATE
            """;

    private static final String DELETE = "DELETE FROM idempotency WHERE scope = ?";

    /// @return empty if it is too old; then the row is gone
    private Optional<Known> find(Tx tx, byte[] scope) throws SQLException {
        try (var query = tx.connection().prepareStatement(FIND)) {
            query.setBytes(1, scope);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (Times.instant(row, "created_at").isAfter(clock.instant().minus(KEPT))) {
                    var response = Response.text(
                                    row.getInt("status"), row.getString("content_type"), row.getString("answer"))
                            .about(new Scope(
                                    row.getLong("line_id"),
                                    row.getLong("conversation_id"),
                                    row.getLong("contact_id"),
                                    0));
                    var location = Optional.ofNullable(row.getString("location"));
                    return Optional.of(new Known(
                            row.getBytes("request"),
                            location.map(place -> response.with("Location", place))
                                    .orElse(response)));
                }
            }
        }
        try (var delete = tx.connection().prepareStatement(DELETE)) {
            delete.setBytes(1, scope);
            delete.executeUpdate();
        }
        return Optional.empty();
    }

    private static final String KEEP = """
            UPDATE idempotency
               SET status = ?, content_type = ?, location = ?, answer = ?, line_id = ?, conversation_id = ?,
                   contact_id = ?
             WHERE scope = ?
            """;

    private static void keep(Tx tx, byte[] scope, Response response) throws SQLException {
        try (var update = tx.connection().prepareStatement(KEEP)) {
            update.setInt(1, response.status());
            update.setString(2, response.contentType());
            update.setString(3, response.header("Location").orElse(null));
            update.setString(4, new String(response.remembered().orElse(response.body()), StandardCharsets.UTF_8));
            update.setLong(5, response.about().lineId());
            update.setLong(6, response.about().conversationId());
            update.setLong(7, response.about().contactId());
            update.setBytes(8, scope);
            update.executeUpdate();
        }
    }

    private static final String DELETE_OLD =
            "DELETE FROM idempotency WHERE created_at <= ? ORDER BY created_at LIMIT ?";

    /// Deletes answers that are too old, a bite at a time.
    ///
    /// @return how many; fewer than a bite means that none is left
    int deleteBite() {
        return store.transaction(tx -> {
            try (var delete = tx.connection().prepareStatement(DELETE_OLD)) {
                delete.setObject(1, Times.bind(clock.instant().minus(KEPT)));
                delete.setInt(2, DELETE_BITE);
                return delete.executeUpdate();
            }
        });
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
