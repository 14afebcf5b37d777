package dev.parley.at;

import java.util.Locale;
import java.util.Map;

/// Why a submission failed: `+CMS ERROR` (TS 27.005 §3.2.5), which below 128 is the RP-cause of TS 24.011 annex E, and
/// from 128 to 255 the TP-FCS of TS 23.040 §9.2.3.22.
///
/// @param code the number; [Final#NO_CODE] if there was none
/// @param words what it means, for the person who looks at a failed delivery
/// @param kind what can be done about it
public record CmsCause(int code, String words, Kind kind) {

    /// What to do with the part.
    public enum Kind {
        /// The same text to the same number will fail again: the part fails.
        PERMANENT,
        /// The network or the recipient's side cannot just now: later.
        TEMPORARY,
        /// Nobody can say; worth a few tries and no more.
        UNCLEAR,
        /// There is no network to hand it to: nothing was tried.
        NO_NETWORK,
        /// The modem or its SIM is at fault, not the part: the modem is parked and the part waits.
        MODEM
    }

    /// The numbers of what the standard's tables say in words, for a modem that says the words:
    /// `+CMEE=2` reaches `+CMS ERROR` too on some.
    private static final Map<String, Integer> CODES = Map.ofEntries(
            Map.entry("unassigned (unallocated) number", 1),
            Map.entry("operator determined barring", 8),
            Map.entry("call barred", 10),
            Map.entry("short message transfer rejected", 21),
            Map.entry("destination out of service", 27),
            Map.entry("destination out of order", 27),
            Map.entry("unidentified subscriber", 28),
            Map.entry("facility rejected", 29),
            Map.entry("unknown subscriber", 30),
            Map.entry("network out of order", 38),
            Map.entry("temporary failure", 41),
            Map.entry("congestion", 42),
            Map.entry("resources unavailable, unspecified", 47),
            Map.entry("requested facility not subscribed", 50),
            Map.entry("requested facility not implemented", 69),
            Map.entry("invalid message, unspecified", 95),
            Map.entry("invalid mandatory information", 96),
            Map.entry("protocol error, unspecified", 111),
            Map.entry("interworking, unspecified", 127),
            Map.entry("me failure", 300),
            Map.entry("sms service of me reserved", 301),
            Map.entry("operation not allowed", 302),
            Map.entry("operation not supported", 303),
            Map.entry("invalid pdu mode parameter", 304),
            Map.entry("invalid text mode parameter", 305),
            Map.entry("sim not inserted", 310),
            Map.entry("sim pin required", 311),
            Map.entry("ph-sim pin required", 312),
            Map.entry("sim failure", 313),
            Map.entry("sim busy", 314),
            Map.entry("sim wrong", 315),
            Map.entry("sim puk required", 316),
            Map.entry("sim pin2 required", 317),
            Map.entry("sim puk2 required", 318),
            Map.entry("memory failure", 320),
            Map.entry("invalid memory index", 321),
            Map.entry("memory full", 322),
            Map.entry("smsc address unknown", 330),
            Map.entry("no network service", 331),
            Map.entry("network timeout", 332),
            Map.entry("no +cnma acknowledgement expected", 340),
            Map.entry("unknown error", 500));

    /// @return the number of what the modem said in words, [Final#NO_CODE] if the tables do not have it
    static int codeInWords(String words) {
        return CODES.getOrDefault(words.strip().toLowerCase(Locale.ROOT), Final.NO_CODE);
    }

