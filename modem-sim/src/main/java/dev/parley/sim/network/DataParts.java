package dev.parley.sim.network;

import dev.parley.sms.InformationElement;
import dev.parley.sms.Octets;
import dev.parley.sms.UserData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Cuts 8-bit data into the user data of as many messages as it takes (3GPP TS 23.040 §9.2.3.24).
final class DataParts {
    static final int PARTS_MAX = 255;

    private static final int CONCATENATED_8 = 0x00;
    private static final int PORTS_16 = 0x05;
    private static final int ELEMENT_OCTETS = 2;
    private static final int CONCATENATED_OCTETS = ELEMENT_OCTETS + 3;
    private static final int PORTS_OCTETS = ELEMENT_OCTETS + 4;

    private DataParts() {}

    /// @param ref 0 to 255, of data in several parts
    /// @return more than [#PARTS_MAX] for data that cannot be sent
    static List<UserData> of(byte[] data, Optional<Integer> port, int ref) {
        var elements = new ArrayList<InformationElement>();
        port.ifPresent(to -> elements.add(new InformationElement(
                PORTS_16, Octets.of(new byte[] {(byte) (to >> 8), to.byteValue(), (byte) (to >> 8), to.byteValue()}))));
        int header = port.isPresent() ? 1 + PORTS_OCTETS : 0;
        if (header + data.length <= UserData.OCTETS_MAX) {
            return List.of(UserData.ofData(data, elements));
        }
        int each = UserData.OCTETS_MAX - Math.max(header, 1) - CONCATENATED_OCTETS;
        int total = (data.length + each - 1) / each;
        var parts = new ArrayList<UserData>();
        for (int seq = 1; seq <= total; seq++) {
            var place = new InformationElement(
                    CONCATENATED_8, Octets.of(new byte[] {(byte) ref, (byte) total, (byte) seq}));
            var all = new ArrayList<InformationElement>();
            all.add(place);
            all.addAll(elements);
            var piece = Arrays.copyOfRange(data, (seq - 1) * each, Math.min(seq * each, data.length));
            parts.add(UserData.ofData(piece, all));
        }
        return parts;
    }
}
