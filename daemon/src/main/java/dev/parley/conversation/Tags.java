package dev.parley.conversation;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tags: the small numbers by which people tell their groups on one line apart.
public final class Tags {

    /// The tag that stands for the direct conversation.
    public static final int DIRECT = 0;

    /// More digits are no tag: nobody is in ten thousand groups of one line.
    private static final String NUMBER = "(0|[1-9][0-9]{0,3})";

    /// `#2 text`, `#2: text`, `[#2 Soccer] text` (what somebody quotes), or the tag alone. `#2nd` and
    /// `#2.5` are text.
    private static final Pattern LEADING = Pattern.compile(
            "[\\p{Z}\\p{C}]*(?:[#＃]" + NUMBER + "(?=[\\p{Z}\\p{C}]|[:;,.!?\\-–—)]+(?:[\\p{Z}\\p{C}]|$)|$)"
                    + "|\\[[#＃]" + NUMBER + "(?:[\\p{Z}\\p{C}][^\\]]*)?\\])"
                    + "(?:[:;,.!?\\-–—)]+(?=[\\p{Z}\\p{C}]|$))?[\\p{Z}\\p{C}]*");

    private static final Pattern BARE = Pattern.compile("[^#＃\\p{L}\\p{N}]*[#＃]?" + NUMBER + "[^#＃\\p{L}\\p{N}]*");

    private Tags() {}

    /// A text that begins with a tag.
    ///
    /// @param text what comes behind the tag, without the blanks around it; empty if nothing does
    public record Tagged(int tag, String text) {}

    public static Optional<Tagged> leading(String text) {
        var match = LEADING.matcher(text);
        if (!match.lookingAt()) {
            return Optional.empty();
        }
        var number = match.group(1) == null ? match.group(2) : match.group(1);
        return Optional.of(
                new Tagged(Integer.parseInt(number), text.substring(match.end()).strip()));
    }

    /// The tag of a text that is a bare number or tag and nothing else: `2`, `#2`, `2.`, `[#2 Soccer]`.
    public static Optional<Integer> bare(String text) {
        var match = BARE.matcher(text);
        if (match.matches()) {
            return Optional.of(Integer.parseInt(match.group(1)));
        }
        return leading(text).filter(tagged -> tagged.text().isEmpty()).map(Tagged::tag);
    }

    /// The smallest number from 1 that is not taken.
    static int smallestFree(Collection<Integer> taken) {
        int free = 1;
        while (taken.contains(free)) {
            free++;
        }
        return free;
    }
}
