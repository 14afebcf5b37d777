package dev.parley.smpp;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The text of a delivery receipt: SMPP v3.4 appendix B, which is only an example of a format and
/// is treated as one by every SMSC.
///
/// ```
/// id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E
/// text:…
/// ```
///
/// Read as fields in any order and any case, each once or not at all, the first of a name
/// counting, the last perhaps cut off, with blanks, line ends, commas, semicolons or bars between.
/// What follows `text:` was written by a person and is not searched for fields, so that nobody can
/// forge a state; only where no `stat:` stands before it is the last one behind it the SMSC's (one
/// vendor puts it there, others the text first), and with it the last of each other field that
/// does not stand before.
///
/// @param stat the word as it is written, perhaps empty
/// @param err as it is written: some SMSCs use letters, four digits or nothing
record ReceiptText(
        Optional<String> id,
        Optional<Integer> sub,
        Optional<Integer> dlvrd,
        Optional<LocalDateTime> submitDate,
        Optional<LocalDateTime> doneDate,
        Optional<String> stat,
        Optional<String> err,
        Optional<String> text) {

    private enum Field {
        ID(1),
        SUB(2),
        DLVRD(3),
        SUBMIT_DATE(4),
        DONE_DATE(5),
        STAT(6),
        ERR(7),
        TEXT(8);

        private final int group;

        Field(int group) {
            this.group = group;
        }
    }

    /// The name of a field begins the text, or follows what is no letter, digit or underscore of
    /// ASCII,
    /// and has a colon behind it (seen: an equals sign). The quantifiers cannot backtrack into each
    /// other, so that hostile text costs linear time.
    private static final Pattern NAME = Pattern.compile(
            "(?<![A-Za-z0-9_])" + "(?:(id)|(sub)|(dlvrd)|(submit[ _]?date)|(done[ _]?date)|(stat)|(err)|(text)) ?[:=]",
            Pattern.CASE_INSENSITIVE);

    /// What stands between two fields besides blanks.
    private static final String SEPARATORS = ",;|]";

    /// What some put around a value.
    private static final String QUOTES = "\"'";

    /// Longer ones are no ids: SMPP v3.4 allows 64 octets, v5.0 the same.
    static final int ID_CHARACTERS_MAX = 128;

    /// More characters of a field than this say nothing.
    private static final int VALUE_CHARACTERS_MAX = 64;

    static ReceiptText read(String characters) {
        var octets = isJson(characters) ? withoutMarks(characters) : characters;
        var fields = new EnumMap<Field, String>(Field.class);
        var names = NAME.matcher(octets);
        int text = octets.length();
        Optional<Field> open = Optional.empty();
        int from = 0;
        while (names.find()) {
            close(fields, open, octets, from, names.start());
            open = Optional.of(field(names));
            from = names.end();
            if (open.get() == Field.TEXT) {
                text = names.end();
                break;
            }
        }
        if (text == octets.length()) {
            close(fields, open, octets, from, octets.length());
        }
        // A quoted text ends where its object does.
        var tail = isJson(characters) ? octets.substring(text).strip() : octets.substring(text);
        if (!fields.containsKey(Field.STAT)) {
            tail = withoutFields(fields, tail);
            stateWithoutName(fields);
        }
        return of(fields, open.filter(Field.TEXT::equals).isPresent() ? Optional.of(tail) : Optional.empty());
    }

    private static boolean isJson(String characters) {
        int from = 0;
        while (from < characters.length() && isBlank(characters.charAt(from))) {
            from++;
        }
        return from < characters.length() && characters.charAt(from) == '{';
    }

    /// A flat object of JSON without its marks is fields with names.
    private static String withoutMarks(String json) {
        var plain = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            plain.append(c == '{' || c == '}' || c == '"' ? ' ' : c);
        }
        return plain.toString();
    }

    /// Takes the SMSC's fields out of what follows `text:`, if its state is among them.
    ///
    /// @return the text without them
    private static String withoutFields(Map<Field, String> fields, String tail) {
        var last = new EnumMap<Field, String>(Field.class);
        var begins = new EnumMap<Field, Integer>(Field.class);
        var names = NAME.matcher(tail);
        Optional<Field> open = Optional.empty();
        int from = 0;
        while (names.find()) {
            if (open.isPresent()) {
                last.put(open.get(), tail.substring(from, names.start()));
            }
            open = Optional.of(field(names));
            begins.put(open.get(), names.start());
            from = names.end();
        }
        if (open.isPresent()) {
            last.put(open.get(), tail.substring(from));
        }
        last.keySet().removeAll(fields.keySet());
        last.remove(Field.TEXT);
        if (!last.containsKey(Field.STAT)) {
            return tail;
        }
        fields.putAll(last);
        begins.keySet().retainAll(last.keySet());
        int end = Collections.min(begins.values());
        return tail.substring(0, end).stripTrailing();
    }

    /// A word that is a state and stands behind the date of the state: some SMSCs leave its name
    /// out.
    private static void stateWithoutName(Map<Field, String> fields) {
        var words = fields.getOrDefault(Field.DONE_DATE, "").strip();
        var second = words.substring(words.lastIndexOf(' ') + 1);
        if (!fields.containsKey(Field.STAT) && MessageState.ofWord(second).isPresent()) {
            fields.put(Field.STAT, second);
        }
    }

    private static void close(Map<Field, String> fields, Optional<Field> open, String octets, int from, int to) {
        open.ifPresent(field -> fields.putIfAbsent(field, octets.substring(from, to)));
    }

    private static Field field(Matcher names) {
        for (var field : Field.values()) {
            if (names.group(field.group) != null) {
                return field;
            }
        }
        throw new IllegalStateException("a name of no field");
    }

    private static ReceiptText of(Map<Field, String> fields, Optional<String> text) {
        return new ReceiptText(
                word(fields, Field.ID).filter(id -> !id.isEmpty() && id.length() <= ID_CHARACTERS_MAX),
                number(fields, Field.SUB),
                number(fields, Field.DLVRD),
                Optional.ofNullable(fields.get(Field.SUBMIT_DATE)).flatMap(ReceiptText::date),
                Optional.ofNullable(fields.get(Field.DONE_DATE)).flatMap(ReceiptText::date),
                word(fields, Field.STAT),
                word(fields, Field.ERR),
                text);
    }

    /// The first word of a field: what follows it without a name of its own belongs to nobody.
    private static Optional<String> word(Map<Field, String> fields, Field field) {
        return Optional.ofNullable(fields.get(field)).map(value -> {
            int from = 0;
            while (from < value.length() && isBlank(value.charAt(from))) {
                from++;
            }
            int to = from;
            while (to < value.length() && !isBlank(value.charAt(to)) && SEPARATORS.indexOf(value.charAt(to)) < 0) {
                to++;
            }
            return unquoted(value.substring(from, to));
        });
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() >= 2
                && QUOTES.indexOf(word.charAt(0)) >= 0
                && word.charAt(0) == word.charAt(word.length() - 1);
        return quoted ? word.substring(1, word.length() - 1) : word;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isISOControl(c);
    }

    private static Optional<Integer> number(Map<Field, String> fields, Field field) {
        return word(fields, field)
                .filter(word -> !word.isEmpty() && word.length() <= 9 && digitsOnly(word))
                .map(Integer::parseInt);
    }

    private static boolean digitsOnly(String word) {
        return word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// `YYMMDDhhmm`, with seconds, with a century, with separators, as RFC 3339 has it, or in SMPP
    /// time format (v3.4 §7.1.1). Empty for anything else, all zeros included.
    static Optional<LocalDateTime> date(String written) {
        if (written.length() > VALUE_CHARACTERS_MAX) {
            return Optional.empty();
        }
        var digits = new StringBuilder();
        written.chars().filter(c -> c >= '0' && c <= '9').forEach(c -> digits.append((char) c));
        var all = digits.toString();
        return switch (all.length()) {
            case 10 -> dateOf("20" + all + "00");
            case 12 -> dateOf("20" + all).or(() -> dateOf(all + "00"));
            case 14 -> dateOf(all);
            // YYMMDDhhmmsstnn and a sign: tenths of a second, and quarter hours from UTC.
            case 15 -> dateOf("20" + all.substring(0, 12));
            // Fractions of a second, or the distance from UTC.
            default -> all.length() > 14 && written.indexOf('T') > 0 ? dateOf(all.substring(0, 14)) : Optional.empty();
        };
    }

    private static Optional<LocalDateTime> dateOf(String digits) {
        try {
            int year = Integer.parseInt(digits, 0, 4, 10);
            return Optional.of(LocalDateTime.of(
                            year,
                            Integer.parseInt(digits, 4, 6, 10),
                            Integer.parseInt(digits, 6, 8, 10),
                            Integer.parseInt(digits, 8, 10, 10),
                            Integer.parseInt(digits, 10, 12, 10),
                            Integer.parseInt(digits, 12, 14, 10)))
                    .filter(_ -> year >= 1990);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// Two dates and a state behind one another, as appendix B has them: nobody writes so.
    private static final Pattern DATES_AND_STATE = Pattern.compile(
            "submit[ _]?date ?[:=] ?[0-9]{6,14}[ ,;|]*done[ _]?date ?[:=] ?[0-9]{0,14}[ ,;|]*stat ?[:=] ?([A-Za-z_]{1,20})",
            Pattern.CASE_INSENSITIVE);

    /// Whether a text that no `esm_class` calls a receipt is one all the same: some SMSCs forget
    /// the bit. A person's text may well hold `id:` and `stat:`, so it must begin as appendix B
    /// does, with a state that we know and two more of its fields; or hold both dates and a state
    /// that we know, since
    /// some SMSCs leave the id out.
    static boolean isUnmistakable(String octets) {
        var dated = DATES_AND_STATE.matcher(octets);
        if (dated.find() && MessageState.ofWord(dated.group(1)).isPresent()) {
            return true;
        }
        int from = 0;
        while (from < octets.length() && isBlank(octets.charAt(from))) {
            from++;
        }
        if (!octets.regionMatches(true, from, "id:", 0, 3)) {
            return false;
        }
        var receipt = read(octets);
        return receipt.id.isPresent()
                && receipt.isStateKnown()
                && Stream.of(receipt.submitDate, receipt.doneDate, receipt.err, receipt.sub, receipt.dlvrd)
                                .filter(Optional::isPresent)
                                .count()
                        >= 2;
    }

    boolean isStateKnown() {
        return stat.flatMap(MessageState::ofWord).isPresent();
    }

    boolean saysNothing() {
        return id.isEmpty() && stat.isEmpty();
    }
}
