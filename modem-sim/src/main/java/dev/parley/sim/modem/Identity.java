package dev.parley.sim.modem;

/// Who a stick and its SIM say they are. The numbers are made of the modem's name and number, so that they stay the
/// same
/// from run to run, with the test network 001-01 of ITU-T E.212.
///
/// @param number the SIM's own
/// @param imei 15 digits with their check digit
/// @param imsi 15 digits
/// @param iccid 19 digits with their check digit
public record Identity(String name, String number, String imei, String imsi, String iccid) {

    static final String MANUFACTURER = "SIMCOM_Ltd";
    static final String MODEL = "SIMCOM_SIM900";
    static final String REVISION = "Revision:1137B13SIM900M64_ST";
    static final String OPERATOR = "Parley Mobile";
    static final String NETWORK = "00101";

    /// The SMSC's own number.
    static final String SMSC = "+12025550199";

    static final String LOCATION_AREA = "00A1";
    static final String CELL = "1F2E";

    private static final long SUBSCRIBER_MAX = 10_000_000_000L;
    private static final long SERIAL_MAX = 1_000_000L;

    public static Identity of(String name, String number) {
        long subscriber = Math.floorMod(hash(number), SUBSCRIBER_MAX);
        long serial = Math.floorMod(hash(name + " " + number), SERIAL_MAX);
        return new Identity(
                name,
                number,
                checked("86719802" + "%06d".formatted(serial)),
                NETWORK + "%010d".formatted(subscriber),
                checked("89001" + "010" + "%010d".formatted(subscriber)));
    }

    private static long hash(String text) {
        long hash = 1_125_899_906_842_597L;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    /// With the check digit of ISO/IEC 7812-1 annex B behind.
    private static String checked(String digits) {
        int sum = 0;
        for (int i = digits.length() - 1, weight = 2; i >= 0; i--, weight = 3 - weight) {
            int product = (digits.charAt(i) - '0') * weight;
            sum += product / 10 + product % 10;
        }
        return digits + (10 - sum % 10) % 10;
    }
}
