package dev.parley.smpp;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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

    /// In the order of the groups of [#NAME].
    private enum Field {
        ID,
        SUB,
        DLVRD,
        SUBMIT_DATE,
        DONE_DATE,
        STAT,
        ERR,
        TEXT
    }

    /// @param begin where its name begins
    /// @param from where its value begins
    private record Named(Field field, int begin, int from, String value) {}

    /// The name of a field begins the text, or follows what is no letter, digit or underscore of
    /// ASCII, and has a colon behind it (seen: an equals sign). The quantifiers cannot backtrack into
    /// each other, so that hostile text costs linear time.
    private static final Pattern NAME = Pattern.compile(
            "(?<![A-Za-z0-9_])" + "(?:(id)|(sub)|(dlvrd)|(submit[ _]?date)|(done[ _]?date)|(stat)|(err)|(text)) ?[:=]",
            Pattern.CASE_INSENSITIVE);

    /// What stands between two fields besides blanks.
    private static final String SEPARATORS = ",;|]";

    static final Predicate<String> NUMBER = Pattern.compile("[0-9]{1,9}").asMatchPredicate();

    /// What some put around a value.
    private static final String QUOTES = "\"'";

    /// Longer ones are no ids: SMPP v3.4 allows 64 octets, v5.0 the same.
    static final int ID_CHARACTERS_MAX = 128;

    /// More characters of a field than this say nothing.
    private static final int VALUE_CHARACTERS_MAX = 64;

    static ReceiptText read(String characters) {
        // A flat object of JSON without its marks is fields with names; a quoted text ends where its object does.
        boolean json = characters.startsWith("{", begin(characters));
        var octets = json ? characters.replace('{', ' ').replace('}', ' ').replace('"', ' ') : characters;
        var all = named(octets);
        int before = 0;
        while (before < all.size() && all.get(before).field != Field.TEXT) {
            before++;
        }
        var fields = new EnumMap<Field, String>(Field.class);
        all.subList(0, before).forEach(each -> fields.putIfAbsent(each.field, each.value));
        Optional<String> text = Optional.empty();
        if (before < all.size()) {
            var tail = octets.substring(all.get(before).from);
            if (!fields.containsKey(Field.STAT)) {
                tail = withoutFields(fields, all.subList(before, all.size()), tail);
            }
            text = Optional.of(json ? tail.strip() : tail);
        }
        stateWithoutName(fields);
        return of(fields, text);
    }

    /// The fields with a name, in their order.
    private static List<Named> named(String octets) {
        var all = new ArrayList<Named>();
        var names = NAME.matcher(octets);
        boolean found = names.find();
        while (found) {
            var field = field(names);
            int begin = names.start();
            int from = names.end();
            found = names.find();
            all.add(new Named(field, begin, from, octets.substring(from, found ? names.start() : octets.length())));
        }
        return all;
    }

    /// Takes the SMSC's fields out of what follows `text:`, if its state is among them.
    ///
    /// @param all the text and what has a name behind it
    /// @return the text without them
    private static String withoutFields(Map<Field, String> fields, List<Named> all, String tail) {
        var last = new EnumMap<Field, Named>(Field.class);
        all.forEach(each -> last.put(each.field, each));
        last.keySet().removeAll(fields.keySet());
        last.remove(Field.TEXT);
        if (!last.containsKey(Field.STAT)) {
            return tail;
        }
        last.forEach((field, each) -> fields.put(field, each.value));
        int end = last.values().stream().mapToInt(Named::begin).min().orElseThrow();
        return tail.substring(0, end - all.getFirst().from).stripTrailing();
    }

    /// A word that is a state and stands behind the date of the state: some SMSCs leave its name out.
    private static void stateWithoutName(Map<Field, String> fields) {
        var words = fields.getOrDefault(Field.DONE_DATE, "").strip();
        var second = words.substring(words.lastIndexOf(' ') + 1);
        if (!fields.containsKey(Field.STAT) && MessageState.ofWord(second).isPresent()) {
            fields.put(Field.STAT, second);
        }
    }

    private static Field field(Matcher names) {
        var all = Field.values();
        for (int i = 0; i < all.length; i++) {
            if (names.group(i + 1) != null) {
                return all[i];
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
            int from = begin(value);
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

    /// Where a text begins behind its blanks.
    private static int begin(String text) {
        int from = 0;
        while (from < text.length() && isBlank(text.charAt(from))) {
            from++;
        }
        return from;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isISOControl(c);
    }

    private static Optional<Integer> number(Map<Field, String> fields, Field field) {
        return word(fields, field).filter(NUMBER).map(Integer::parseInt);
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
    /// that we know, since some SMSCs leave the id out.
    static boolean isUnmistakable(String octets) {
        var dated = DATES_AND_STATE.matcher(octets);
        if (dated.find() && MessageState.ofWord(dated.group(1)).isPresent()) {
            return true;
        }
        if (!octets.regionMatches(true, begin(octets), "id:", 0, 3)) {
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
