package dev.parley.config;

import java.util.Optional;

/// A key of the configuration file, as the code that reads it says.
///
/// @param path `queue.validity`; `[]` stands for a place in a list, capitals for a name of the user's choice
/// @param type what is expected there, in words
/// @param range what of it is taken; empty for all of it
/// @param usual what is so where the key is left out, as it would be written; empty where nothing is
/// @param sentence what it is for
/// @param example what could stand there, as it is written
public record ConfigKey(
        String path,
        String type,
        Optional<String> range,
        Optional<String> usual,
        boolean required,
        String sentence,
        Optional<String> example) {

    ConfigKey ranging(String words) {
        return new ConfigKey(path, type, Optional.of(words), usual, required, sentence, example);
    }

    ConfigKey otherwise(Optional<String> words) {
        return new ConfigKey(path, type, range, words, required, sentence, example);
    }

    ConfigKey demanded() {
        return new ConfigKey(path, type, range, usual, true, sentence, example);
    }

    ConfigKey like(String text) {
        return new ConfigKey(path, type, range, usual, required, sentence, Optional.of(text));
    }

    /// Whether it holds other keys and no value.
    public boolean isSection() {
        return type.contains("section");
    }

    /// Whether it takes one of a few words, which the type lists.
    boolean isChoice() {
        return Character.isLowerCase(type.charAt(0)) && type.matches("\\w+(?:, \\w+)+");
    }

    /// Type, range and what is so without it, in one sentence.
    public String terms() {
        var terms = new StringBuilder(type);
        range.ifPresent(words -> terms.append("; ").append(words));
        if (required) {
            terms.append("; required");
        }
        usual.ifPresent(words -> terms.append("; ").append(words).append(" when left out"));
        return terms.toString();
    }
}
