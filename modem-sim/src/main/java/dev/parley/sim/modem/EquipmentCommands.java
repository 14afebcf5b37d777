package dev.parley.sim.modem;

import dev.parley.sms.Address;
import dev.parley.sms.Timestamp;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;

import static java.util.Map.entry;

/// The commands of 3GPP TS 27.007 and their like: who a stick is, its SIM's lock, its place in the
/// network, its phone book and USSD.
final class EquipmentCommands {

    private final Identity identity;
    private final State state;
    private final Around around;
    private String phonebook = "SM";

    EquipmentCommands(Identity identity, State state, Around around) {
        this.identity = identity;
        this.state = state;
        this.around = around;
    }

    /// What each command does, by its name.
    Map<String, Function<Command, Reply>> all() {
        return Map.ofEntries(
                entry("+CGMI", said(Identity.MANUFACTURER)),
                entry("+GMI", said(Identity.MANUFACTURER)),
                entry("+CGMM", said(Identity.MODEL)),
                entry("+GMM", said(Identity.MODEL)),
                entry("+CGMR", said(Identity.REVISION)),
                entry("+GMR", said(Identity.REVISION)),
                entry("+CGSN", said(identity.imei())),
                entry("+GSN", said(identity.imei())),
                entry("+GCAP", said("+GCAP: +CGSM")),
                entry("+CIMI", withSim(said(identity.imsi()))),
                entry("+CCID", withSim(said(identity.iccid()))),
                entry("+ICCID", withSim(said(identity.iccid()))),
                entry("+CNUM", withSim(this::cnum)),
                entry("+CPIN", this::cpin),
                entry("+CFUN", this::cfun),
                entry("+CREG", command -> registration(command, state.settings.creg, n -> state.settings.creg = n)),
                entry("+CGREG", command -> registration(command, state.settings.cgreg, n -> state.settings.cgreg = n)),
                entry("+CEREG", command -> registration(command, state.settings.cereg, n -> state.settings.cereg = n)),
                entry("+COPS", this::cops),
                entry("+CSQ", this::csq),
                entry("+CPAS", answered("+CPAS: 0", "+CPAS: (0,2,3,4)")),
                entry("+CBC", answered("+CBC: 0,95,4120", "+CBC: (0-3),(1-100),(voltage)")),
                entry("+CCLK", this::cclk),
                entry("+CLCK", this::clck),
                entry("+CPBS", this::cpbs),
                entry("+CPBR", phonebook("+CPBR: (1-250),40,14")),
                entry("+CPBF", phonebook("+CPBF: 40,14")),
                entry("+CPBW", phonebook("+CPBW: (1-250),40,(129,145),14")),
                entry("+CUSD", this::cusd),
                entry(
                        "+CMEE",
                        command -> Settings.number(command, 2, state.settings.cmee, n -> state.settings.cmee = n)),
                entry("+CSCS", this::cscs));
    }

    private static Function<Command, Reply> said(String line) {
        return command -> command.form() == Command.Form.TEST ? Reply.OK : Reply.Ok.of(line);
    }

    private static Function<Command, Reply> answered(String line, String test) {
        return command -> Reply.Ok.of(command.form() == Command.Form.TEST ? test : line);
    }

    private Function<Command, Reply> withSim(Function<Command, Reply> then) {
        return state.sim.unlocked(then, new Reply.Cme(Reply.Cme.SIM_PIN), new Reply.Cme(Reply.Cme.SIM_PUK));
    }

    // ---- the SIM ----

    private Reply cnum(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        var number = identity.number();
        return Reply.Ok.of("+CNUM: \"\",\"" + state.settings.charset.number(number) + "\","
                + TextMode.toa(Address.ofNumber(number)) + ",7,4");
    }

