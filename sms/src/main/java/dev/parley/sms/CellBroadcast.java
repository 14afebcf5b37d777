package dev.parley.sms;

import java.util.Arrays;
import java.util.Optional;

/// One page of a cell broadcast as a GSM network sends it (3GPP TS 23.041 §9.4.1), which is no short
/// message: it has no sender, and goes to every phone in the cell.
///
/// @param serial tells one broadcast from the next on the same channel, 0 to 65535 (§9.4.1.2.1)
/// @param channel the message identifier, 0 to 65535: 4370 to 4399 are warnings (§9.4.1.2.2)
/// @param page from 1
/// @param pages 1 to 15
public record CellBroadcast(int serial, int channel, CbsDcs dcs, int page, int pages, String text) {

    /// Serial number, message identifier, data coding scheme and page parameter.
    private static final int HEADER = 6;

    /// §9.4.1: always so many, filled up.
    private static final int OCTETS_MAX = 88;

    /// Reads a page. A shorter one than the specification has, which some modems make of the fill, is
    /// read too.
    ///
    /// @return empty if that is no page
    public static Optional<CellBroadcast> of(byte[] octets) {
        if (octets.length < HEADER || octets.length > OCTETS_MAX) {
            return Optional.empty();
        }
        var dcs = new CbsDcs(octets[4] & 0xFF);
        int pages = octets[5] & 0xF;
        int page = (octets[5] >> 4) & 0xF;
        // Zero in either half is to be read as one page alone (§9.4.1.2.4).
        boolean alone = pages == 0 || page == 0;
        return Optional.of(new CellBroadcast(
                ((octets[0] & 0xFF) << 8) | (octets[1] & 0xFF),
                ((octets[2] & 0xFF) << 8) | (octets[3] & 0xFF),
                dcs,
                alone ? 1 : page,
                alone ? 1 : pages,
                dcs.text(Arrays.copyOfRange(octets, HEADER, octets.length))));
    }
}
