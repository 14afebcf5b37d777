package dev.parley.at;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// How the modem tells of new messages (`+CNMI`, TS 27.005 §3.4.1).
///
/// @param mode what becomes of URCs while the link to the modem is taken
/// @param mt messages: 1 stored and told with `+CMTI`, 2 handed over with `+CMT`, 3 the same for class 3 only
/// @param bm cell broadcasts: 0 none
/// @param ds status reports: 1 handed over with `+CDS`, 2 stored and told with `+CDSI`
/// @param bfr what becomes of buffered URCs when the mode is set: 0 sent, 1 dropped
public record Cnmi(int mode, int mt, int bm, int ds, int bfr) {

    /// The values a modem offers for each field; a field it does not name is an empty set.
    public record Offered(List<NavigableSet<Integer>> fields) {
        private static final List<Integer> MODES = List.of(2, 1, 3, 0);

        /// Stored delivery is preferred for messages: what is stored survives a crash of ours without being
        /// acknowledged in time.
        private static final List<Integer> MESSAGES = List.of(1, 3, 2, 0);

        private static final List<Integer> BUFFERED = List.of(0, 1);

        /// Picks out of what is offered. A fixed `2,1,0,1,0` is refused by a Cinterion MC75i, which takes `bfr` 1 only.
        ///
        /// @param reports the wanted order of `ds`: 2 first where stored reports can be read
        /// @return empty if the modem offers nothing: it cannot tell of messages, and has to be asked for them
        public Optional<Cnmi> choose(List<Integer> reports) {
            if (fields.stream().allMatch(NavigableSet::isEmpty)) {
                return Optional.empty();
            }
            return Optional.of(new Cnmi(
                    first(MODES, 0), first(MESSAGES, 1), first(List.of(0), 2), first(reports, 3), first(BUFFERED, 4)));
        }

        /// How many of the five the modem knows; the command must not name more.
        int count() {
            return fields.size();
        }

        private int first(List<Integer> preferred, int field) {
            if (field >= fields.size() || fields.get(field).isEmpty()) {
                return 0;
            }
            var offered = fields.get(field);
            return preferred.stream().filter(offered::contains).findFirst().orElse(offered.getFirst());
        }
    }

    /// The answer to `AT+CNMI=?`: lists and ranges in brackets, bare, empty or with broken quotes.
    public static Offered offered(Final result) {
        var fields = new ArrayList<NavigableSet<Integer>>();
        for (var answer : result.answers()) {
            for (var field : Lines.fields(Lines.withBracketsClosed(answer.text().replace("\"", "")))) {
                if (fields.size() < 5) {
                    fields.add(values(field));
                }
            }
        }
        return new Offered(fields);
    }

    public Command command(Offered offered) {
        var values = List.of(mode, mt, bm, ds, bfr);
        var known = Math.clamp(offered.count(), 2, values.size());
        var text = new StringBuilder("AT+CNMI=");
        for (var i = 0; i < known; i++) {
            text.append(i == 0 ? "" : ",").append(values.get(i));
        }
        return Command.of(text.toString());
    }

    /// True if messages or reports come whole and have to be acknowledged.
    public boolean direct() {
        return mt == 2 || mt == 3 || ds == 1;
    }

    private static NavigableSet<Integer> values(String field) {
        var values = new TreeSet<Integer>();
        for (var item : field.replace("(", " ").replace(")", " ").split(",", -1)) {
            var dash = item.indexOf('-');
            var from = Lines.number(dash < 0 ? item : item.substring(0, dash));
            var to = Lines.number(dash < 0 ? item : item.substring(dash + 1));
            if (from.isPresent() && to.isPresent()) {
                for (var value = from.getAsInt(); value <= Math.min(to.getAsInt(), 9); value++) {
                    values.add(value);
                }
            }
        }
        return values;
    }
}
