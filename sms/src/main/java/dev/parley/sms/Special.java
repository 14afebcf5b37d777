package dev.parley.sms;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// A character that the GSM 7-bit alphabet (3GPP TS 23.038 §6.2.1) does not have, so that one of it turns a
/// whole text to UCS-2.
///
/// @param text the character, by code point
/// @param replacement what looks like it or means the same in that alphabet; empty text for what nobody sees,
/// no value where nothing stands for it
public record Special(String text, Optional<String> replacement) {

    /// Those of a text, each once, in the order of first appearance.
    public static List<Special> in(String text) {
        var seen = new LinkedHashSet<String>();
        text.codePoints()
                .mapToObj(Character::toString)
                .filter(each -> Gsm7.DEFAULT.septets(each) < 0)
                .forEach(seen::add);
        var specials = new ArrayList<Special>(seen.size());
        for (var each : seen) {
            specials.add(new Special(
                    each, each.length() == 1 ? Optional.ofNullable(LookAlikes.of(each.charAt(0))) : Optional.empty()));
        }
        return specials;
    }

    /// A text with all of them replaced that something stands for.
    public static String replaced(String text) {
        return Replacing.of(text).text();
    }
}
