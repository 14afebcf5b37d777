package dev.parley.config;

import dev.parley.contact.RecipientRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The section `recipients`, of a line or of all: which numbers may be texted, by prefix.
final class RecipientSection {
    private static final Pattern PREFIX = Pattern.compile("\\+[1-9][0-9]{0,14}");

    private RecipientSection() {}

    static RecipientRules from(Section yaml) {
        return new RecipientRules(
                prefixes(
                        yaml,
                        "allow",
                        "Beginnings of numbers that may be texted. One of premium-rate numbers (\"+1900\") lets just"
                                + " those through as well; with any other, only numbers that begin with one of them may"
                                + " be texted."),
                prefixes(
                        yaml,
                        "block",
                        "Beginnings of numbers that may not be texted. Of all prefixes that fit a number, the longest"
                                + " decides."));
    }

    private static List<String> prefixes(Section yaml, String key, String sentence) {
        return yaml.texts(
                key,
                sentence,
                text -> Optional.of(text).filter(PREFIX.asMatchPredicate()),
                "the beginning of a number in E.164, such as \"+1900\", in quotes");
    }
}
