package dev.parley.contact;

import java.util.ArrayList;
import java.util.List;

/// CSV as RFC 4180 describes it, read as spreadsheets write it: a byte order mark in front, `;`
/// for a comma where the heading has it, any line end, empty lines.
final class Csv {
    private Csv() {}

    /// One row.
    ///
    /// @param number from 1, as a spreadsheet counts them
    record Row(int number, List<String> cells) {}

    /// @throws Malformed if a quoted cell does not end, or goes on behind its end
    static List<Row> read(String text) throws Malformed {
        var in = text.startsWith("\uFEFF") ? text.substring(1) : text;
        var heading = in.lines().findFirst().orElse("");
        char separator = heading.indexOf(';') >= 0 && heading.indexOf(',') < 0 ? ';' : ',';
        var rows = new ArrayList<Row>();
        int at = 0;
        int number = 1;
        while (at < in.length()) {
            var cells = new ArrayList<String>();
            boolean more = true;
            while (more) {
                var cell = new StringBuilder();
                at = cell(in, at, separator, cell, number);
                cells.add(cell.toString());
                more = at < in.length() && in.charAt(at) == separator;
                if (more) {
                    at++;
                }
            }
            at = behindLineEnd(in, at);
            if (cells.size() > 1 || !cells.getFirst().isBlank()) {
                rows.add(new Row(number, List.copyOf(cells)));
            }
            number++;
        }
        return rows;
    }

    /// @return the place behind the cell: of a separator, a line end, or the end
    private static int cell(String in, int from, char separator, StringBuilder cell, int row) throws Malformed {
        int at = from;
        if (at >= in.length() || in.charAt(at) != '"') {
            while (at < in.length() && in.charAt(at) != separator && !isLineEnd(in.charAt(at))) {
                cell.append(in.charAt(at++));
            }
            return at;
        }
        at++;
        while (true) {
            if (at >= in.length()) {
                throw new Malformed(row, "a quoted cell does not end");
            }
            char c = in.charAt(at++);
            if (c != '"') {
                cell.append(c);
            } else if (at < in.length() && in.charAt(at) == '"') {
                cell.append(c);
                at++;
            } else {
                break;
            }
        }
        if (at < in.length() && in.charAt(at) != separator && !isLineEnd(in.charAt(at))) {
            throw new Malformed(row, "something stands behind the closing quote of a cell");
        }
        return at;
    }

    private static boolean isLineEnd(char c) {
        return c == '\r' || c == '\n';
    }

    private static int behindLineEnd(String in, int at) {
        if (at < in.length() && in.charAt(at) == '\r') {
            return at + 1 < in.length() && in.charAt(at + 1) == '\n' ? at + 2 : at + 1;
        }
        return at < in.length() ? at + 1 : at;
    }

    /// A cell, quoted where it has to be.
    static String written(String cell) {
        return cell.chars().anyMatch(c -> c == '"' || c == ',' || c == ';' || isLineEnd((char) c))
                        || !cell.equals(cell.strip())
                ? "\"" + cell.replace("\"", "\"\"") + "\""
                : cell;
    }

    /// This is no CSV.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;
        final int row;

        Malformed(int row, String why) {
            super(why);
            this.row = row;
        }
    }
}
