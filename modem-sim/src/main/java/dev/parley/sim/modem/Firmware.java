package dev.parley.sim.modem;

import dev.parley.sim.network.Origin;
import dev.parley.sim.network.Parcel;
import dev.parley.sim.network.ReportWish;
import dev.parley.sim.network.ShortMessage;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.network.Submission;
import dev.parley.sim.network.Submitted;
import dev.parley.sms.Address;
import dev.parley.sms.Decoded;
import dev.parley.sms.Deliver;
import dev.parley.sms.Octets;
import dev.parley.sms.Pdu;
import dev.parley.sms.StatusReport;
import dev.parley.sms.Submit;
import dev.parley.sms.Timestamp;
import dev.parley.sms.Tpdu;
import dev.parley.sms.ValidityPeriod;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a stick does with a command: its settings, its SIM with the messages on it, and what it tells the network.
/// Without port and clock; one thread.
final class Firmware {

    static final int SM_CAPACITY = 30;
    static final int SR_CAPACITY = 30;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Pattern PIN = Pattern.compile("[0-9]{4,8}");
    private static final int PIN_TRIES = 3;
    private static final int REFERENCES = 256;

    /// TPDUs of at most 164 octets are possible (a SUBMIT with all its fields); some room, and an end.
    private static final int TPDU_OCTETS_MAX = 176;

    /// Commands that a stick takes and that change nothing here.
    private static final Set<String> KEPT = Set.of(
            "+CRC",
            "+CR",
            "+CLIP",
            "+COLP",
            "+CLIR",
            "+CCWA",
            "+CSSN",
            "+CMER",
            "+CTZR",
            "+CTZU",
            "+CGEREP",
            "+CSCB",
            "+CSAS",
            "+CRES",
            "+CSTA",
            "+CMOD",
            "+CVHU",
            "+CGATT",
            "+IPR",
            "+ICF",
            "+IFC",
            "+CSCLK",
            "+CLTS",
            "+CLVL",
            "+CGDCONT");

    /// What a firmware asks of the modem around it.
    interface Around {
        Fault fault();

        /// The SIM has got its PIN.
        void unlocked();

        /// Writes lines on the port as soon as it can be.
        void unsolicited(List<String> lines);

        /// As [#unsolicited], after as long as a network takes to answer.
        void unsolicitedLater(List<String> lines);

        /// The network may try again: there is room, or the radio is on again.
        void alert();

        /// The program has what was shown last, or does not want it.
        ///
        /// @return false if nothing waits for that
        boolean acknowledged(boolean positive);

        /// Starts anew, as after power-on.
        void reset();
    }

    private enum Sim {
        READY,
        PIN,
        PUK
    }

    private final Identity identity;
    private final Smsc smsc;
    private final Around around;
    private final Memory sm = new Memory("SM", SM_CAPACITY);
    private final Memory sr = new Memory("SR", SR_CAPACITY);
    private final Map<String, String> kept = new HashMap<>();
    private Settings settings = new Settings();
    private Sim sim = Sim.READY;
    private Optional<String> pin = Optional.empty();
    private int pinTries = PIN_TRIES;
    private boolean radio = true;
    private boolean deregistered;
    private int reference;
    private String phonebook = "SM";

    Firmware(Identity identity, Smsc smsc, Around around) {
        this.identity = identity;
        this.smsc = smsc;
        this.around = around;
    }

    // ---- state ----

    Settings settings() {
        return settings;
    }

    Memory sm() {
        return sm;
    }

    Memory sr() {
        return sr;
    }

    void powerOn() {
        settings = new Settings();
        kept.clear();
        radio = true;
        deregistered = false;
    }

    /// @param wanted empty if any PIN will do
    void lock(Optional<String> wanted) {
        sim = Sim.PIN;
        pin = wanted;
        pinTries = PIN_TRIES;
    }

    void unlock() {
        sim = Sim.READY;
    }

    private boolean covered() {
        return !(around.fault() instanceof Fault.NoNetwork);
    }

    private boolean registered() {
        return radio && sim == Sim.READY && !deregistered && covered();
    }

    /// Whether the network can reach it.
    boolean isReachable() {
        return registered();
    }

    /// The `stat` of `+CREG` (3GPP TS 27.007 §7.2).
    private int registration() {
        if (registered()) {
            return 1;
        }
        return radio && !deregistered ? 2 : 0;
    }