    private Reply cpin(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.OK;
            case READ ->
                Reply.Ok.of(
                        switch (state.sim.lock()) {
                            case NONE -> "+CPIN: READY";
                            case PIN -> "+CPIN: SIM PIN";
                            case PUK -> "+CPIN: SIM PUK";
                        });
            case EXECUTE -> Reply.WRONG;
            case SET -> enter(command.text(0).orElse(""));
        };
    }

    private Reply enter(String entered) {
        return switch (state.sim.lock()) {
            case NONE -> new Reply.Cme(Reply.Cme.OPERATION_NOT_ALLOWED);
            case PUK -> new Reply.Cme(Reply.Cme.SIM_PUK);
            case PIN -> {
                if (!state.sim.enter(entered)) {
                    yield new Reply.Cme(Reply.Cme.INCORRECT_PASSWORD);
                }
                state.fault = new Fault.None();
                tellRegistration();
                around.alert();
                yield Reply.OK;
            }
        };
    }

    private Reply clck(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of("+CLCK: (\"AO\",\"AI\",\"OI\",\"OX\",\"IR\",\"SC\",\"FD\",\"PN\")");
        }
        if (command.number(1, -1) != 2) {
            return command.form() == Command.Form.SET ? Reply.OK : Reply.WRONG;
        }
        boolean on = command.text(0).orElse("").equals("SC") && state.sim.asksForPin();
        return Reply.Ok.of("+CLCK: " + (on ? 1 : 0));
    }

    // ---- radio and network ----

    private Reply cfun(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CFUN: (0,1,4),(0,1)");
            case READ -> Reply.Ok.of("+CFUN: " + (state.radio ? 1 : 4));
            case EXECUTE -> Reply.WRONG;
            case SET -> {
                int level = command.number(0, 1);
                if (level != 0 && level != 1 && level != 4) {
                    yield Reply.WRONG;
                }
                boolean was = state.isRegistered();
                state.radio = level == 1;
                if (command.number(1, 0) == 1) {
                    around.reset();
                } else if (was != state.isRegistered()) {
                    tellRegistration();
                    if (state.isRegistered()) {
                        around.alert();
                    }
                }
                yield Reply.OK;
            }
        };
    }

    private Reply csq(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of("+CSQ: (0-31,99),(0-7,99)");
        }
        return Reply.Ok.of(state.isRegistered() ? "+CSQ: 22,0" : "+CSQ: 99,99");
    }

    private Reply registration(Command command, int mode, IntConsumer with) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of(command.name() + ": (0-2)");
            case READ -> Reply.Ok.of(command.name() + ": " + mode + "," + stat() + cell(mode));
            case SET, EXECUTE -> Settings.number(command, 2, mode, with);
        };
    }

    /// The `stat` of `+CREG` (3GPP TS 27.007 §7.2).
    private int stat() {
        if (state.isRegistered()) {
            return 1;
        }
        return state.radio && !state.deregistered ? 2 : 0;
    }

    private String cell(int mode) {
        return mode >= 2 && state.isRegistered() ? ",\"" + Identity.LOCATION_AREA + "\",\"" + Identity.CELL + "\"" : "";
    }

    /// `+CREG`, `+CGREG` and `+CEREG`, as far as they are switched on.
    void tellRegistration() {
        tellRegistration("+CREG", state.settings.creg);
        tellRegistration("+CGREG", state.settings.cgreg);
        tellRegistration("+CEREG", state.settings.cereg);
    }

    private void tellRegistration(String name, int mode) {
        if (mode > 0) {
            around.unsolicited(List.of(name + ": " + stat() + cell(mode)));
        }
    }

    private Reply cops(Command command) {
        var settings = state.settings;
        return switch (command.form()) {
            case TEST ->
                state.isCovered()
                        ? Reply.Ok.of("+COPS: (2,\"" + settings.charset.written(Identity.OPERATOR) + "\",\""
                                + settings.charset.written("Parley") + "\",\"" + Identity.NETWORK
                                + "\"),,(0-4),(0-2)")
                        : Reply.Ok.of("+COPS: ,,(0-4),(0-2)");
            case READ -> {
                if (!state.isRegistered()) {
                    yield Reply.Ok.of("+COPS: " + (state.deregistered ? 2 : 0));
                }
                var name = switch (settings.copsFormat) {
                    case 0 -> settings.charset.written(Identity.OPERATOR);
                    case 1 -> settings.charset.written("Parley");
                    default -> Identity.NETWORK;
                };
                yield Reply.Ok.of("+COPS: 0," + settings.copsFormat + ",\"" + name + "\"");
            }
            case EXECUTE -> Reply.WRONG;
            case SET -> select(command);
        };
    }

    private Reply select(Command command) {
        int format = command.number(1, state.settings.copsFormat);
        if (format < 0 || format > 2) {
            return Reply.WRONG;
        }
        boolean was = state.isRegistered();
        switch (command.number(0, 0)) {
            case 0, 1, 4 -> state.deregistered = false;
            case 2 -> state.deregistered = true;
            case 3 -> state.settings.copsFormat = format;
            default -> {
                return Reply.WRONG;
            }
        }
        if (!state.deregistered && state.radio && !state.isCovered() && command.number(0, 0) != 3) {
            return new Reply.Cme(Reply.Cme.NO_NETWORK);
        }
        if (was != state.isRegistered()) {
            tellRegistration();
            if (state.isRegistered()) {
                around.alert();
            }
        }
        return Reply.OK;
    }

    // ---- clock, phone book, USSD, character set ----

    private Reply cclk(Command command) {
        return command.form() == Command.Form.READ
                ? Reply.Ok.of(
                        "+CCLK: \"" + TextMode.time(new Timestamp(OffsetDateTime.now(ZoneId.systemDefault()))) + "\"")
                : Reply.OK;
    }

    private Reply cpbs(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CPBS: (\"SM\",\"ON\",\"DC\",\"RC\",\"MC\")");
            case READ -> Reply.Ok.of("+CPBS: \"" + phonebook + "\",0,250");
            case EXECUTE -> Reply.WRONG;
            case SET -> {
                var wanted = command.text(0).orElse("");
                if (!Set.of("SM", "ON", "DC", "RC", "MC").contains(wanted)) {
                    yield Reply.WRONG;
                }
                phonebook = wanted;
                yield Reply.OK;
            }
        };
    }

    /// There is room for 250 people and nobody in it.
    private Function<Command, Reply> phonebook(String test) {
        var empty = withSim(_ -> Reply.OK);
        return command -> command.form() == Command.Form.TEST ? Reply.Ok.of(test) : empty.apply(command);
    }

    private Reply cusd(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CUSD: (0-2)");
            case READ -> Reply.Ok.of("+CUSD: " + state.settings.cusd);
            case EXECUTE -> Reply.OK;
            case SET -> {
                int mode = command.number(0, 0);
                if (mode < 0 || mode > 2) {
                    yield Reply.WRONG;
                }
                if (mode < 2) {
                    state.settings.cusd = mode;
                }
                var code = command.text(1);
                if (code.isEmpty() || mode == 2) {
                    yield Reply.OK;
                }
                if (!state.isRegistered()) {
                    yield new Reply.Cme(Reply.Cme.NO_NETWORK);
                }
                var asked = state.settings.charset.read(code.get()).orElse(code.get());
                var told = asked.equals("*100#") ? "Balance: 10.00 USD" : "No service " + asked;
                around.unsolicitedLater(List.of("+CUSD: 0,\"" + state.settings.charset.written(told) + "\",15"));
                yield Reply.OK;
            }
        };
    }

    private Reply cscs(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CSCS: (\"GSM\",\"IRA\",\"HEX\",\"UCS2\")");
            case READ -> Reply.Ok.of("+CSCS: \"" + state.settings.charset + "\"");
            case EXECUTE -> Reply.WRONG;
            case SET -> {
                var charset = Charset.of(command.text(0).orElse(""));
                if (charset.isEmpty()) {
                    yield Reply.WRONG;
                }
                state.settings.charset = charset.get();
                yield Reply.OK;
            }
        };
    }
}
