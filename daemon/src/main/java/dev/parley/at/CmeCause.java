package dev.parley.at;

/// `+CME ERROR` in words (TS 27.007 §9.2.1, §9.2.2); 515 is Wavecom's.
public final class CmeCause {
    private CmeCause() {}

    public static String words(int code) {
        return code + " ("
                + switch (code) {
                    case 0 -> "phone failure";
                    case 1 -> "no connection to the phone";
                    case 2 -> "the port is reserved";
                    case 3 -> "operation not allowed";
                    case 4 -> "operation not supported";
                    case 5 -> "the modem is bound to another SIM and asks for its PIN";
                    case 10 -> "no SIM inserted";
                    case 11 -> "the SIM asks for its PIN";
                    case 12 -> "the SIM asks for its PUK";
                    case 13 -> "SIM failure";
                    case 14 -> "SIM busy";
                    case 15 -> "wrong SIM";
                    case 16 -> "incorrect password";
                    case 17 -> "the SIM asks for its PIN2";
                    case 18 -> "the SIM asks for its PUK2";
                    case 20 -> "memory full";
                    case 21 -> "invalid index";
                    case 22 -> "not found";
                    case 23 -> "memory failure";
                    case 24 -> "text too long";
                    case 30 -> "no network service";
                    case 31 -> "network time-out";
                    case 32 -> "emergency calls only";
                    case 40 -> "the modem is locked to a network";
                    case 50 -> "incorrect parameters";
                    case 100 -> "unknown error";
                    case 515 -> "still starting";
                    default -> "not in TS 27.007";
                }
                + ")";
    }
}
