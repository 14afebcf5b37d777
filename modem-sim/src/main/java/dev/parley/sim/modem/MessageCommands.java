package dev.parley.sim.modem;

import dev.parley.sms.Decoded;
import dev.parley.sms.Octets;
import dev.parley.sms.Pdu;
import dev.parley.sms.Submit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import static java.util.Map.entry;

/// The commands of 3GPP TS 27.005: how messages are sent, listed, read, deleted and told of.
final class MessageCommands {

    /// TPDUs of at most 164 octets are possible (a SUBMIT with all its fields); some room, and an end.
    private static final int TPDU_OCTETS_MAX = 176;

    private final State state;
    private final Uplink uplink;
    private final Around around;

    MessageCommands(State state, Uplink uplink, Around around) {
        this.state = state;
        this.uplink = uplink;
        this.around = around;
    }

    /// What each command does, by its name.
    Map<String, Function<Command, Reply>> all() {
        return Map.ofEntries(
                entry("+CSMS", this::csms),
                entry(
                        "+CMGF",
                        command -> Settings.number(command, 1, state.settings.cmgf, n -> state.settings.cmgf = n)),
                entry(
                        "+CSDH",
                        command -> Settings.number(command, 1, state.settings.csdh, n -> state.settings.csdh = n)),
                entry(
                        "+CMMS",
                        command -> Settings.number(command, 2, state.settings.cmms, n -> state.settings.cmms = n)),
                entry("+CSMP", this::csmp),
                entry("+CSCA", withSim(this::csca)),
                entry("+CPMS", withSim(this::cpms)),
                entry("+CNMI", this::cnmi),
                entry("+CNMA", this::cnma),
                entry("+CMGL", withSim(this::cmgl)),
                entry("+CMGR", withSim(this::cmgr)),
                entry("+CMGD", withSim(this::cmgd)),
                entry("+CMGS", withSim(this::cmgs)),
                entry("+CMGW", withSim(this::cmgw)),
                entry("+CMSS", withSim(this::cmss)));
    }

    private Function<Command, Reply> withSim(Function<Command, Reply> then) {
        return state.sim.unlocked(then, new Reply.Cms(Reply.Cms.SIM_PIN), new Reply.Cms(Reply.Cms.SIM_PUK));
    }

    private static boolean outside(int number, int max) {
        return number < 0 || number > max;
    }

    // ---- settings ----