    public static CmsCause of(int code) {
        return switch (code) {
            case 1 -> permanent(code, "unassigned number");
            case 3 -> permanent(code, "no route to the number");
            case 8 -> permanent(code, "operator determined barring");
            case 10 -> permanent(code, "call barred");
            case 17 -> temporary(code, "network failure");
            case 21 -> unclear(code, "short message transfer rejected");
            case 22 -> temporary(code, "congestion, or the memory is full");
            case 27 -> temporary(code, "destination out of service");
            case 28 -> permanent(code, "unidentified subscriber");
            case 29 -> permanent(code, "facility rejected");
            case 30 -> permanent(code, "unknown subscriber");
            case 38 -> temporary(code, "network out of order");
            case 41 -> temporary(code, "temporary failure");
            case 42 -> temporary(code, "congestion");
            case 47 -> temporary(code, "resources unavailable");
            case 50 -> permanent(code, "requested facility not subscribed");
            case 69 -> permanent(code, "requested facility not implemented");
            case 81 -> unclear(code, "invalid short message reference");
            case 95 -> permanent(code, "invalid message");
            case 96 -> permanent(code, "invalid mandatory information");
            case 97 -> permanent(code, "message type not implemented");
            case 98 -> permanent(code, "message not compatible with the protocol state");
            case 99 -> permanent(code, "information element not implemented");
            case 111 -> permanent(code, "protocol error");
            case 127 -> unclear(code, "interworking, unspecified");
            case 128 -> permanent(code, "telematic interworking not supported");
            case 129 -> permanent(code, "short message type 0 not supported");
            case 130 -> permanent(code, "cannot replace the short message");
            case 143 -> permanent(code, "TP-PID not accepted");
            case 144 -> permanent(code, "alphabet not supported");
            case 145 -> permanent(code, "message class not supported");
            case 159 -> permanent(code, "TP-DCS not accepted");
            case 176 -> permanent(code, "TPDU not supported");
            case 192 -> temporary(code, "SMSC busy");
            case 193 -> permanent(code, "no subscription at the SMSC");
            case 194 -> temporary(code, "SMSC system failure");
            case 195 -> permanent(code, "invalid address");
            case 196 -> permanent(code, "destination barred");
            case 197 -> permanent(code, "rejected as a duplicate");
            case 198 -> permanent(code, "validity period format not supported");
            case 199 -> permanent(code, "validity period not supported");
            case 208 -> modem(code, "the SIM's message memory is full");
            case 209 -> modem(code, "the SIM has no message memory");
            case 210 -> modem(code, "error in the modem");
            case 211 -> modem(code, "memory capacity exceeded");
            case 212 -> temporary(code, "SIM application toolkit busy");
            case 213 -> modem(code, "SIM data download error");
            case 300 -> modem(code, "modem failure");
            case 301 -> modem(code, "the modem's SMS service is reserved");
            case 302 -> modem(code, "operation not allowed by the modem");
            case 303 -> modem(code, "operation not supported by the modem");
            case 304 -> permanent(code, "invalid PDU");
            case 305 -> permanent(code, "invalid text mode parameter");
            case 310 -> modem(code, "no SIM inserted");
            case 311 -> modem(code, "the SIM asks for its PIN");
            case 312 -> modem(code, "the modem asks for the PIN that binds it to a SIM");
            case 313 -> modem(code, "SIM failure");
            case 314 -> modem(code, "SIM busy");
            case 315 -> modem(code, "wrong SIM");
            case 316 -> modem(code, "the SIM asks for its PUK");
            case 317 -> modem(code, "the SIM asks for its PIN2");
            case 318 -> modem(code, "the SIM asks for its PUK2");
            case 320 -> modem(code, "memory failure in the modem");
            case 321 -> modem(code, "invalid memory index");
            case 322 -> modem(code, "the modem's message memory is full");
            case 330 -> modem(code, "the SMSC's number is unknown; set it with AT+CSCA");
            case 331 -> new CmsCause(code, "no network service", Kind.NO_NETWORK);
            case 332 -> temporary(code, "network time-out");
            case 340 -> modem(code, "no acknowledgement expected");
            case 500 -> temporary(code, "unknown error");
            case Final.NO_CODE -> unclear(code, "error without a code");
            default -> unclear(code, code >= 512 ? "an error of this make of modem" : "reserved code");
        };
    }

    private static CmsCause permanent(int code, String words) {
        return new CmsCause(code, words, Kind.PERMANENT);
    }

    private static CmsCause temporary(int code, String words) {
        return new CmsCause(code, words, Kind.TEMPORARY);
    }

    private static CmsCause unclear(int code, String words) {
        return new CmsCause(code, words, Kind.UNCLEAR);
    }

    private static CmsCause modem(int code, String words) {
        return new CmsCause(code, words, Kind.MODEM);
    }
}
