package dev.parley.line;

import dev.parley.store.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All lines there are, fixed at start: the configuration's in its order, then those that only the database
/// still knows.
public final class Lines {
    private final List<Line> configured;
    private final List<Line> known;

    private Lines(List<Line> configured, List<Line> known) {
        this.configured = List.copyOf(configured);
        this.known = List.copyOf(known);
    }

    private static final String REGISTER = """
            INSERT INTO line (number, name, country) VALUES (?, ?, ?)
            ON DUPLICATE KEY UPDATE name = VALUE(name), country = VALUE(country)
            """;

    private static final String ALL = "SELECT id, number, name, country FROM line ORDER BY id";

    /// Writes the configured lines to the database and reads all. A line is recognised by its number; its
    /// name may change.
    public static Lines register(Store store, List<LineSettings> settings) {
        var stored = store.transaction(tx -> {
            for (var line : settings) {
                tx.update(REGISTER, line.number(), line.name(), line.country());
            }
            return tx.list(ALL, Lines::unconfigured);
        });
        var configured = new ArrayList<Line>();
        for (var line : settings) {
            var row = stored.stream()
                    .filter(known -> known.number().equals(line.number()))
                    .findFirst()
                    .orElseThrow();
            configured.add(new Line(row.id(), row.number(), row.name(), row.country(), line.links(), line.weights()));
            stored.remove(row);
        }
        var known = new ArrayList<>(configured);
        known.addAll(stored);
        return new Lines(configured, known);
    }

    private static Line unconfigured(ResultSet row) throws SQLException {
        return new Line(
                row.getLong("id"),
                row.getString("number"),
                row.getString("name"),
                row.getString("country"),
                List.of(),
                Map.of());
    }

    /// The configured lines, in the order of the configuration.
    public List<Line> all() {
        return configured;
    }

    /// The line with this id, configured or not.
    public Optional<Line> byId(long id) {
        return known.stream().filter(line -> line.id() == id).findFirst();
    }

    /// The configured line with this number.
    public Optional<Line> byNumber(String number) {
        return configured.stream().filter(line -> line.number().equals(number)).findFirst();
    }

    /// The configured line that a link belongs to.
    public Optional<Line> byLink(String link) {
        return configured.stream().filter(line -> line.links().contains(link)).findFirst();
    }
}
