package dev.parley.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a command lists: columns for a person, or a JSON object a line for a program (`--json`).
final class Rows {
    private final Output output;
    private final List<String> keys;
    private final List<List<String>> rows = new ArrayList<>();

    Rows(Output output, String... keys) {
        this.output = output;
        this.keys = List.of(keys);
    }

    void add(String... values) {
        rows.add(List.of(values));
    }

    void add(UnaryOperator<String> valueOfKey) {
        rows.add(keys.stream().map(valueOfKey).toList());
    }

    /// @param none what a person is told, beside the output, where there are no rows
    void print(String none) {
        if (rows.isEmpty() && !output.isJson()) {
            output.err().println(none);
        }
        print();
    }

    /// The last column is as long as it is: it may be a sentence.
    void print() {
        for (var row : rows) {
            var line = new StringBuilder();
            var object = new LinkedHashMap<String, String>();
            for (int column = 0; column < keys.size(); column++) {
                var value = row.get(column);
                line.append(value).append(" ".repeat(width(column) - value.length() + 2));
                object.put(keys.get(column), value);
            }
            output.say(line.toString().stripTrailing(), object);
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
