package dev.parley.inbox;

import dev.parley.conversation.InboundText;
import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.sms.Concat;
import dev.parley.sms.Reassembly;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Texts in several parts, as far as they have come.
///
/// What belongs together: the same line, sender, reference, width of the reference and number of parts
/// (3GPP TS 23.040 §9.2.3.24.1 and .8; the SMSC is no part of it, because the parts of one text may come
/// by two). A reference comes again sooner or later, so a part whose place is taken by *other* words, or
/// that the SMSC got long after the others ([PartTimes]), begins the next text, and what there is of the
/// one before is given on as it is.
final class Assemblies {
    private Assemblies() {}

    /// What a part led to.
    ///
    /// @param texts what can be given on now: the whole text, and before it perhaps what there is of
    /// an older one
    /// @param duplicate whether the part was known already
    record Added(List<InboundText> texts, boolean duplicate) {}

    static Added add(Tx tx, long lineId, Received.Text part, Concat place, Inbound inbound) throws SQLException {
        if (isLateDuplicate(tx, lineId, part, place)) {
            return new Added(List.of(), true);
        }
        var texts = new ArrayList<InboundText>();
        long assembly = open(tx, lineId, part, place, inbound);
        var there = parts(tx, assembly);
        var taken = there.get(place.seq());
        if (taken != null && taken.text().equals(part.text())) {
            return new Added(List.of(), true);
        }
        var fit = PartTimes.fit(times(there), part.scts());
        if (fit == PartTimes.Fit.EARLIER) {
            return new Added(List.of(leftOver(lineId, part, place, inbound)), false);
        }
        if (taken != null || fit == PartTimes.Fit.LATER) {
            end(tx, assembly, inbound.receivedAt()).ifPresent(texts::add);
            assembly = open(tx, lineId, part, place, inbound);
            there = Map.of();
        }
        insert(tx, assembly, part, place);
        if (there.size() + 1 == place.total()) {
            end(tx, assembly, inbound.receivedAt()).ifPresent(texts::add);
        }
        return new Added(texts, false);
    }

    /// A part of a text whose reference a later one has by now: it is given on as it is, and the later
    /// one goes on.
    private static InboundText leftOver(long lineId, Received.Text part, Concat place, Inbound inbound) {
        return new InboundText(
                lineId,
                part.sender(),
                joined(Map.of(place.seq(), part.text()), place.total()),
                part.scts(),
                inbound.receivedAt(),
                inbound.link());
    }

    /// A part that is there.
    private record Part(String text, Optional<Instant> scts) {}

    private static List<Instant> times(Map<Integer, Part> parts) {
        return parts.values().stream().flatMap(part -> part.scts().stream()).toList();
    }

    /// UTF-16BE unit by unit: the charset of that name would not let half a surrogate pair through.
    private static byte[] octets(String text) {
        var octets = ByteBuffer.allocate(2 * text.length());
        octets.asCharBuffer().put(text);
        return octets.array();
    }

    private static String text(byte[] octets) {
        return ByteBuffer.wrap(octets).asCharBuffer().toString();
    }

    private static int key(PreparedStatement statement, int from, long lineId, Received.Text part, Concat place)
            throws SQLException {
        statement.setLong(from, lineId);
        statement.setString(from + 1, part.sender());
        statement.setInt(from + 2, place.ref());
        statement.setInt(from + 3, place.refBits());
        statement.setInt(from + 4, place.total());
        return from + 5;
    }

    private static final String LATE_DUPLICATE = """
            SELECT inbound_part.text
              FROM inbound_assembly
              JOIN inbound_part ON inbound_part.assembly_id = inbound_assembly.id
             WHERE line_id = ? AND sender = ? AND ref = ? AND ref_bits = ? AND total = ? AND open IS NULL
               AND inbound_part.seq = ? AND inbound_part.scts = ?
            """;