    void tellRegistration() {
        tellRegistration("+CREG", settings.creg);
        tellRegistration("+CGREG", settings.cgreg);
        tellRegistration("+CEREG", settings.cereg);
    }

    private void tellRegistration(String name, int mode) {
        if (mode > 0) {
            around.unsolicited(List.of(name + ": " + registration() + cell(mode)));
        }
    }

    private String cell(int mode) {
        return mode >= 2 && registered() ? ",\"" + Identity.LOCATION_AREA + "\",\"" + Identity.CELL + "\"" : "";
    }

    // ---- receiving ----

    boolean showsDirectly(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Text(var message) ->
                settings.cnmiText == 2
                        || (settings.cnmiText == 3
                                && message.dcs().messageClass().equals(Optional.of(3)));
            case Parcel.Report _ -> settings.cnmiReport == 1;
        };
    }

    boolean hasRoom(Parcel parcel) {
        return !(around.fault() instanceof Fault.StorageFull)
                && !memoryFor(parcel).isFull();
    }

    private Memory memoryFor(Parcel parcel) {
        return parcel instanceof Parcel.Report && settings.memoryReceive.equals("SR") ? sr : sm;
    }

    /// Keeps it on the SIM.
    ///
    /// @return what to tell the program; nothing if `AT+CNMI` asked for nothing
    List<String> store(Parcel parcel) {
        var memory = memoryFor(parcel);
        int index = memory.store(new Memory.Slot(
                Memory.Stat.RECEIVED_UNREAD, Octets.of(tpdu(parcel).encode())));
        return switch (parcel) {
            case Parcel.Text _
            when settings.cnmiText == 1 || settings.cnmiText == 3 ->
                List.of("+CMTI: \"" + memory.name() + "\"," + index);
            case Parcel.Report _ when settings.cnmiReport == 2 -> List.of("+CDSI: \"" + memory.name() + "\"," + index);
            case Parcel.Text _, Parcel.Report _ -> List.of();
        };
    }

    /// `+CMT` and `+CDS` (3GPP TS 27.005 §3.4.1).
    List<String> shown(Parcel parcel) {
        var tpdu = tpdu(parcel).encode();
        var name = parcel instanceof Parcel.Text ? "+CMT: " : "+CDS: ";
        if (settings.cmgf == 1) {
            return switch (parcel) {
                case Parcel.Text _ -> texts().received(name, "", tpdu);
                case Parcel.Report _ -> texts().received(name, "", tpdu);
            };
        }
        return List.of(name + (parcel instanceof Parcel.Text ? "," : "") + tpdu.length, withSmsc(tpdu));
    }

    private TextMode texts() {
        return new TextMode(settings);
    }

    private static Tpdu tpdu(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Text(var message) ->
                new Deliver(
                        false,
                        false,
                        false,
                        message.from(),
                        message.pid(),
                        message.dcs(),
                        Optional.of(new Timestamp(local(message.accepted()))),
                        message.userData());
            case Parcel.Report(var message, int status, var at) ->
                StatusReport.of(message.mr(), message.to(), local(message.accepted()), local(at), status);
        };
    }

    private static OffsetDateTime local(Instant instant) {
        return instant.atZone(ZoneId.systemDefault()).toOffsetDateTime();
    }

    private String withSmsc(byte[] tpdu) {
        return HEX.formatHex(Pdu.withSmsc(Optional.of(settings.smsc), tpdu));
    }

    // ---- commands ----

    Reply run(Command command) {
        return switch (command.name()) {
            case "E" -> flag(command, on -> settings.echo = on);
            case "V" -> flag(command, on -> settings.verbose = on);
            case "Q" -> flag(command, on -> settings.quiet = on);
            case "Z", "&F" -> {
                settings = new Settings();
                yield Reply.OK;
            }
            case "I" -> Reply.Ok.of("SIM900 R11.0");
            case "H", "L", "M", "X", "S", "&C", "&D", "&K", "&W", "&V", "&S", "B", "N", "P", "T" -> Reply.OK;
            case "D", "A", "O" -> new Reply.Cme(Reply.Cme.OPERATION_NOT_ALLOWED);
            case "+CGMI", "+GMI" -> said(command, Identity.MANUFACTURER);
            case "+CGMM", "+GMM" -> said(command, Identity.MODEL);
            case "+CGMR", "+GMR" -> said(command, Identity.REVISION);
            case "+CGSN", "+GSN" -> said(command, identity.imei());
            case "+GCAP" -> said(command, "+GCAP: +CGSM");
            case "+CIMI" -> withSim(() -> said(command, identity.imsi()));
            case "+CCID", "+ICCID" -> withSim(() -> said(command, identity.iccid()));
            case "+CNUM" ->
                withSim(() -> said(
                        command,
                        "+CNUM: \"\",\"" + settings.charset.number(identity.number()) + "\"," + toa(identity.number())
                                + ",7,4"));
            case "+CPIN" -> cpin(command);
            case "+CFUN" -> cfun(command);
            case "+CREG" -> registration(command, settings.creg, n -> settings.creg = n);
            case "+CGREG" -> registration(command, settings.cgreg, n -> settings.cgreg = n);
            case "+CEREG" -> registration(command, settings.cereg, n -> settings.cereg = n);
            case "+COPS" -> cops(command);
            case "+CSQ" ->
                command.form() == Command.Form.TEST
                        ? Reply.Ok.of("+CSQ: (0-31,99),(0-7,99)")
                        : Reply.Ok.of(registered() ? "+CSQ: 22,0" : "+CSQ: 99,99");
            case "+CPAS" -> answered(command, "+CPAS: 0", "+CPAS: (0,2,3,4)");
            case "+CBC" -> answered(command, "+CBC: 0,95,4120", "+CBC: (0-3),(1-100),(voltage)");
            case "+CCLK" -> cclk(command);
            case "+CLCK" -> clck(command);
            case "+CPBS" -> cpbs(command);
            case "+CPBR", "+CPBF", "+CPBW" -> phonebook(command);
            case "+CUSD" -> cusd(command);
            case "+CMEE" -> number(command, 0, 2, settings.cmee, n -> settings.cmee = n);
            case "+CSCS" -> cscs(command);
            case "+CSMS" -> csms(command);
            case "+CMGF" -> number(command, 0, 1, settings.cmgf, n -> settings.cmgf = n);
            case "+CSDH" -> number(command, 0, 1, settings.csdh, n -> settings.csdh = n);
            case "+CMMS" -> number(command, 0, 2, settings.cmms, n -> settings.cmms = n);
            case "+CSMP" -> csmp(command);
            case "+CSCA" -> withMessages(() -> csca(command));
            case "+CPMS" -> withMessages(() -> cpms(command));
            case "+CNMI" -> cnmi(command);
            case "+CNMA" -> cnma(command);
            case "+CMGL" -> withMessages(() -> cmgl(command));
            case "+CMGR" -> withMessages(() -> cmgr(command));
            case "+CMGD" -> withMessages(() -> cmgd(command));
            case "+CMGS" -> withMessages(() -> cmgs(command));
            case "+CMGW" -> withMessages(() -> cmgw(command));
            case "+CMSS" -> withMessages(() -> cmss(command));
            default -> KEPT.contains(command.name()) ? kept(command) : new Reply.Cme(Reply.Cme.OPERATION_NOT_SUPPORTED);
        };
    }

    private interface Then {
        Reply reply();
    }

    private interface WithFlag {
        void set(boolean on);
    }

    private interface WithNumber {
        void set(int number);
    }

    private static Reply wrong() {
        return new Reply.Cme(Reply.Cme.INCORRECT_PARAMETERS);
    }

    private Reply flag(Command command, WithFlag with) {
        return switch (command.value()) {
            case "", "0" -> {
                with.set(false);
                yield Reply.OK;
            }
            case "1" -> {
                with.set(true);
                yield Reply.OK;
            }
            default -> wrong();
        };
    }

    private static Reply said(Command command, String line) {
        return command.form() == Command.Form.TEST ? Reply.OK : Reply.Ok.of(line);
    }

    private static Reply answered(Command command, String line, String test) {
        return Reply.Ok.of(command.form() == Command.Form.TEST ? test : line);
    }

    private static Reply number(Command command, int from, int to, int now, WithNumber with) {
        return switch (command.form()) {
            case READ -> Reply.Ok.of(command.name() + ": " + now);
            case TEST ->
                Reply.Ok.of(command.name() + ": (" + (to == from + 1 ? from + "," + to : from + "-" + to) + ")");
            case SET, EXECUTE -> {
                int wanted = command.number(0, from);
                if (wanted < from || wanted > to) {
                    yield wrong();
                }
                with.set(wanted);
                yield Reply.OK;
            }
        };
    }

    private Reply kept(Command command) {
        return switch (command.form()) {
            case READ ->
                Reply.Ok.of(command.name() + ": "
                        + kept.getOrDefault(command.name(), command.name().equals("+CGATT") ? "1" : "0"));
            case TEST, EXECUTE -> Reply.OK;
            case SET -> {
                kept.put(command.name(), command.value());
                yield Reply.OK;
            }
        };
    }

    private Reply withSim(Then then) {
        return switch (sim) {
            case READY -> then.reply();
            case PIN -> new Reply.Cme(Reply.Cme.SIM_PIN);
            case PUK -> new Reply.Cme(Reply.Cme.SIM_PUK);
        };
    }

    private Reply withMessages(Then then) {
        return switch (sim) {
            case READY -> then.reply();
            case PIN -> new Reply.Cms(Reply.Cms.SIM_PIN);
            case PUK -> new Reply.Cms(Reply.Cms.SIM_PUK);
        };
    }

    private static int toa(String number) {
        return number.startsWith("+") ? 145 : 129;
    }

    // ---- SIM, radio, operator: 3GPP TS 27.007 ----

    private Reply cpin(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.OK;
            case READ ->
                Reply.Ok.of(
                        switch (sim) {
                            case READY -> "+CPIN: READY";
                            case PIN -> "+CPIN: SIM PIN";
                            case PUK -> "+CPIN: SIM PUK";
                        });
            case EXECUTE -> wrong();
            case SET -> enter(command.text(0).orElse(""));
        };
    }

    private Reply enter(String entered) {
        if (sim == Sim.READY) {
            return new Reply.Cme(Reply.Cme.OPERATION_NOT_ALLOWED);
        }
        if (sim == Sim.PUK) {
            return new Reply.Cme(Reply.Cme.SIM_PUK);
        }
        if (PIN.matcher(entered).matches() && (pin.isEmpty() || pin.get().equals(entered))) {
            sim = Sim.READY;
            around.unlocked();
            return Reply.OK;
        }
        pinTries--;
        if (pinTries == 0) {
            sim = Sim.PUK;
        }
        return new Reply.Cme(Reply.Cme.INCORRECT_PASSWORD);
    }

    private Reply cfun(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CFUN: (0,1,4),(0,1)");
            case READ -> Reply.Ok.of("+CFUN: " + (radio ? 1 : 4));
            case EXECUTE -> wrong();
            case SET -> {
                int level = command.number(0, 1);
                if (level != 0 && level != 1 && level != 4) {
                    yield wrong();
                }
                boolean was = registered();
                radio = level == 1;
                if (command.number(1, 0) == 1) {
                    around.reset();
                } else if (was != registered()) {
                    tellRegistration();
                    if (registered()) {
                        around.alert();
                    }
                }
                yield Reply.OK;
            }
        };
    }

    private Reply registration(Command command, int mode, WithNumber with) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of(command.name() + ": (0-2)");
            case READ -> Reply.Ok.of(command.name() + ": " + mode + "," + registration() + cell(mode));
            case SET, EXECUTE -> number(command, 0, 2, mode, with);
        };
    }

    private Reply cops(Command command) {
        return switch (command.form()) {
            case TEST ->
                covered()
                        ? Reply.Ok.of("+COPS: (2,\"" + settings.charset.written(Identity.OPERATOR) + "\",\""
                                + settings.charset.written("Parley") + "\",\"" + Identity.NETWORK
                                + "\"),,(0-4),(0-2)")
                        : Reply.Ok.of("+COPS: ,,(0-4),(0-2)");
            case READ -> {
                if (!registered()) {
                    yield Reply.Ok.of("+COPS: " + (deregistered ? 2 : 0));
                }
                var name = switch (settings.copsFormat) {
                    case 0 -> settings.charset.written(Identity.OPERATOR);
                    case 1 -> settings.charset.written("Parley");
                    default -> Identity.NETWORK;
                };
                yield Reply.Ok.of("+COPS: 0," + settings.copsFormat + ",\"" + name + "\"");
            }
            case EXECUTE -> wrong();
            case SET -> select(command);
        };
    }

    private Reply select(Command command) {
        int format = command.number(1, settings.copsFormat);
        if (format < 0 || format > 2) {
            return wrong();
        }
        boolean was = registered();
        switch (command.number(0, 0)) {
            case 0, 1, 4 -> deregistered = false;
            case 2 -> deregistered = true;
            case 3 -> settings.copsFormat = format;
            default -> {
                return wrong();
            }
        }
        if (!deregistered && radio && !covered() && command.number(0, 0) != 3) {
            return new Reply.Cme(Reply.Cme.NO_NETWORK);
        }
        if (was != registered()) {
            tellRegistration();
            if (registered()) {
                around.alert();
            }
        }
        return Reply.OK;
    }

    private Reply cclk(Command command) {
        return command.form() == Command.Form.READ
                ? Reply.Ok.of("+CCLK: \"" + TextMode.time(new Timestamp(local(Instant.now()))) + "\"")
                : Reply.OK;
    }

    private Reply clck(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of("+CLCK: (\"AO\",\"AI\",\"OI\",\"OX\",\"IR\",\"SC\",\"FD\",\"PN\")");
        }
        if (command.number(1, -1) != 2) {
            return command.form() == Command.Form.SET ? Reply.OK : wrong();
        }
        boolean on = command.text(0).orElse("").equals("SC") && (sim != Sim.READY || pin.isPresent());
        return Reply.Ok.of("+CLCK: " + (on ? 1 : 0));
    }

    private Reply cpbs(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CPBS: (\"SM\",\"ON\",\"DC\",\"RC\",\"MC\")");
            case READ -> Reply.Ok.of("+CPBS: \"" + phonebook + "\",0,250");
            case EXECUTE -> wrong();
            case SET -> {
                var wanted = command.text(0).orElse("");
                if (!Set.of("SM", "ON", "DC", "RC", "MC").contains(wanted)) {
                    yield wrong();
                }
                phonebook = wanted;
                yield Reply.OK;
            }
        };
    }

    /// There is room for 250 people and nobody in it.
    private Reply phonebook(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of(
                    switch (command.name()) {
                        case "+CPBR" -> "+CPBR: (1-250),40,14";
                        case "+CPBF" -> "+CPBF: 40,14";
                        default -> "+CPBW: (1-250),40,(129,145),14";
                    });
        }
        return withSim(() -> Reply.OK);
    }

    private Reply cusd(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CUSD: (0-2)");
            case READ -> Reply.Ok.of("+CUSD: " + settings.cusd);
            case EXECUTE -> Reply.OK;
            case SET -> {
                int mode = command.number(0, 0);
                if (mode < 0 || mode > 2) {
                    yield wrong();
                }
                if (mode < 2) {
                    settings.cusd = mode;
                }
                var code = command.text(1);
                if (code.isEmpty() || mode == 2) {
                    yield Reply.OK;
                }
                if (!registered()) {
                    yield new Reply.Cme(Reply.Cme.NO_NETWORK);
                }
                var asked = settings.charset.read(code.get()).orElse(code.get());
                var told = asked.equals("*100#") ? "Balance: 10.00 USD" : "No service " + asked;
                around.unsolicitedLater(List.of("+CUSD: 0,\"" + settings.charset.written(told) + "\",15"));
                yield Reply.OK;
            }
        };
    }

    private Reply cscs(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CSCS: (\"GSM\",\"IRA\",\"HEX\",\"UCS2\")");
            case READ -> Reply.Ok.of("+CSCS: \"" + settings.charset + "\"");
            case EXECUTE -> wrong();
            case SET -> {
                var charset = Charset.of(command.text(0).orElse(""));
                if (charset.isEmpty()) {
                    yield wrong();
                }
                settings.charset = charset.get();
                yield Reply.OK;
            }
        };
    }

    // ---- messages: 3GPP TS 27.005 ----

    private Reply csms(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CSMS: (0,1)");
            case READ -> Reply.Ok.of("+CSMS: " + settings.csms + ",1,1,1");
            case EXECUTE -> wrong();
            case SET -> {
                int service = command.number(0, 0);
                if (service != 0 && service != 1) {
                    yield new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
                }
                settings.csms = service;
                yield Reply.Ok.of("+CSMS: 1,1,1");
            }
        };
    }

    private Reply csmp(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.OK;
            case READ ->
                Reply.Ok.of("+CSMP: " + settings.firstOctet + "," + settings.validity + "," + settings.pid + ","
                        + settings.dcs);
            case EXECUTE -> wrong();
            case SET -> {
                int first = command.number(0, settings.firstOctet);
                int validity = command.number(1, settings.validity);
                int pid = command.number(2, settings.pid);
                int dcs = command.number(3, settings.dcs);
                for (int octet : new int[] {first, validity, pid, dcs}) {
                    if (octet < 0 || octet > 255) {
                        yield new Reply.Cms(Reply.Cms.INVALID_TEXT_PARAMETER);
                    }
                }
                settings.firstOctet = first;
                settings.validity = validity;
                settings.pid = pid;
                settings.dcs = dcs;
                yield Reply.OK;
            }
        };
    }

    private Reply csca(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.OK;
            case READ ->
                Reply.Ok.of("+CSCA: \"" + settings.charset.number(settings.smsc.number()) + "\","
                        + toa(settings.smsc.number()));
            case EXECUTE -> wrong();
            case SET -> {
                var number = settings.charset.address(command.text(0).orElse(""));
                if (number.isEmpty()) {
                    yield new Reply.Cms(Reply.Cms.INVALID_TEXT_PARAMETER);
                }
                settings.smsc = number.get();
                yield Reply.OK;
            }
        };
    }

    private Optional<Memory> memory(String name) {
        return switch (name) {
            case "SM" -> Optional.of(sm);
            case "SR" -> Optional.of(sr);
            default -> Optional.empty();
        };
    }

    private Memory reading() {
        return memory(settings.memoryRead).orElse(sm);
    }

    private int used(Memory memory) {
        return around.fault() instanceof Fault.StorageFull ? memory.capacity() : memory.used();
    }

    private String fill(String name) {
        var memory = memory(name).orElse(sm);
        return used(memory) + "," + memory.capacity();
    }

    private Reply cpms(Command command) {
        var names = List.of(settings.memoryRead, settings.memoryWrite, settings.memoryReceive);
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CPMS: (\"SM\",\"SR\"),(\"SM\"),(\"SM\",\"SR\")");
            case READ ->
                Reply.Ok.of("+CPMS: "
                        + String.join(
                                ",",
                                names.stream()
                                        .map(name -> "\"" + name + "\"," + fill(name))
                                        .toList()));
            case EXECUTE -> wrong();
            case SET -> {
                var read = command.text(0).orElse(settings.memoryRead);
                var write = command.text(1).orElse(settings.memoryWrite);
                var receive = command.text(2).orElse(settings.memoryReceive);
                if (memory(read).isEmpty()
                        || !write.equals("SM")
                        || memory(receive).isEmpty()) {
                    yield new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
                }
                settings.memoryRead = read;
                settings.memoryWrite = write;
                settings.memoryReceive = receive;
                yield Reply.Ok.of("+CPMS: " + fill(read) + "," + fill(write) + "," + fill(receive));
            }
        };
    }

    private Reply cnmi(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)");
            case READ ->
                Reply.Ok.of("+CNMI: " + settings.cnmiMode + "," + settings.cnmiText + "," + settings.cnmiBroadcast + ","
                        + settings.cnmiReport + "," + settings.cnmiBuffer);
            case EXECUTE -> wrong();
            case SET -> {
                int mode = command.number(0, settings.cnmiMode);
                int text = command.number(1, settings.cnmiText);
                int broadcast = command.number(2, settings.cnmiBroadcast);
                int report = command.number(3, settings.cnmiReport);
                int buffer = command.number(4, settings.cnmiBuffer);
                if (outside(mode, 2)
                        || outside(text, 3)
                        || (broadcast != 0 && broadcast != 2)
                        || outside(report, 2)
                        || outside(buffer, 1)) {
                    yield new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
                }
                settings.cnmiMode = mode;
                settings.cnmiText = text;
                settings.cnmiBroadcast = broadcast;
                settings.cnmiReport = report;
                settings.cnmiBuffer = buffer;
                yield Reply.OK;
            }
        };
    }

    private static boolean outside(int number, int max) {
        return number < 0 || number > max;
    }

    private Reply cnma(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of("+CNMA: (0-2)");
        }
        int how = command.number(0, 0);
        if (outside(how, 2)) {
            return new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
        }
        return around.acknowledged(how != 2) ? Reply.OK : new Reply.Cms(Reply.Cms.NO_CNMA_EXPECTED);
    }

    private Reply cmgl(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of(
                    settings.cmgf == 0
                            ? "+CMGL: (0-4)"
                            : "+CMGL: (\"REC UNREAD\",\"REC READ\",\"STO UNSENT\",\"STO SENT\",\"ALL\")");
        }
        if (command.form() == Command.Form.READ) {
            return wrong();
        }
        Optional<Memory.Stat> wanted = Optional.empty();
        var asked = command.text(0).orElse("0");
        if (!asked.equals("4") && !asked.equals("ALL")) {
            for (var stat : Memory.Stat.values()) {
                if (asked.equals(stat.word()) || asked.equals(String.valueOf(stat.code()))) {
                    wanted = Optional.of(stat);
                }
            }
            if (wanted.isEmpty()) {
                return new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
            }
        }
        var lines = new ArrayList<String>();
        for (var each : reading().all().entrySet()) {
            var slot = each.getValue();
            if (wanted.isPresent() && wanted.get() != slot.stat()) {
                continue;
            }
            if (settings.cmgf == 1) {
                lines.addAll(texts().stored("+CMGL: " + each.getKey() + ",", slot));
            } else {
                lines.add("+CMGL: " + each.getKey() + "," + slot.stat().code() + ",,"
                        + slot.tpdu().size());
                lines.add(withSmsc(slot.tpdu().toArray()));
            }
            reading().read(each.getKey());
        }
        return new Reply.Ok(lines);
    }

    private Reply cmgr(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        int index = command.number(0, -1);
        var slot = reading().at(index);
        if (slot.isEmpty()) {
            return new Reply.Cms(Reply.Cms.INVALID_MEMORY_INDEX);
        }
        reading().read(index);
        return settings.cmgf == 1
                ? new Reply.Ok(texts().stored("+CMGR: ", slot.get()))
                : Reply.Ok.of(
                        "+CMGR: " + slot.get().stat().code() + ",,"
                                + slot.get().tpdu().size(),
                        withSmsc(slot.get().tpdu().toArray()));
    }

    private Reply cmgd(Command command) {
        var memory = reading();
        if (command.form() == Command.Form.TEST) {
            var places = memory.all().keySet().stream().map(String::valueOf).toList();
            return Reply.Ok.of("+CMGD: (" + String.join(",", places) + "),(0-4)");
        }
        int index = command.number(0, -1);
        int which = command.number(1, 0);
        if (outside(which, 4) || index < 0 || index > memory.capacity()) {
            return new Reply.Cms(Reply.Cms.INVALID_MEMORY_INDEX);
        }
        if (which == 0) {
            memory.delete(index);
        } else {
            // 1 what was read, 2 and what was sent, 3 and what was not sent, 4 all (3GPP TS 27.005 §3.5.4)
            memory.all().forEach((place, slot) -> {
                boolean goes = switch (slot.stat()) {
                    case RECEIVED_READ -> true;
                    case STORED_SENT -> which >= 2;
                    case STORED_UNSENT -> which >= 3;
                    case RECEIVED_UNREAD -> which == 4;
                };
                if (goes) {
                    memory.delete(place);
                }
            });
        }
        around.alert();
        return Reply.OK;
    }

    private Reply cmgs(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        return prompted(command, this::sending);
    }

    private Reply cmgw(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        return prompted(command, submit -> {
            if (around.fault() instanceof Fault.StorageFull || sm.isFull()) {
                return new Reply.Cms(Reply.Cms.MEMORY_FULL);
            }
            int index = sm.store(new Memory.Slot(Memory.Stat.STORED_UNSENT, Octets.of(submit.encode())));
            return Reply.Ok.of("+CMGW: " + index);
        });
    }

    private interface WithSubmit {
        Reply reply(Submit submit);
    }

    /// `<length>` in PDU mode, `<da>[,<toda>]` in text mode, then the prompt.
    private Reply prompted(Command command, WithSubmit then) {
        if (settings.cmgf == 0) {
            int octets = command.number(0, -1);
            if (octets < 1 || octets > TPDU_OCTETS_MAX) {
                return new Reply.Cms(Reply.Cms.INVALID_PDU_PARAMETER);
            }
            return new Reply.Prompt(body ->
                    decoded(body, octets).map(then::reply).orElse(new Reply.Cms(Reply.Cms.INVALID_PDU_PARAMETER)));
        }
        var to = settings.charset.address(command.text(0).orElse(""));
        if (to.isEmpty()) {
            return new Reply.Cms(Reply.Cms.INVALID_TEXT_PARAMETER);
        }
        return new Reply.Prompt(body -> texts().submit(to.get(), body)
                .map(then::reply)
                .orElse(new Reply.Cms(Reply.Cms.INVALID_TEXT_PARAMETER)));
    }

    /// The SMSC's address, which `octets` does not count, then the TPDU (3GPP TS 27.005 §4.3).
    private static Optional<Submit> decoded(String body, int octets) {
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

    private Reply cmss(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        int index = command.number(0, -1);
        var slot = sm.at(index);
        if (slot.isEmpty()
                || !(Pdu.decodeFromMobile(slot.get().tpdu().toArray()) instanceof Decoded.Ok(var _, Submit submit))) {
            return new Reply.Cms(Reply.Cms.INVALID_MEMORY_INDEX);
        }
        return new Reply.OnAir(() -> {
            var reply = handOver(submit, "+CMSS: ");
            if (reply instanceof Reply.Ok) {
                sm.sent(index);
            }
            return reply;
        });
    }

    private Reply sending(Submit submit) {
        return new Reply.OnAir(() -> handOver(submit, "+CMGS: "));
    }

    private Reply handOver(Submit submit, String name) {
        if (around.fault() instanceof Fault.Refuse(int cause)) {
            return new Reply.Cms(cause);
        }
        if (!registered()) {
            return new Reply.Cms(Reply.Cms.NO_NETWORK);
        }
        int mr = reference;
        reference = (reference + 1) % REFERENCES;
        var submission = new Submission(
                new Origin.Stick(identity.number()),
                Address.ofNumber(identity.number()),
                submit.to(),
                submit.pid(),
                submit.dcs(),
                submit.userData(),
                expires(submit.validity()),
                submit.statusReportRequest() ? ReportWish.ALL : ReportWish.NONE,
                mr);
        return switch (smsc.submit(submission)) {
            case Submitted.Accepted(ShortMessage _) -> Reply.Ok.of(name + mr);
            case Submitted.NoSuchNumber _ -> new Reply.Cms(Reply.Cms.UNIDENTIFIED_SUBSCRIBER);
            case Submitted.Congested _ -> new Reply.Cms(Reply.Cms.CONGESTION);
        };
    }

    /// TP-VP (3GPP TS 23.040 §9.2.3.12). The enhanced format counts in steps of a relative one, in seconds or in hours,
    /// minutes and seconds (§9.2.3.12.3).
    private static Optional<Instant> expires(ValidityPeriod validity) {
        var now = Instant.now();
        return switch (validity) {
            case ValidityPeriod.SmscDefault _, ValidityPeriod.NoTime _ -> Optional.empty();
            case ValidityPeriod.Relative(var atMost) -> Optional.of(now.plus(atMost));
            case ValidityPeriod.Absolute(var until) -> Optional.of(until.toInstant());
            case ValidityPeriod.Enhanced(var octets) ->
                switch (octets.at(0) & 0b111) {
                    case 0b001 ->
                        Optional.of(now.plus(ValidityPeriod.Relative.ofOctet(octets.at(1) & 0xFF)
                                .atMost()));
                    case 0b010 -> Optional.of(now.plusSeconds(octets.at(1) & 0xFF));
                    case 0b011 ->
                        Optional.of(now.plusSeconds(
                                digits(octets.at(1)) * 3600L + digits(octets.at(2)) * 60L + digits(octets.at(3))));
                    default -> Optional.empty();
                };
        };
    }

    private static int digits(int octet) {
        return (octet & 0xF) * 10 + (octet >> 4 & 0xF);
    }
}
