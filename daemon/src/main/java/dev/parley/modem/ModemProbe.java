package dev.parley.modem;

import com.fazecast.jSerialComm.SerialPort;
import dev.parley.at.Command;
import dev.parley.at.Cops;
import dev.parley.at.Cpms;
import dev.parley.at.Creg;
import dev.parley.at.Csca;
import dev.parley.at.Csq;
import dev.parley.at.SimState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks at serial ports for an operator: what is there, and what it says of itself. It asks and changes nothing but
/// echo and error numbers, and enters no PIN.
public final class ModemProbe {

    /// Where udev names serial ports for what is plugged in.
    private static final Path BY_ID = Path.of("/dev/serial/by-id");

    private static final int TRIES = 3;
    private static final Duration ANSWER = Duration.ofSeconds(2);
    private static final Duration SLOW = Duration.ofSeconds(15);

    /// How full a memory is.
    public record Memory(String name, int used, int total) {}

    /// What was found on a port.
    ///
    /// @param trouble why nothing more is known: the port is busy, or nothing there speaks AT; empty for a modem
    /// @param sim its state in words
    /// @param registration in words
    public record Finding(
            Path port,
            Optional<String> trouble,
            String manufacturer,
            String model,
            String revision,
            String imei,
            String dialect,
            String sim,
            String registration,
            Optional<String> operator,
            Optional<Integer> signalDbm,
            Optional<String> smsc,
            List<Memory> memories) {

        static Finding trouble(Path port, String why) {
            Optional<String> none = Optional.empty();
            return new Finding(
                    port, Optional.of(why), "", "", "", "", "", "", "", none, Optional.empty(), none, List.of());
        }
    }

    private ModemProbe() {}

    /// The serial ports of this machine, each by the name that stays the same when it is plugged in again, where it
    /// has one.
    public static List<Path> ports() {
        var names = new LinkedHashMap<Path, Path>();
        try (Stream<Path> links = Files.isDirectory(BY_ID) ? Files.list(BY_ID) : Stream.empty()) {
            for (var link : links.sorted().toList()) {
                names.put(link.toRealPath(), link);
            }
        } catch (IOException _) {
            names.clear(); // unplugged while we looked; the plain names do
        }
        for (var port : SerialPort.getCommPorts()) {
            var path = Path.of(port.getSystemPortPath());
            names.putIfAbsent(path, path);
        }
        return List.copyOf(names.values());
    }

    /// Those of them that modems have.
    static List<Path> modemPorts() {
        return ports().stream()
                .filter(port -> port.startsWith(BY_ID)
                        || port.getFileName().toString().startsWith("ttyUSB")
                        || port.getFileName().toString().startsWith("ttyACM"))
                .toList();
    }

    /// Asks what is on this port. Takes some seconds where nothing answers.
    public static Finding probe(Path path, int baud) {
        try (var port = Port.open(path, baud, "probe")) {
            var dialogue = new Dialogue("probe", port, _ -> {});
            if (!dialogue.answers(TRIES, ANSWER)) {
                return Finding.trouble(path, "Nothing here answers AT.");
            }
            return asked(path, dialogue);
        } catch (PortTrouble e) {
            return Finding.trouble(path, e.sentence());
        } catch (PortGone e) {
            return Finding.trouble(path, "It went away: " + e.getMessage() + ".");
        }
    }

    private static Finding asked(Path path, Dialogue dialogue) throws PortGone {
        dialogue.command(Command.of("ATE0"), ANSWER);
        dialogue.command(Command.of("AT+CMEE=1"), ANSWER);
        var manufacturer = dialogue.command(Command.text("AT+CGMI"), ANSWER).firstLine();
        var model = dialogue.command(Command.text("AT+CGMM"), ANSWER).firstLine();
        var revision = dialogue.command(Command.text("AT+CGMR"), ANSWER).firstLine();
        var imei = dialogue.command(Command.text("AT+CGSN"), ANSWER).firstLine();
        var sim = dialogue.command(Command.of("AT+CPIN?"), SLOW);
        var circuit = Creg.of(dialogue.command(Command.of("AT+CREG?"), ANSWER));
        var packet = Creg.of(dialogue.command(Command.of("AT+CEREG?"), ANSWER));
        var registration = circuit.filter(Creg::registered)
                .or(() -> packet.filter(Creg::registered))
                .or(() -> circuit);
        var operator = Cops.operator(dialogue.command(Command.of("AT+COPS?"), SLOW));
        var dbm = Csq.dbm(dialogue.command(Command.of("AT+CSQ"), ANSWER));
        var smsc = Csca.address(dialogue.command(Command.of("AT+CSCA?"), SLOW));
        return new Finding(
                path,
                Optional.empty(),
                manufacturer,
                model,
                revision,
                imei,
                Dialect.of(manufacturer, model).name().toLowerCase(Locale.ROOT),
                SimState.of(sim).map(SimState::words).orElse(sim.words()),
                registration.map(Creg::words).orElse("not told"),
                operator,
                dbm,
                smsc,
                memories(dialogue));
    }

    /// Each memory is made the one that is read, as this is how a modem tells how full it is, and the first one again.
    private static List<Memory> memories(Dialogue dialogue) throws PortGone {
        var before = Cpms.usage(dialogue.command(Command.of("AT+CPMS?"), SLOW)).flatMap(Cpms.Usage::memory);
        var memories = new ArrayList<Memory>();
        var offered = Cpms.offered(dialogue.command(Command.of("AT+CPMS=?"), ANSWER));
        for (var name : offered.toRead()) {
            Cpms.usage(dialogue.command(Cpms.named(name), SLOW))
                    .ifPresent(usage -> memories.add(new Memory(name, usage.used(), usage.total())));
        }
        if (before.isPresent()) {
            dialogue.command(Cpms.named(before.get()), SLOW);
        }
        return List.copyOf(memories);
    }
}