    private Reply csms(Command command) {
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CSMS: (0,1)");
            case READ -> Reply.Ok.of("+CSMS: " + state.settings.csms + ",1,1,1");
            case EXECUTE -> Reply.WRONG;
            case SET -> {
                int service = command.number(0, 0);
                if (service != 0 && service != 1) {
                    yield new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
                }
                state.settings.csms = service;
                yield Reply.Ok.of("+CSMS: 1,1,1");
            }
        };
    }

    private Reply csmp(Command command) {
        var settings = state.settings;
        return switch (command.form()) {
            case TEST -> Reply.OK;
            case READ ->
                Reply.Ok.of("+CSMP: " + settings.firstOctet + "," + settings.validity + "," + settings.pid + ","
                        + settings.dcs);
            case EXECUTE -> Reply.WRONG;
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
        var settings = state.settings;
        return switch (command.form()) {
            case TEST -> Reply.OK;
            case READ ->
                Reply.Ok.of("+CSCA: \"" + settings.charset.number(settings.smsc.number()) + "\","
                        + TextMode.toa(settings.smsc));
            case EXECUTE -> Reply.WRONG;
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

    private Reply cpms(Command command) {
        var settings = state.settings;
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
            case EXECUTE -> Reply.WRONG;
            case SET -> {
                var read = command.text(0).orElse(settings.memoryRead);
                var write = command.text(1).orElse(settings.memoryWrite);
                var receive = command.text(2).orElse(settings.memoryReceive);
                if (state.sim.memory(read).isEmpty()
                        || !write.equals("SM")
                        || state.sim.memory(receive).isEmpty()) {
                    yield new Reply.Cms(Reply.Cms.OPERATION_NOT_ALLOWED);
                }
                settings.memoryRead = read;
                settings.memoryWrite = write;
                settings.memoryReceive = receive;
                yield Reply.Ok.of("+CPMS: " + fill(read) + "," + fill(write) + "," + fill(receive));
            }
        };
    }

    private Memory reading() {
        return state.sim.memory(state.settings.memoryRead).orElse(state.sim.sm());
    }

    private String fill(String name) {
        var memory = state.sim.memory(name).orElse(state.sim.sm());
        return used(memory) + "," + memory.capacity();
    }

    private int used(Memory memory) {
        return state.fault instanceof Fault.StorageFull ? memory.capacity() : memory.used();
    }

    private Reply cnmi(Command command) {
        var settings = state.settings;
        return switch (command.form()) {
            case TEST -> Reply.Ok.of("+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)");
            case READ ->
                Reply.Ok.of("+CNMI: " + settings.cnmiMode + "," + settings.cnmiText + "," + settings.cnmiBroadcast + ","
                        + settings.cnmiReport + "," + settings.cnmiBuffer);
            case EXECUTE -> Reply.WRONG;
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

    // ---- what is in the memories ----

    private Reply cmgl(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.Ok.of(
                    state.settings.cmgf == 0
                            ? "+CMGL: (0-4)"
                            : "+CMGL: (\"REC UNREAD\",\"REC READ\",\"STO UNSENT\",\"STO SENT\",\"ALL\")");
        }
        if (command.form() == Command.Form.READ) {
            return Reply.WRONG;
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
            lines.addAll(shown("+CMGL: " + each.getKey() + ",", slot));
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
        return new Reply.Ok(shown("+CMGR: ", slot.get()));
    }

    /// A message of a memory in the mode that is set.
    ///
    /// @param head what stands before `<stat>`
    private List<String> shown(String head, Memory.Slot slot) {
        return state.settings.cmgf == 1
                ? new TextMode(state.settings).stored(head, slot)
                : new PduMode(state.settings).stored(head, slot);
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

    // ---- sending ----

    private Reply cmgs(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        return prompted(command, submit -> new Reply.OnAir(() -> uplink.handOver(submit, "+CMGS: ")));
    }

    private Reply cmgw(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        return prompted(command, submit -> {
            if (state.fault instanceof Fault.StorageFull || state.sim.sm().isFull()) {
                return new Reply.Cms(Reply.Cms.MEMORY_FULL);
            }
            int index = state.sim.sm().store(new Memory.Slot(Memory.Stat.STORED_UNSENT, Octets.of(submit.encode())));
            return Reply.Ok.of("+CMGW: " + index);
        });
    }

    private Reply cmss(Command command) {
        if (command.form() == Command.Form.TEST) {
            return Reply.OK;
        }
        int index = command.number(0, -1);
        var slot = state.sim.sm().at(index);
        if (slot.isEmpty()
                || !(Pdu.decodeFromMobile(slot.get().tpdu().toArray()) instanceof Decoded.Ok(var _, Submit submit))) {
            return new Reply.Cms(Reply.Cms.INVALID_MEMORY_INDEX);
        }
        return new Reply.OnAir(() -> {
            var reply = uplink.handOver(submit, "+CMSS: ");
            if (reply instanceof Reply.Ok) {
                state.sim.sm().sent(index);
            }
            return reply;
        });
    }

    /// `<length>` in PDU mode, `<da>[,<toda>]` in text mode, then the prompt.
    private Reply prompted(Command command, Function<Submit, Reply> then) {
        if (state.settings.cmgf == 0) {
            int octets = command.number(0, -1);
            if (octets < 1 || octets > TPDU_OCTETS_MAX) {
                return new Reply.Cms(Reply.Cms.INVALID_PDU_PARAMETER);
            }
            return new Reply.Prompt(body ->
                    PduMode.submit(body, octets).map(then).orElse(new Reply.Cms(Reply.Cms.INVALID_PDU_PARAMETER)));
        }
        var to = state.settings.charset.address(command.text(0).orElse(""));
        if (to.isEmpty()) {
            return new Reply.Cms(Reply.Cms.INVALID_TEXT_PARAMETER);
        }
        return new Reply.Prompt(body -> new TextMode(state.settings)
                .submit(to.get(), body)
                .map(then)
                .orElse(new Reply.Cms(Reply.Cms.INVALID_TEXT_PARAMETER)));
    }
}
