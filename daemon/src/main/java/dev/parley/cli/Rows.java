package dev.parley.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// What a command lists: columns for a person, or a JSON object a line for a program (`--json`).
final class Rows {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final List<String> keys;
    private final List<List<String>> rows = new ArrayList<>();

    Rows(PrintWriter out, PrintWriter err, boolean json, String... keys) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.keys = List.of(keys);
    }

    void add(String... values) {
        rows.add(List.of(values));
    }

    /// @param none what a person is told, beside the output, where there are no rows
    void print(String none) {
        if (rows.isEmpty() && !json) {
            err.println(none);
            err.flush();
        }
        print();
    }

    /// The last column is as long as it is: it may be a sentence.
    void print() {
        for (var row : rows) {
            if (json) {
                var object = new LinkedHashMap<String, String>();
                for (int column = 0; column < keys.size(); column++) {
                    object.put(keys.get(column), row.get(column));
                }
                out.println(JSON.writeValueAsString(object));
                continue;
            }
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                var value = row.get(column);
                line.append(value);
                if (column < row.size() - 1) {
                    line.append(" ".repeat(width(column) - value.length() + 2));
                }
            }
            out.println(line.toString().stripTrailing());
        }
        out.flush();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
