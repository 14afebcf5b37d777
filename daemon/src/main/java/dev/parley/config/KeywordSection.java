package dev.parley.config;

import dev.parley.reply.Keywords;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The section `keywords`: words of further languages that opt out, opt in, ask for help, leave or join. The English
/// ones count always, as the rules of the networks want.
final class KeywordSection {

    private KeywordSection() {}

    /// By language, the English ones included.
    static Map<String, Keywords.Words> from(Map<String, Section> languages) {
        var words = new LinkedHashMap<String, Keywords.Words>();
        words.put("en", Keywords.Words.ENGLISH);
        languages.forEach((language, section) -> {
            if (language.equals("en") || !language.matches("[a-z]{2,3}")) {
                section.wrong("is no language to add words of; expected its letters by ISO 639, such as de");
            }
            words.put(
                    language,
                    new Keywords.Words(
                            of(section, "stop", "Words that opt the writer out of the line."),
                            of(section, "start", "Words that opt in again."),
                            of(section, "yes", "Words that opt in again, of who is opted out."),
                            of(section, "help", "Words that are answered with the line's help text."),
                            of(section, "leave", "Words that leave one group."),
                            of(section, "join", "Words that come back to it.")));
        });
        return words;
    }

    private static Set<String> of(Section section, String key, String sentence) {
        return Set.copyOf(section.texts(
                key,
                sentence,
                text -> Optional.of(text).filter(word -> word.codePoints().anyMatch(Character::isLetter)),
                "a word"));
    }
}
