package dev.parley.conversation;

import java.util.List;
import java.util.Optional;

/// What a text will cost and how long it will take.
///
/// @param encoding `gsm7`, `ucs2`
/// @param characters of the text as typed, in code points
/// @param parts SMS for one recipient, the most that any of them needs
/// @param remaining characters that still fit the last part
/// @param replaced whether typographic characters were replaced to save parts
/// @param special characters that the GSM alphabet does not have, so that the text needs more parts
/// @param partsIfReplaced what parts would be, were all of those replaced that something stands for
/// @param totalParts for all recipients, with their prefixes
public record PreviewView(
        String encoding,
        int characters,
        int parts,
        int remaining,
        boolean replaced,
        List<SpecialView> special,
        int partsIfReplaced,
        int recipients,
        int totalParts,
        long estimatedSeconds) {

    /// A character of the text that makes it costly.
    ///
    /// @param replacement what says the same; empty where nothing does
    public record SpecialView(String text, Optional<String> replacement) {}
}
