package dev.parley.conversation;

/// What a text will cost and how long it will take.
///
/// @param encoding `gsm7`, `ucs2`
/// @param characters of the text as typed, in code points
/// @param parts SMS for one recipient, the most that any of them needs
/// @param remaining characters that still fit the last part
/// @param replaced whether typographic characters were replaced to save parts
/// @param totalParts for all recipients, with their prefixes
public record PreviewView(
        String encoding,
        int characters,
        int parts,
        int remaining,
        boolean replaced,
        int recipients,
        int totalParts,
        long estimatedSeconds) {}
