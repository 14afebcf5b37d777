package dev.parley.sms;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Puts characters of the GSM 7-bit alphabet in place of those that look like them or mean the same.
///
/// @param replacements in the order of first appearance
record Replacing(String text, List<Replacement> replacements) {

    static Replacing of(String text) {
        var out = new StringBuilder(text.length());
        var counts = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            var like = Gsm7.DEFAULT.septets(c) > 0 ? null : LookAlikes.of(c);
            if (like == null) {
                out.append(c);
            } else {
                out.append(like);
                counts.merge(String.valueOf(c), 1, Integer::sum);
            }
        }
        var replacements = new ArrayList<Replacement>(counts.size());
        counts.forEach((from, count) -> {
            var to = LookAlikes.of(from.charAt(0));
            replacements.add(new Replacement(from, to == null ? "" : to, count));
        });
        return new Replacing(out.toString(), replacements);
    }
}
