package dev.parley.sms;

/// The place of a part in a concatenated short message: 3GPP TS 23.040 §9.2.3.24.1 (8-bit reference) and
/// §9.2.3.24.8 (16-bit).
///
/// @param ref the reference, 0 to 255 or 0 to 65,535; 0 is legal
/// @param refBits the width of the reference, 8 or 16: part of what tells two messages apart
/// @param total parts in the message, 1 to 255
/// @param seq this part, 1 to `total`
public record Concat(int ref, int refBits, int total, int seq) {
    public Concat {
        if (refBits != 8 && refBits != 16) {
            throw new IllegalArgumentException("reference of " + refBits + " bits (8 or 16)");
        }
        if (ref < 0 || ref >= 1 << refBits) {
            throw new IllegalArgumentException("reference " + ref + " does not fit " + refBits + " bits");
        }
        if (total < 1 || total > 255 || seq < 1 || seq > total) {
            throw new IllegalArgumentException("part " + seq + " of " + total + " (1 to 255)");
        }
    }

    /// Whether there are others; a message in one part that says so is whole.
    public boolean isOneOfSeveral() {
        return total > 1;
    }
}
