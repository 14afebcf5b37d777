package dev.parley.inbox;

import dev.parley.contact.Numbers;
import dev.parley.line.Line;
import dev.parley.line.Lines;
import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.LinkKind;
import dev.parley.link.Received;
import dev.parley.person.Holding;
import dev.parley.person.Subject;
import dev.parley.store.Sql;
import dev.parley.store.Store;
import dev.parley.store.Times;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What the links received from a person, as they got it: raw PDUs, and parts of texts. No index says whose a PDU is,
/// so
/// each is read again. A copy stays with its digest and without its octets: by that it is known if the network brings
/// it
/// once more, which would undo all.
public final class InboxPeople implements Holding {
    private final Store store;
    private final Lines lines;
    private final Map<LinkKind, Decoder> decoders;

    public InboxPeople(Store store, Lines lines, Map<LinkKind, Decoder> decoders) {
        this.store = store;
        this.lines = lines;
        this.decoders = Map.copyOf(decoders);
    }

    @SuppressWarnings("ArrayRecordComponent") // octets on their way to the decoder
    private record Raw(long id, String link, String kind, byte[] pdu, Instant receivedAt, String what) {}

    private static final String RAW = """
            SELECT id, link, kind, pdu, received_at, what FROM inbound
             WHERE id > ? AND LENGTH(pdu) > 0 ORDER BY id LIMIT ?
            """;

    private static List<Raw> raw(Connection connection, long after) {
        return Sql.list(
                connection,
                RAW,
                row -> new Raw(
                        row.getLong("id"),
                        row.getString("link"),
                        row.getString("kind"),
                        row.getBytes("pdu"),
                        Times.instant(row, "received_at"),
                        row.getString("what")),
                after,
                PAGE);
    }

    private boolean isOf(Raw raw, String number) {
        return decoders.entrySet().stream()
                .filter(each -> each.getKey().label().equals(raw.kind))
                .anyMatch(each -> isOf(raw, each.getKey(), each.getValue(), number));
    }

    private boolean isOf(Raw raw, LinkKind kind, Decoder decoder, String number) {
        var country = lines.byLink(raw.link).map(Line::country).orElse("US");
        return switch (decoder.decode(new Inbound(raw.link, kind, raw.pdu, Optional.empty(), raw.receivedAt))) {
            case Received.Text text -> !text.named() && isSame(text.sender(), number, country);
            case Received.Report report ->
                report.recipient().filter(each -> isSame(each, number, country)).isPresent();
            case Received.Machine machine ->
                machine.sender().filter(each -> isSame(each, number, country)).isPresent();
            case Received.Unreadable _ -> false;
        };
    }

    private static boolean isSame(String written, String number, String country) {
        return Numbers.ofSender(written, country).equals(number)
                || Numbers.isInternationally(written, number)
                || Numbers.isNationally(written, number, country);
    }

    @Override
    public List<Section> sections() {
        return List.of(
                new Section("raw", (connection, number, after) -> {
                    var page = raw(connection, after);
                    return new Page(
                            page.stream()
                                    .filter(each -> isOf(each, number))
                                    .map(InboxPeople::shown)
                                    .toList(),
                            page.size() < PAGE ? OptionalLong.empty() : OptionalLong.of(page.getLast().id));
                }),
                new Section("textParts", (connection, number, _) -> Page.all(parts(connection, number))));
    }

    private static Map<String, Object> shown(Raw raw) {
        return Holding.item(
                "id", Long.toString(raw.id),
                "link", raw.link,
                "what", raw.what,
                "pdu", HexFormat.of().withUpperCase().formatHex(raw.pdu),
                "receivedAt", raw.receivedAt);
    }

    private static final String PARTS = """
            SELECT a.id, a.link, a.started_at, a.total, p.seq, p.text
              FROM inbound_assembly a JOIN inbound_part p ON p.assembly_id = a.id
             WHERE a.line_id = ? AND a.sender = ?
             ORDER BY a.id, p.seq
            """;

    private List<Map<String, Object>> parts(Connection connection, String number) {
        var found = new ArrayList<Map<String, Object>>();
        for (var line : lines.all()) {
            found.addAll(Sql.list(
                    connection,
                    PARTS,
                    row -> Holding.item(
                            "line", line.number(),
                            "link", row.getString("link"),
                            "startedAt", Times.instant(row, "started_at"),
                            "part", row.getInt("seq"),
                            "of", row.getInt("total"),
                            "text", Inbox.wellFormed(Assemblies.text(row.getBytes("text")))),
                    line.id(),
                    number));
        }
        return found;
    }

    @Override
    public boolean erase(Subject subject) {
        for (var line : lines.all()) {
            store.transaction(tx -> tx.update(
                    "DELETE FROM inbound_assembly WHERE line_id = ? AND sender = ?", line.id(), subject.number()));
        }
        return Holding.inBites(0L, after -> store.read(connection -> raw(connection, after)), Raw::id, page -> {
            var theirs = page.stream()
                    .filter(each -> isOf(each, subject.number()))
                    .map(Raw::id)
                    .toList();
            if (!theirs.isEmpty()) {
                store.transaction(tx -> tx.update(
                        "UPDATE inbound SET pdu = x'', reason = '', unread = FALSE WHERE id IN ("
                                + Sql.marks(theirs.size()) + ")",
                        theirs));
            }
            return true;
        });
    }
}
