package dev.parley.conversation;

import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the links did lately, from the deliveries that went by them.
public final class Traffic {

    /// Deliveries that are looked at, the latest: a link that does more in an hour is shown with so many.
    private static final int DEPTH = 10_000;

    /// Failures that are looked at for the errors of each link.
    private static final int TROUBLES = 500;

    private static final int ERRORS_MAX = 5;

    private final Store store;
    private final Clock clock;

    Traffic(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// A delivery that failed on a link.
    ///
    /// @param code stable: see [dev.parley.link.FailureCode]
    /// @param network the network's own code
    public record LinkError(Instant at, String code, Optional<Integer> network, String reason, String message) {}

    private static final String SENT = """
            SELECT link, COUNT(*) AS sent
              FROM (SELECT link, sent_at FROM delivery ORDER BY id DESC LIMIT ?) AS latest
             WHERE sent_at >= ? AND link IS NOT NULL
             GROUP BY link
            """;

    /// Texts that each link sent within the last hour; none for those missing.
    public Map<String, Integer> sentLastHour() {
        var since = clock.instant().minus(Duration.ofHours(1));
        return store.read(connection -> {
            var sent = new HashMap<String, Integer>();
            Sql.list(connection, SENT, row -> sent.put(row.getString("link"), row.getInt("sent")), DEPTH, since);
            return sent;
        });
    }

    private static final String FAILED = """
            SELECT link, failed_at, error_code, error_network, error_reason, message_id
              FROM (SELECT id FROM delivery WHERE trouble IS NOT NULL ORDER BY trouble DESC LIMIT ?) AS latest
              JOIN delivery d ON d.id = latest.id
             WHERE d.status = 'failed' AND d.link IS NOT NULL AND d.failed_at IS NOT NULL
             ORDER BY d.failed_at DESC
            """;

    /// The last five failures of each link, newest first; none for those missing.
    public Map<String, List<LinkError>> lastErrors() {
        return store.read(connection -> {
            var errors = new HashMap<String, List<LinkError>>();
            Sql.list(
                    connection,
                    FAILED,
                    row -> {
                        var its = errors.computeIfAbsent(row.getString("link"), _ -> new ArrayList<>());
                        return its.size() < ERRORS_MAX
                                && its.add(new LinkError(
                                        Times.instant(row, "failed_at"),
                                        Sql.maybeText(row, "error_code").orElse(""),
                                        Sql.maybeInt(row, "error_network"),
                                        Sql.maybeText(row, "error_reason").orElse(""),
                                        Long.toString(row.getLong("message_id"))));
                    },
                    TROUBLES);
            return errors;
        });
    }
}
