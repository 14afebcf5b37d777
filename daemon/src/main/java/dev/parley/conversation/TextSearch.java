package dev.parley.conversation;

import dev.parley.account.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Turns what people type into a search field into conditions on a column with a full-text index. A
/// word that the index knows is found whole or as a beginning; others (short ones, those with other
/// characters than letters and digits, scripts without spaces) are found anywhere, by reading texts.
final class TextSearch {

    /// Words that count; each is one more condition.
    private static final int WORDS_MAX = 8;

    /// What InnoDB indexes: `innodb_ft_min_token_size` and `innodb_ft_max_token_size` as they are
    /// shipped.
    private static final int INDEXED_MIN = 3;

    private static final int INDEXED_MAX = 84;

    /// Beyond are scripts that are written without spaces, whose words the index does not see.
    private static final int SPACED_SCRIPTS_END = 0x0530;

    /// `INFORMATION_SCHEMA.INNODB_FT_DEFAULT_STOPWORD`, those of three letters and more.
    private static final Set<String> STOPWORDS = Set.of(
            "about", "are", "com", "for", "from", "how", "that", "the", "this", "und", "was", "what", "when", "where",
            "who", "will", "with", "www");

    private TextSearch() {}

    static List<Condition> conditions(String column, String query) {
        var conditions = new ArrayList<Condition>();
        var indexed = new ArrayList<String>();
        Arrays.stream(query.strip().split("[\\p{Z}\\s]+"))
                .filter(word -> !word.isEmpty())
                .limit(WORDS_MAX)
                .forEach(word -> {
                    if (isIndexed(word)) {
                        indexed.add("+" + word + "*");
                    } else {
                        conditions.add(new Condition(
                                "(" + column + " LIKE ? ESCAPE '!')",
                                List.of("%" + word.replaceAll("([!%_])", "!$1") + "%")));
                    }
                });
        if (!indexed.isEmpty()) {
            conditions.add(new Condition(
                    "(MATCH (" + column + ") AGAINST (? IN BOOLEAN MODE))", List.of(String.join(" ", indexed))));
        }
        return conditions;
    }

    private static boolean isIndexed(String word) {
        return word.length() >= INDEXED_MIN
                && word.length() <= INDEXED_MAX
                && !STOPWORDS.contains(word.toLowerCase(java.util.Locale.ROOT))
                && word.codePoints().allMatch(each -> each < SPACED_SCRIPTS_END && Character.isLetterOrDigit(each));
    }
}
