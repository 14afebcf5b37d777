package dev.parley.sim.modem;

import dev.parley.sim.network.Smsc;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All the commands that a stick knows: those of ITU-T V.250 itself, the others in classes of their own.
/// Without port and clock; one thread.
final class Firmware {

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

    private final State state;
    private final EquipmentCommands equipment;
    private final Map<String, Function<Command, Reply>> commands;
    private final Map<String, String> kept = new HashMap<>();

    Firmware(Identity identity, Smsc smsc, State state, Around around) {
        this.state = state;
        equipment = new EquipmentCommands(identity, state, around);
        var messages = new MessageCommands(state, new Uplink(identity, state, smsc), around);
        commands = Stream.of(equipment.all(), messages.all())
                .flatMap(each -> each.entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    void powerOn() {
        state.powerOn();
        kept.clear();
    }

    void tellRegistration() {
        equipment.tellRegistration();
    }

    Reply run(Command command) {
        return switch (command.name()) {
            case "E" -> flag(command, on -> state.settings.echo = on);
            case "V" -> flag(command, on -> state.settings.verbose = on);
            case "Q" -> flag(command, on -> state.settings.quiet = on);
            case "Z", "&F" -> {
                state.settings = new Settings();
                yield Reply.OK;
            }
            case "I" -> Reply.Ok.of("SIM900 R11.0");
            case "H", "L", "M", "X", "S", "&C", "&D", "&K", "&W", "&V", "&S", "B", "N", "P", "T" -> Reply.OK;
            case "D", "A", "O" -> new Reply.Cme(Reply.Cme.OPERATION_NOT_ALLOWED);
            default -> KEPT.contains(command.name()) ? kept(command) : extended(command);
        };
    }

    private Reply extended(Command command) {
        return commands.getOrDefault(command.name(), _ -> new Reply.Cme(Reply.Cme.OPERATION_NOT_SUPPORTED))
                .apply(command);
    }

    private static Reply flag(Command command, Consumer<Boolean> with) {
        return switch (command.value()) {
            case "", "0" -> {
                with.accept(false);
                yield Reply.OK;
            }
            case "1" -> {
                with.accept(true);
                yield Reply.OK;
            }
            default -> Reply.WRONG;
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
}
