package dev.parley.sms;

import java.util.List;
import java.util.Optional;

/// What came out of splitting a text.
public sealed interface Split {

    /// How many it needs.
    int parts();

    /// The text in its parts.
    ///
    /// @param segments in their order, at least one
    /// @param text what they say together: the text given, but for what was replaced
    /// @param replacements what was replaced, in the order of its first appearance
    /// @param remaining how many septets (GSM 7-bit) or units (UCS-2) the last part still takes
    record Parts(List<Segment> segments, Alphabet alphabet, String text, List<Replacement> replacements, int remaining)
            implements Split {
        public Parts {
            segments = List.copyOf(segments);
            replacements = List.copyOf(replacements);
        }

        @Override
        public int parts() {
            return segments.size();
        }

        public boolean replaced() {
            return !replacements.isEmpty();
        }

        /// All of it in one, for an SMSC that splits texts itself. It has no room for shift tables: the text is to be
        /// split without them.
        public Segment whole() {
            return new Segment(alphabet, NationalLanguage.DEFAULT, NationalLanguage.DEFAULT, text, Optional.empty());
        }
    }

    /// The text needs more parts than there can be.
    ///
    /// @param parts how many it would be; 255 are possible (3GPP TS 23.040 §9.2.3.24.1)
    record TooLong(int parts) implements Split {}
}
