package dev.parley.sms;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Puts the parts of a concatenated short message together (3GPP TS 23.040 §9.2.3.24.1). What belongs
/// together is the caller's to know: same sender, reference, width of the reference and total. Not the SMSC
/// and not the time: the parts of one message are seen to come by two SMSCs.
public final class Reassembly {

    private Reassembly() {}

    /// The whole text, whatever order the parts come in and however often each; empty as long as one is
    /// missing. Of a part that comes twice the first counts. A part without a place is a message alone.
    public static Optional<String> joined(Collection<UserData> parts) {
        var bySeq = new TreeMap<Integer, UserData>();
        int total = 0;
        for (var part : parts) {
            if (part.concat().isEmpty()) {
                return parts.size() == 1 ? Optional.of(part.text()) : Optional.empty();
            }
            var concat = part.concat().get();
            total = concat.total();
            bySeq.putIfAbsent(concat.seq(), part);
        }
        return total > 0 && bySeq.size() == total
                ? Optional.of(UserData.joined(List.copyOf(bySeq.values())))
                : Optional.empty();
    }

    /// The text that the pieces of several parts make one after the other ([UserData#piece],
    /// [Unpacked#piece], [Reading#piece]). A sender should cut neither within a surrogate pair nor behind an escape
    /// (§9.2.3.24.1), and many do. A half that stays alone becomes U+FFFD.
    public static String mended(String octets) {
        var pieces = Piece.read(octets);
        int escape = pieces.indexOf(Gsm7.ESCAPE);
        if (escape < 0) {
            return UserData.wellFormed(pieces);
        }
        var text = new StringBuilder(pieces.length());
        int at = 0;
        while (escape >= 0) {
            text.append(pieces, at, escape);
            at = escape + 1;
            if (at < pieces.length()) {
                text.append(Gsm7.DEFAULT.escaped(pieces.charAt(at++)));
            }
            escape = pieces.indexOf(Gsm7.ESCAPE, at);
        }
        return UserData.wellFormed(text.append(pieces, at, pieces.length()).toString());
    }
}
