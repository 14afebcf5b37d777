package dev.parley.sms;

import java.util.Optional;

/// The text of one part and how it is coded, without a word of how it travels: a modem makes a TPDU of it, an SMPP
/// session a `submit_sm`.
///
/// @param locking the locking shift table, [NationalLanguage#DEFAULT] for none (3GPP TS 23.038 §6.2.1.2.3)
/// @param single the single shift table, [NationalLanguage#DEFAULT] for the default extension table
/// @param text what this part says; of a split text no part ends within an escape sequence or a surrogate pair
/// @param concat its place among the parts, empty for a text that fits one
public record Segment(
        Alphabet alphabet, NationalLanguage locking, NationalLanguage single, String text, Optional<Concat> concat) {}
