package dev.parley.modem;

import dev.parley.at.Command;
import dev.parley.at.UssdForm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What makes of modems want differently, as data. Recognised by what they answer to `+CGMI` and `+CGMM`; a modem that
/// nobody knows is [#GENERIC], which asks for nothing beyond the standards.
@SuppressWarnings("ImmutableEnumChecker") // every list is a List.of
public enum Dialect {
    /// `^CURC=0` stops the chatter of ^RSSI, ^DSFLOWRPT and the like; new messages are told regardless.
    /// USSD codes go in packed, as the answers come out; some sticks want them plain.
    HUAWEI(List.of("huawei", "honor"), List.of("AT^CURC=0"), "AT^CPIN?", "AT^RESET"),
    /// `+CSCLK=0`: a sleeping SIM800 loses the first octets of a command. SIM7600's `SR` has no room (traps: +CMS
    /// ERROR: 321), so reports must come directly.
    SIMCOM(List.of("simcom", "sim800", "sim900", "sim7"), List.of("AT+CSCLK=0"), "AT+SPIC", "AT+CFUN=1,1"),
    /// EC25 tells URCs on one of its ports only, and names `"SM",0` for a report that lies in `SR`.
    QUECTEL(
            List.of("quectel"),
            List.of("AT+QURCCFG=\"urcport\",\"all\"", "AT+QINDCFG=\"smsfull\",1"),
            "AT+QPINC=\"SC\"",
            "AT+CFUN=1,1"),
    UBLOX(List.of("u-blox", "ublox", "lisa-", "sara-", "lara-", "toby-"), List.of(), "AT+UPINCNT", "AT+CFUN=16"),
    ZTE(List.of("zte"), List.of(), "AT+ZPINPUK=?", "AT+CFUN=1,1"),
    /// `#SMSMODE=0` keeps to TS 27.005 as it was when the others learned it.
    TELIT(List.of("telit"), List.of("AT#SMSMODE=0"), "AT#PCT", "AT#REBOOT"),
    /// Siemens, then Cinterion, Gemalto and Thales. `^SMGO=1` tells when the storage is full.
    CINTERION(List.of("cinterion", "siemens", "gemalto", "thales"), List.of("AT^SMGO=1"), "AT^SPIC", "AT+CFUN=1,1"),
    WAVECOM(List.of("wavecom", "sierra"), List.of(), "AT+CPINC", "AT+CFUN=1"),
    GENERIC(List.of(), List.of(), "AT+CPINR=\"SIM PIN\"", "AT+CFUN=1,1");

    /// What `+CGMI` or `+CGMM` contain, in lower case.
    private final List<String> names;

    /// Sent after `+CMEE`; refusals are of no consequence.
    final List<String> init;

    /// Asks how often a PIN can still be entered; the first number of the answer counts.
    final String pinTries;

    /// Starts the modem anew.
    final Command reset;

    Dialect(List<String> names, List<String> init, String pinTries, String reset) {
        this.names = names;
        this.init = init;
        this.pinTries = pinTries;
        this.reset = Command.of(reset);
    }

    /// Whether status reports must come directly even where `+CSMS: 1` is refused.
    boolean directReports() {
        return this == SIMCOM || this == QUECTEL;
    }

    /// How the modem wants USSD codes; if it refuses that form, the others are tried.
    UssdForm ussd() {
        return this == HUAWEI ? UssdForm.PACKED : UssdForm.PLAIN;
    }

    /// The dialect of a modem that says this of itself.
    public static Dialect of(String manufacturer, String model) {
        return named(manufacturer).or(() -> named(model)).orElse(GENERIC);
    }

    private static Optional<Dialect> named(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(dialect -> dialect.names.stream().anyMatch(lower::contains))
                .findFirst();
    }
}
