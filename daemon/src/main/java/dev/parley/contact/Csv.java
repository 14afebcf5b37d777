package dev.parley.contact;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// CSV as RFC 4180 describes it, read as spreadsheets write it: in UTF-8, UTF-16 or windows-1252, with commas,
/// semicolons or tabs between cells, behind `sep=;`, with any line end, with empty rows and empty cells at the end.
///
/// What a spreadsheet would run as a formula is written behind an apostrophe, and read without it (OWASP, CSV
/// injection): what was written is read back the same.
final class Csv {
    /// What begins a formula: `= + - @`, in every width that Unicode has them in, behind what a
    /// spreadsheet may pass over before it looks for one.
    private static final String FORMULA =
            "['\\p{Z}\\p{Cf}]*[=+\\-@\\t\\r\\n\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B"
                    + "\u207C\u207A\u207B\u208C\u208A\u208B\u2212]";

    /// Where a cell begins: at its beginning, and in its middle where a spreadsheet that takes another separator than
    /// ours would see the next one begin.
    private static final String BEGINNING = "(?<=\\A|[;\\t|\\r\\n])";

    private static final Pattern RUNS = Pattern.compile(BEGINNING + "(?=" + FORMULA + ")");

    private static final Pattern ESCAPED = Pattern.compile(BEGINNING + "'(?=" + FORMULA + ")");

    /// `="+12025550111"`: how spreadsheets are made to keep a number as a text.
    private static final Pattern TEXT_FORMULA = Pattern.compile("=\"([^\"]*)\"");

    private static final Pattern NUMBER = Pattern.compile("\\+[0-9]+");

    private static final Pattern SEPARATOR_LINE = Pattern.compile("(?i)\"?sep=(.)\"?[,;\\t]*\\r?\\n");

    private static final Pattern HEADING = Pattern.compile("(?i).*name.*", Pattern.DOTALL);

    /// A byte order mark in front, and the end of file that DOS wrote behind the text.
    private static final Pattern LEFT_OVER = Pattern.compile("\\A\\uFEFF|[\\x1A\\x00]+\\z");

    /// The first octets, each as a character: a byte order mark, or the zeros of the first two letters.
    private static final Pattern UTF_16LE = Pattern.compile("\u00FF\u00FE|.\u0000.\u0000", Pattern.DOTALL);

    private static final Pattern UTF_16BE = Pattern.compile("\u00FE\u00FF|\u0000.\u0000.", Pattern.DOTALL);

    /// A cell with what is behind it: a separator, a line end, the end. The quotes go on for as long as they can.
    private static final String CELL =
            "(?:\"(?<quoted>(?:[^\"]++|\"\")*+)(?<end>\"?)|(?<bare>[^%1$s\\r\\n]*+))(?<behind>%1$s|\\r\\n?|\\n|\\z)?";

    private static final String SEPARATORS = ",;\t|";

    /// Cells of a row: a spreadsheet may export some empty columns beside ours.
    private static final int CELLS_MAX = 256;

    private Csv() {}

    /// One row.
    ///
    /// @param number from 1, as a spreadsheet counts them
    record Row(int number, List<String> cells) {}

    /// The text of a file: UTF-16 by its byte order mark or its zeros, UTF-8 where the octets are that, else
    /// windows-1252, in which older spreadsheets save. Empty where none of them gives a heading.
    static Optional<String> text(byte[] file) {
        var beginning = new String(file, 0, Math.min(4, file.length), StandardCharsets.ISO_8859_1);
        if (UTF_16LE.matcher(beginning).lookingAt()) {
            return decoded(file, StandardCharsets.UTF_16LE);
        }
        if (UTF_16BE.matcher(beginning).lookingAt()) {
            return decoded(file, StandardCharsets.UTF_16BE);
        }
        return decoded(file, StandardCharsets.UTF_8)
                .or(() -> decoded(file, Charset.forName("windows-1252"))
                        .filter(text -> text.lines()
                                .limit(2) // the first may be `sep=;`
                                .anyMatch(line -> HEADING.matcher(line).matches())));
    }

    private static Optional<String> decoded(byte[] file, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(file))
                    .toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /// Rows with nothing in them are left out, and so are empty cells at the end of a row.
    ///
    /// @param rowsMax reading ends behind one row more, however much follows: who asks sees by it that
    /// there are too many
    /// @throws Malformed if a quoted cell does not end, or goes on behind its end, or a row has too many
    /// cells
    static List<Row> read(String text, int rowsMax) throws Malformed {
        var in = LEFT_OVER.matcher(text).replaceAll("");
        var said = SEPARATOR_LINE.matcher(in);
        String separator;
        if (said.lookingAt()) {
            separator = said.group(1);
            in = in.substring(said.end());
        } else {
            separator = separator(in.lines().findFirst().orElse(""));
        }
        var cell = Pattern.compile(CELL.formatted(Pattern.quote(separator))).matcher(in);
        var rows = new ArrayList<Row>();
        int at = 0;
        int number = 1;
        while (at < in.length() && rows.size() <= rowsMax) {
            var cells = new ArrayList<String>();
            do {
                var _ = cell.region(at, in.length()).lookingAt();
                at = cell.end();
                if ("".equals(cell.group("end"))) {
                    throw new Malformed(number, "a quoted cell does not end");
                }
                if (cell.group("behind") == null) {
                    throw new Malformed(number, "something stands behind the closing quote of a cell");
                }
                if (cells.size() == CELLS_MAX) {
                    throw new Malformed(number, "has more than " + CELLS_MAX + " cells");
                }
                cells.add(unescaped(Optional.ofNullable(cell.group("bare"))
                        .orElseGet(() -> cell.group("quoted").replace("\"\"", "\""))));
            } while (separator.equals(cell.group("behind")));
            while (!cells.isEmpty() && cells.getLast().isBlank()) {
                cells.removeLast();
            }
            if (!cells.isEmpty()) {
                rows.add(new Row(number, List.copyOf(cells)));
            }
            number++;
        }
        return rows;
    }

    /// The one that the heading has most of; a comma where it has none.
    private static String separator(String heading) {
        return SEPARATORS
                .chars()
                .boxed()
                .max(Comparator.comparingLong(
                        each -> heading.chars().filter(c -> c == each).count()))
                .map(Character::toString)
                .orElseThrow();
    }

    /// A cell, quoted where it has to be, and never one that a spreadsheet runs. A number keeps its plus, which
    /// calculates nothing.
    static String written(String cell) {
        var safe = NUMBER.matcher(cell).matches() ? cell : RUNS.matcher(cell).replaceAll("'");
        return safe.chars().anyMatch(c -> c == '"' || SEPARATORS.indexOf(c) >= 0 || c == '\r' || c == '\n')
                        || !safe.equals(safe.strip())
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }

    private static String unescaped(String cell) {
        var text = TEXT_FORMULA.matcher(cell.strip());
        return text.matches() ? text.group(1) : ESCAPED.matcher(cell).replaceAll("");
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
