package dev.parley.at;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A message in a memory of the modem, as `+CMGL` or `+CMGR` shows it in PDU mode (TS 27.005 §4.1, §4.2).
///
/// @param index where it lies; empty from `+CMGR`, which was asked for one
/// @param stat 0 received unread, 1 received read, 2 stored unsent, 3 stored sent; empty where the modem leaves it out
/// @param pdu hexadecimal digits, or whatever stood in their place
public record Stored(Optional<Integer> index, Optional<Integer> stat, String pdu) {

    /// All of a listing. Slots without a PDU (Siemens shows an empty one with length 0) are left out.
    public static List<Stored> listed(Final result) {
        var stored = new ArrayList<Stored>();
        for (var answer : result.answers()) {
            var fields = Lines.fields(answer.text());
            var index = Lines.number(fields.getFirst());
            // <index>,<stat>,[<alpha>],<length>; the length is not needed: the PDU has its own.
            var stat = fields.size() > 2 ? Lines.number(fields.get(1)) : Optional.<Integer>empty();
            answer.body()
                    .map(Stored::clean)
                    .filter(pdu -> !pdu.isEmpty())
                    .ifPresent(pdu -> stored.add(new Stored(index, stat, pdu)));
        }
        return stored;
    }

    /// The one message of `+CMGR`. Headers come with one to five fields; `<stat>` is the first of at most three
    /// (`2,2,,174` in gammu's dump at-sms/33 is a received message).
    public static Optional<Stored> read(Final result) {
        return result.answers().stream()
                .flatMap(answer -> answer.body().map(Stored::clean).filter(pdu -> !pdu.isEmpty()).stream()
                        .map(pdu -> new Stored(Optional.empty(), stat(answer.text()), pdu)))
                .findFirst();
    }

    /// True for what we or somebody wrote there to be sent: it is not a received message.
    public boolean outgoing() {
        return stat.filter(stored -> stored == 2 || stored == 3).isPresent();
    }

    /// Whether the digits are hexadecimal.
    public boolean isHex() {
        return Lines.isHex(pdu);
    }

    /// Whether they are the image of a free record (TS 51.011 §10.5.3: status octet 00, the rest FF).
    public boolean isFree() {
        return isHex() && pdu.substring(2).chars().allMatch(c -> c == 'F' || c == 'f');
    }

    private static Optional<Integer> stat(String header) {
        var fields = Lines.fields(header);
        return Lines.number(fields.getFirst()).filter(stat -> stat <= 3 && fields.size() <= 3);
    }

    /// A stray quote ends the PDU line of some modems (gammu's dump at-sms/04).
    private static String clean(String pdu) {
        return pdu.replace("\"", "").strip();
    }
}
