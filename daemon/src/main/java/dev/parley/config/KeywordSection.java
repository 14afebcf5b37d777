package dev.parley.config;

import dev.parley.conversation.Keywords;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
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
                            of(section, "stop"),
                            of(section, "start"),
                            of(section, "yes"),
                            of(section, "help"),
                            of(section, "leave"),
                            of(section, "join")));
        });
        return words;
    }

    private static Set<String> of(Section section, String key) {
        var words = new HashSet<String>();
        if (section.has(key)) {
            for (var item : section.texts(key)) {
                if (item.text().codePoints().noneMatch(Character::isLetter)) {
                    section.wrong(key, item, "has \"" + item.text() + "\"; expected a word");
                } else {
                    words.add(item.text());
                }
            }
        } else {
            section.known(key);
        }
        return words;
    }
}
