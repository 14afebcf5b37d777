package dev.parley.sim.modem;

import dev.parley.sms.Decoded;
import dev.parley.sms.Pdu;
import dev.parley.sms.Submit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// How messages look with `AT+CMGF=0` (3GPP TS 27.005 §4).
record PduMode(Settings settings) {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// A message from a memory.
    ///
    /// @param head what stands before `<stat>`
    List<String> stored(String head, Memory.Slot slot) {
        return withLength(head + slot.stat().code() + ",,", slot.tpdu().toArray());
    }

    /// A message from the network.
    ///
    /// @param head what stands before `<length>`
    List<String> withLength(String head, byte[] tpdu) {
        return List.of(head + tpdu.length, HEX.formatHex(Pdu.withSmsc(Optional.of(settings.smsc), tpdu)));
    }

    /// The SMSC's address, which `octets` does not count, then the TPDU (3GPP TS 27.005 §4.3).
    ///
    /// @return empty if it cannot be read
    static Optional<Submit> submit(String body, int octets) {
        byte[] pdu;
        try {
            pdu = HEX.parseHex(body.strip());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        int smscOctets = pdu.length == 0 ? 0 : 1 + (pdu[0] & 0xFF);
        if (pdu.length != smscOctets + octets) {
            return Optional.empty();
        }
        var tpdu = Arrays.copyOfRange(pdu, smscOctets, pdu.length);
        return Pdu.decodeFromMobile(tpdu) instanceof Decoded.Ok(var _, Submit submit)
                ? Optional.of(submit)
                : Optional.empty();
    }
}
