package dev.parley.at;

import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How a modem can tell of new messages (`+CNMI`, TS 27.005 §3.4.1).
///
/// Its five fields are `<mode>`, what becomes of URCs while the link to the modem is taken; `<mt>`, messages: 1 stored
/// and told with `+CMTI`, 2 handed over with `+CMT`, 3 the same for class 3 only; `<bm>`, cell broadcasts: 0 none;
/// `<ds>`, status reports: 1 handed over with `+CDS`, 2 stored and told with `+CDSI`; `<bfr>`, what becomes of buffered
/// URCs when the mode is set: 0 sent, 1 dropped.
///
/// @param fields the values that the modem offers for each; a field it does not name is an empty set
public record Cnmi(List<NavigableSet<Integer>> fields) {
    private static final List<Integer> MODES = List.of(2, 1, 3, 0);

    /// Stored delivery is preferred for messages: what is stored survives a crash of ours without being
    /// acknowledged in time.
    private static final List<Integer> MESSAGES = List.of(1, 3, 2, 0);

    private static final List<Integer> BUFFERED = List.of(0, 1);

    /// The answer to `AT+CNMI=?`: lists and ranges in brackets, bare, empty or with broken quotes.
    public static Cnmi offered(Final result) {
        return new Cnmi(result.answers().stream()
                .map(answer -> Lines.withBracketsClosed(answer.text().replace("\"", "")))
                .flatMap(offer -> Lines.fields(offer).stream())
                .limit(5)
                .map(Cnmi::values)
                .toList());
    }

    /// Picks out of what is offered, and no more fields than the modem knows. A fixed `2,1,0,1,0` is refused by a
    /// Cinterion MC75i, which takes `bfr` 1 only.
    ///
    /// @param reports the wanted order of `ds`: 2 first where stored reports can be read
    /// @return empty if the modem offers nothing: it cannot tell of messages, and has to be asked for them
    public Optional<Command> choose(List<Integer> reports) {
        if (fields.stream().allMatch(NavigableSet::isEmpty)) {
            return Optional.empty();
        }
        var preferred = List.of(MODES, MESSAGES, List.of(0), reports, BUFFERED);
        return Optional.of(Command.of(IntStream.range(0, Math.max(2, fields.size()))
                .mapToObj(field -> first(preferred.get(field), field))
                .collect(Collectors.joining(",", "AT+CNMI=", ""))));
    }

    private String first(List<Integer> preferred, int field) {
        if (field >= fields.size() || fields.get(field).isEmpty()) {
            return "0";
        }
        var offered = fields.get(field);
        return String.valueOf(
                preferred.stream().filter(offered::contains).findFirst().orElse(offered.getFirst()));
    }

    private static NavigableSet<Integer> values(String field) {
        var values = new TreeSet<Integer>();
        for (var item : field.replaceAll("[()]", " ").split(",", -1)) {
            var range = item.split("-", 2);
            var from = Lines.number(range[0]);
            var to = Lines.number(range[range.length - 1]);
            if (from.isPresent() && to.isPresent()) {
                IntStream.rangeClosed(from.get(), Math.min(to.get(), 9)).forEach(values::add);
            }
        }
        return values;
    }
}
