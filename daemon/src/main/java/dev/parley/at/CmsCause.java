package dev.parley.at;

import java.util.HashMap;
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

    private static final Map<Integer, CmsCause> CAUSES = new HashMap<>();

    /// The numbers of what the standard's tables say in words, for a modem that says the words:
    /// `+CMEE=2` reaches `+CMS ERROR` too on some.
    private static final Map<String, Integer> CODES = new HashMap<>();

    static {
        cause(1, Kind.PERMANENT, "unassigned number", "unassigned (unallocated) number");
        cause(3, Kind.PERMANENT, "no route to the number");
        cause(8, Kind.PERMANENT, "operator determined barring", "operator determined barring");
        cause(10, Kind.PERMANENT, "call barred", "call barred");
        cause(17, Kind.TEMPORARY, "network failure");
        cause(21, Kind.UNCLEAR, "short message transfer rejected", "short message transfer rejected");
        cause(22, Kind.TEMPORARY, "congestion, or the memory is full");
        cause(
                27,
                Kind.TEMPORARY,
                "destination out of service",
                "destination out of service",
                "destination out of order");
        cause(28, Kind.PERMANENT, "unidentified subscriber", "unidentified subscriber");
        cause(29, Kind.PERMANENT, "facility rejected", "facility rejected");
        cause(30, Kind.PERMANENT, "unknown subscriber", "unknown subscriber");
        cause(38, Kind.TEMPORARY, "network out of order", "network out of order");
        cause(41, Kind.TEMPORARY, "temporary failure", "temporary failure");
        cause(42, Kind.TEMPORARY, "congestion", "congestion");
        cause(47, Kind.TEMPORARY, "resources unavailable", "resources unavailable, unspecified");
        cause(50, Kind.PERMANENT, "requested facility not subscribed", "requested facility not subscribed");
        cause(69, Kind.PERMANENT, "requested facility not implemented", "requested facility not implemented");
        cause(81, Kind.UNCLEAR, "invalid short message reference");
        cause(95, Kind.PERMANENT, "invalid message", "invalid message, unspecified");
        cause(96, Kind.PERMANENT, "invalid mandatory information", "invalid mandatory information");
        cause(97, Kind.PERMANENT, "message type not implemented");
        cause(98, Kind.PERMANENT, "message not compatible with the protocol state");
        cause(99, Kind.PERMANENT, "information element not implemented");
        cause(111, Kind.PERMANENT, "protocol error", "protocol error, unspecified");
        cause(127, Kind.UNCLEAR, "interworking, unspecified", "interworking, unspecified");
        cause(128, Kind.PERMANENT, "telematic interworking not supported");
        cause(129, Kind.PERMANENT, "short message type 0 not supported");
        cause(130, Kind.PERMANENT, "cannot replace the short message");
        cause(143, Kind.PERMANENT, "TP-PID not accepted");
        cause(144, Kind.PERMANENT, "alphabet not supported");
        cause(145, Kind.PERMANENT, "message class not supported");
        cause(159, Kind.PERMANENT, "TP-DCS not accepted");
        cause(176, Kind.PERMANENT, "TPDU not supported");
        cause(192, Kind.TEMPORARY, "SMSC busy");
        cause(193, Kind.PERMANENT, "no subscription at the SMSC");
        cause(194, Kind.TEMPORARY, "SMSC system failure");
        cause(195, Kind.PERMANENT, "invalid address");
        cause(196, Kind.PERMANENT, "destination barred");
        cause(197, Kind.PERMANENT, "rejected as a duplicate");
        cause(198, Kind.PERMANENT, "validity period format not supported");
        cause(199, Kind.PERMANENT, "validity period not supported");
        cause(208, Kind.MODEM, "the SIM's message memory is full");
        cause(209, Kind.MODEM, "the SIM has no message memory");
        cause(210, Kind.MODEM, "error in the modem");
        cause(211, Kind.MODEM, "memory capacity exceeded");
        cause(212, Kind.TEMPORARY, "SIM application toolkit busy");
        cause(213, Kind.MODEM, "SIM data download error");
        cause(300, Kind.MODEM, "modem failure", "me failure");
        cause(301, Kind.MODEM, "the modem's SMS service is reserved", "sms service of me reserved");
        cause(302, Kind.MODEM, "operation not allowed by the modem", "operation not allowed");
        cause(303, Kind.MODEM, "operation not supported by the modem", "operation not supported");
        cause(304, Kind.PERMANENT, "invalid PDU", "invalid pdu mode parameter");
        cause(305, Kind.PERMANENT, "invalid text mode parameter", "invalid text mode parameter");
        cause(310, Kind.MODEM, "no SIM inserted", "sim not inserted");
        cause(311, Kind.MODEM, "the SIM asks for its PIN", "sim pin required");
        cause(312, Kind.MODEM, "the modem asks for the PIN that binds it to a SIM", "ph-sim pin required");
        cause(313, Kind.MODEM, "SIM failure", "sim failure");
        cause(314, Kind.MODEM, "SIM busy", "sim busy");
        cause(315, Kind.MODEM, "wrong SIM", "sim wrong");
        cause(316, Kind.MODEM, "the SIM asks for its PUK", "sim puk required");
        cause(317, Kind.MODEM, "the SIM asks for its PIN2", "sim pin2 required");
        cause(318, Kind.MODEM, "the SIM asks for its PUK2", "sim puk2 required");
        cause(320, Kind.MODEM, "memory failure in the modem", "memory failure");
        cause(321, Kind.MODEM, "invalid memory index", "invalid memory index");
        cause(322, Kind.MODEM, "the modem's message memory is full", "memory full");
        cause(330, Kind.MODEM, "the SMSC's number is unknown; set it with AT+CSCA", "smsc address unknown");
        cause(331, Kind.NO_NETWORK, "no network service", "no network service");
        cause(332, Kind.TEMPORARY, "network time-out", "network timeout");
        cause(340, Kind.MODEM, "no acknowledgement expected", "no +cnma acknowledgement expected");
        cause(500, Kind.TEMPORARY, "unknown error", "unknown error");
        cause(Final.NO_CODE, Kind.UNCLEAR, "error without a code");
    }

    /// @param said the same in the words of the standard
    private static void cause(int code, Kind kind, String words, String... said) {
        CAUSES.put(code, new CmsCause(code, words, kind));
        for (var each : said) {
            CODES.put(each, code);
        }
    }

    /// @return the number of what the modem said in words, [Final#NO_CODE] if the tables do not have it
    static int codeInWords(String words) {
        return CODES.getOrDefault(words.strip().toLowerCase(Locale.ROOT), Final.NO_CODE);
    }

    public static CmsCause of(int code) {
        return CAUSES.getOrDefault(
                code,
                new CmsCause(code, code >= 512 ? "an error of this make of modem" : "reserved code", Kind.UNCLEAR));
    }
}
