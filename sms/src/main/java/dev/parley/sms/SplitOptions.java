package dev.parley.sms;

import java.util.Set;

/// How a text may be split.
///
/// @param reference what the parts have in common, 0 to 255 or 0 to 65,535
/// @param referenceBits its width, 8 or 16; the wider costs a septet a part
/// @param replace whether typographic characters may become their likes in the GSM 7-bit alphabet where
/// that keeps the text in it (see [Replacement])
/// @param languages whose shift tables may be used where that makes fewer parts
public record SplitOptions(int reference, int referenceBits, boolean replace, Set<NationalLanguage> languages) {
    public SplitOptions {
        if (referenceBits != 8 && referenceBits != 16) {
            throw new IllegalArgumentException("reference of " + referenceBits + " bits (8 or 16)");
        }
        if (reference < 0 || reference >= 1 << referenceBits) {
            throw new IllegalArgumentException("reference " + reference + " does not fit " + referenceBits + " bits");
        }
        languages = Set.copyOf(languages);
    }

    /// An 8-bit reference, nothing replaced, no shift tables: what every phone understands.
    public static SplitOptions plain(int reference) {
        return new SplitOptions(reference, 8, false, Set.of());
    }
}
