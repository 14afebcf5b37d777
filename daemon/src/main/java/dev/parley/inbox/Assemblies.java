package dev.parley.inbox;

import dev.parley.conversation.InboundText;
import dev.parley.link.Inbound;
import dev.parley.link.Received;
import dev.parley.sms.Concat;
import dev.parley.sms.Reassembly;
import dev.parley.store.Sql;
import dev.parley.store.Times;
import dev.parley.store.Tx;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    static Added add(Tx tx, long lineId, Received.Text part, Concat place, Inbound inbound) {
        if (isLateDuplicate(tx, lineId, part, place)) {
            return new Added(List.of(), true);
        }
        var texts = new ArrayList<InboundText>();
        long assembly = open(tx, lineId, part, place, inbound);
        var there = tx.list(PARTS, Part::read, assembly);
        var taken = there.stream().filter(each -> each.seq() == place.seq()).findFirst();
        if (taken.filter(each -> each.text().equals(part.text())).isPresent()) {
            return new Added(List.of(), true);
        }
        var fit = PartTimes.fit(times(there), part.scts());
        if (fit == PartTimes.Fit.EARLIER) {
            return new Added(List.of(leftOver(lineId, part, place, inbound)), false);
        }
        if (taken.isPresent() || fit == PartTimes.Fit.LATER) {
            end(tx, assembly, inbound.receivedAt()).ifPresent(texts::add);
            assembly = open(tx, lineId, part, place, inbound);
            there = List.of();
        }
        tx.update(INSERT, assembly, place.seq(), octets(part.text()), part.scts());
        if (there.size() + 1 == place.total()) {
            end(tx, assembly, inbound.receivedAt()).ifPresent(texts::add);
        }
        return new Added(texts, false);
    }

    /// A part of a text whose reference a later one has by now: it is given on as it is, and the later
    /// one goes on.
    private static InboundText leftOver(long lineId, Received.Text part, Concat place, Inbound inbound) {
        var there = List.of(new Part(place.seq(), part.text(), part.scts()));
        return inbound(lineId, part, joined(there, place.total()), inbound);
    }

    static InboundText inbound(long lineId, Received.Text received, String text, Inbound inbound) {
        return new InboundText(lineId, received.sender(), text, received.scts(), inbound.receivedAt(), inbound.link());
    }

    /// A part that is there.
    private record Part(int seq, String text, Optional<Instant> scts) {
        static Part read(ResultSet row) throws SQLException {
            return new Part(row.getInt("seq"), Assemblies.text(row.getBytes("text")), Times.maybe(row, "scts"));
        }
    }

    private static List<Instant> times(List<Part> parts) {
        return parts.stream().flatMap(part -> part.scts().stream()).toList();
    }

    /// UTF-16BE unit by unit: the charset of that name would not let half a surrogate pair through.
    private static byte[] octets(String text) {
        var octets = ByteBuffer.allocate(2 * text.length());
        octets.asCharBuffer().put(text);
        return octets.array();
    }

    static String text(byte[] octets) {
        return ByteBuffer.wrap(octets).asCharBuffer().toString();
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
    private static boolean isLateDuplicate(Tx tx, long lineId, Received.Text part, Concat place) {
        if (part.scts().isEmpty()) {
            return false;
        }
        return tx.list(
                        LATE_DUPLICATE,
                        row -> text(row.getBytes("text")),
                        key(lineId, part, place),
                        place.seq(),
                        part.scts())
                .contains(part.text());
    }

    /// What is the same of all parts of a text.
    private static List<Object> key(long lineId, Received.Text part, Concat place) {
        return List.of(lineId, part.sender(), place.ref(), place.refBits(), place.total());
    }

    private static final String OPEN = """
            INSERT INTO inbound_assembly (line_id, sender, ref, ref_bits, total, open, link, started_at)
            VALUES (?, ?, ?, ?, ?, 1, ?, ?)
            ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)
            """;

    private static final String OPENED = "SELECT LAST_INSERT_ID()";

    /// The open assembly of this key, locked; a new one if there is none.
    private static long open(Tx tx, long lineId, Received.Text part, Concat place, Inbound inbound) {
        tx.update(OPEN, key(lineId, part, place), inbound.link(), inbound.receivedAt());
        return tx.first(OPENED, row -> row.getLong(1)).orElseThrow();
    }

    private static final String INSERT = "INSERT INTO inbound_part (assembly_id, seq, text, scts) VALUES (?, ?, ?, ?)";

    /// An assembly that is not closed.
    private record Open(long lineId, String sender, int total, String link, Instant startedAt) {
        static Open read(ResultSet row) throws SQLException {
            return new Open(
                    row.getLong("line_id"),
                    row.getString("sender"),
                    row.getInt("total"),
                    row.getString("link"),
                    Times.instant(row, "started_at"));
        }
    }

    private static final String LOCKED = """
            SELECT line_id, sender, total, link, started_at FROM inbound_assembly WHERE id = ? AND open = 1 FOR UPDATE
            """;

    private static final String PARTS = "SELECT seq, text, scts FROM inbound_part WHERE assembly_id = ? ORDER BY seq";

    private static final String ENDED = "UPDATE inbound_assembly SET open = NULL, ended_at = ? WHERE id = ?";

    /// Closes an assembly and gives what there is of its text, with a mark for each part that is
    /// missing.
    static Optional<InboundText> end(Tx tx, long assembly, Instant now) {
        var locked = tx.first(LOCKED, Open::read, assembly);
        if (locked.isEmpty()) {
            return Optional.empty(); // somebody else was first
        }
        tx.update(ENDED, now, assembly);
        var parts = tx.list(PARTS, Part::read, assembly);
        var open = locked.get();
        return Optional.of(new InboundText(
                open.lineId(),
                open.sender(),
                joined(parts, open.total()),
                times(parts).stream().max(Comparator.naturalOrder()),
                open.startedAt(),
                open.link()));
    }

    private static String joined(List<Part> parts, int total) {
        var texts = parts.stream().collect(Collectors.toMap(Part::seq, Part::text));
        return Reassembly.mended(IntStream.rangeClosed(1, total)
                .mapToObj(seq -> texts.getOrDefault(seq, "[part " + seq + " of " + total + " missing]"))
                .collect(Collectors.joining()));
    }

    private static final String OVERDUE = """
            SELECT id FROM inbound_assembly WHERE open = 1 AND started_at <= ? ORDER BY started_at LIMIT ?
            """;

    static List<Long> overdue(Connection connection, Instant startedBefore, int limit) {
        return Sql.list(connection, OVERDUE, row -> row.getLong("id"), startedBefore, limit);
    }

    private static final String DELETE = "DELETE FROM inbound_assembly WHERE ended_at < ? ORDER BY ended_at LIMIT ?";

    static int delete(Tx tx, Instant before, int bite) {
        return tx.update(DELETE, before, bite);
    }
}