    /// A part that the network delivers twice carries the same SCTS twice; without one (SMPP) nothing
    /// tells it from a text that says the same again.
    private static boolean isLateDuplicate(Tx tx, long lineId, Received.Text part, Concat place) throws SQLException {
        if (part.scts().isEmpty()) {
            return false;
        }
        try (var query = tx.connection().prepareStatement(LATE_DUPLICATE)) {
            int next = key(query, 1, lineId, part, place);
            query.setInt(next, place.seq());
            query.setObject(next + 1, Times.bind(part.scts()));
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    if (Arrays.equals(row.getBytes("text"), octets(part.text()))) {
                        return true;
                    }
                }
                return false;
            }
        }
    }

    private static final String OPEN = """
            INSERT INTO inbound_assembly (line_id, sender, ref, ref_bits, total, open, link, started_at)
            VALUES (?, ?, ?, ?, ?, 1, ?, ?)
            ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)
            """;

    private static final String OPENED = "SELECT LAST_INSERT_ID()";

    /// The open assembly of this key, locked; a new one if there is none.
    private static long open(Tx tx, long lineId, Received.Text part, Concat place, Inbound inbound)
            throws SQLException {
        try (var open = tx.connection().prepareStatement(OPEN);
                var opened = tx.connection().prepareStatement(OPENED)) {
            int next = key(open, 1, lineId, part, place);
            open.setString(next, inbound.link());
            open.setObject(next + 1, Times.bind(inbound.receivedAt()));
            open.executeUpdate();
            try (var row = opened.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static final String INSERT = "INSERT INTO inbound_part (assembly_id, seq, text, scts) VALUES (?, ?, ?, ?)";

    private static void insert(Tx tx, long assembly, Received.Text part, Concat place) throws SQLException {
        try (var insert = tx.connection().prepareStatement(INSERT)) {
            insert.setLong(1, assembly);
            insert.setInt(2, place.seq());
            insert.setBytes(3, octets(part.text()));
            insert.setObject(4, Times.bind(part.scts()));
            insert.executeUpdate();
        }
    }

    private static final String LOCKED = """
            SELECT line_id, sender, total, link, started_at FROM inbound_assembly WHERE id = ? AND open = 1 FOR UPDATE
            """;

    private static final String PARTS = "SELECT seq, text, scts FROM inbound_part WHERE assembly_id = ? ORDER BY seq";

    private static final String ENDED = "UPDATE inbound_assembly SET open = NULL, ended_at = ? WHERE id = ?";

    /// Closes an assembly and gives what there is of its text, with a mark for each part that is
    /// missing.
    static Optional<InboundText> end(Tx tx, long assembly, Instant now) throws SQLException {
        try (var locked = tx.connection().prepareStatement(LOCKED)) {
            locked.setLong(1, assembly);
            try (var row = locked.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty(); // somebody else was first
                }
                try (var ended = tx.connection().prepareStatement(ENDED)) {
                    ended.setObject(1, Times.bind(now));
                    ended.setLong(2, assembly);
                    ended.executeUpdate();
                }
                var parts = parts(tx, assembly);
                return Optional.of(new InboundText(
                        row.getLong("line_id"),
                        row.getString("sender"),
                        joined(texts(parts), row.getInt("total")),
                        times(parts).stream().max(Comparator.naturalOrder()),
                        Times.instant(row, "started_at"),
                        row.getString("link")));
            }
        }
    }

    private static Map<Integer, Part> parts(Tx tx, long assembly) throws SQLException {
        try (var query = tx.connection().prepareStatement(PARTS)) {
            query.setLong(1, assembly);
            var parts = new TreeMap<Integer, Part>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    parts.put(row.getInt("seq"), new Part(text(row.getBytes("text")), Times.maybe(row, "scts")));
                }
            }
            return parts;
        }
    }

    private static Map<Integer, String> texts(Map<Integer, Part> parts) {
        var texts = new TreeMap<Integer, String>();
        parts.forEach((seq, part) -> texts.put(seq, part.text()));
        return texts;
    }

    static String joined(Map<Integer, String> parts, int total) {
        var text = new StringBuilder();
        for (int seq = 1; seq <= total; seq++) {
            var part = parts.get(seq);
            text.append(part != null ? part : "[part " + seq + " of " + total + " missing]");
        }
        return Reassembly.mended(text.toString());
    }

    private static final String OVERDUE = """
            SELECT id FROM inbound_assembly WHERE open = 1 AND started_at <= ? ORDER BY started_at LIMIT ?
            """;

    static List<Long> overdue(Connection connection, Instant startedBefore, int limit) throws SQLException {
        try (var query = connection.prepareStatement(OVERDUE)) {
            query.setObject(1, Times.bind(startedBefore));
            query.setInt(2, limit);
            var ids = new ArrayList<Long>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong("id"));
                }
            }
            return ids;
        }
    }

    private static final String DELETE = "DELETE FROM inbound_assembly WHERE ended_at < ? ORDER BY ended_at LIMIT ?";

    static int delete(Tx tx, Instant before, int bite) throws SQLException {
        try (var delete = tx.connection().prepareStatement(DELETE)) {
            delete.setObject(1, Times.bind(before));
            delete.setInt(2, bite);
            return delete.executeUpdate();
        }
    }
}
