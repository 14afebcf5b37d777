package dev.parley.modem;

import dev.parley.at.UssdForm;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What makes of modems want differently, as data. Recognised by what they answer to `+CGMI` and `+CGMM`; a modem that
/// nobody knows is [#GENERIC], which asks for nothing beyond the standards.
@SuppressWarnings("ImmutableEnumChecker") // every list is a List.of
public enum Dialect {
    /// `^CURC=0` stops the chatter of ^RSSI, ^DSFLOWRPT and the like; new messages are told regardless.
    /// USSD codes go in packed, as the answers come out; some sticks want them plain.
    HUAWEI(
            List.of("huawei", "honor"),
            List.of("AT^CURC=0"),
            false,
            "AT^CPIN?",
            "AT^RESET",
            UssdForm.PACKED),
    /// `+CSCLK=0`: a sleeping SIM800 loses the first octets of a command. SIM7600's `SR` has no room (traps: +CMS
    /// ERROR: 321), so reports must come directly.
    SIMCOM(
            List.of("simcom", "sim800", "sim900", "sim7"),
            List.of("AT+CSCLK=0"),
            true,
            "AT+SPIC",
            "AT+CFUN=1,1"),
    /// EC25 tells URCs on one of its ports only, and names `"SM",0` for a report that lies in `SR`.
    QUECTEL(
            List.of("quectel"),
            List.of("AT+QURCCFG=\"urcport\",\"all\"", "AT+QINDCFG=\"smsfull\",1"),
            true,
            "AT+QPINC=\"SC\"",
            "AT+CFUN=1,1"),
    UBLOX(
            List.of("u-blox", "ublox", "lisa-", "sara-", "lara-", "toby-"),
            List.of(),
            false,
            "AT+UPINCNT",
            "AT+CFUN=16"),
    ZTE(List.of("zte"), List.of(), false, "AT+ZPINPUK=?", "AT+CFUN=1,1"),
    /// `#SMSMODE=0` keeps to TS 27.005 as it was when the others learned it.
    TELIT(List.of("telit"), List.of("AT#SMSMODE=0"), false, "AT#PCT", "AT#REBOOT"),
    /// Siemens, then Cinterion, Gemalto and Thales. `^SMGO=1` tells when the storage is full.
    CINTERION(
            List.of("cinterion", "siemens", "gemalto", "thales"),
            List.of("AT^SMGO=1"),
            false,
            "AT^SPIC",
            "AT+CFUN=1,1"),
    WAVECOM(List.of("wavecom", "sierra"), List.of(), false, "AT+CPINC", "AT+CFUN=1"),
    GENERIC(List.of(), List.of(), false, "AT+CPINR=\"SIM PIN\"", "AT+CFUN=1,1");

    private final List<String> names;
    private final List<String> init;
    private final boolean directReports;
    private final String pinTries;
    private final String reset;
    private final UssdForm ussd;

    Dialect(
            List<String> names,
            List<String> init,
            boolean directReports,
            String pinTries,
            String reset) {
        this(names, init, directReports, pinTries, reset, UssdForm.PLAIN);
    }

    /// @param names what `+CGMI` or `+CGMM` contain, in lower case
    /// @param init sent after `+CMEE`; refusals are of no consequence
    /// @param directReports whether status reports must come directly even where `+CSMS: 1` is refused
    /// @param pinTries asks how often a PIN can still be entered; the first number of the answer counts
    /// @param reset starts the modem anew
    /// @param ussd how the modem wants USSD codes; if it refuses that form, the others are tried
    Dialect(
            List<String> names,
            List<String> init,
            boolean directReports,
            String pinTries,
            String reset,
            UssdForm ussd) {
        this.names = names;
        this.init = init;
        this.directReports = directReports;
        this.pinTries = pinTries;
        this.reset = reset;
        this.ussd = ussd;
    }

    /// The dialect of a modem that says this of itself.
    public static Dialect of(String manufacturer, String model) {
        return named(manufacturer).or(() -> named(model)).orElse(GENERIC);
    }

    private static Optional<Dialect> named(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        for (var dialect : values()) {
            if (dialect.names.stream().anyMatch(lower::contains)) {
                return Optional.of(dialect);
            }
        }
        return Optional.empty();
    }

    List<String> init() {
        return init;
    }

    boolean directReports() {
        return directReports;
    }

    String pinTries() {
        return pinTries;
    }

    String reset() {
        return reset;
    }

    UssdForm ussd() {
        return ussd;
    }
}
