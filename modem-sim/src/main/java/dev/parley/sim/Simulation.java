package dev.parley.sim;

import dev.parley.sim.control.ControlApi;
import dev.parley.sim.modem.Identity;
import dev.parley.sim.modem.Modem;
import dev.parley.sim.network.Smsc;
import dev.parley.sim.smpp.SmppListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// A whole simulated network: the SMSC with its SMPP port, the modems and the control API.
public final class Simulation implements AutoCloseable {

    /// What others read to find it.
    static final String STATE = "sim.json";

    private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);

    private final Path directory;
    private final Smsc smsc = new Smsc();
    private final Map<String, Modem> modems = new LinkedHashMap<>();
    private final SmppListener smpp;
    private final ControlApi control;
    private final String controlHost;
    private final String smscHost;

    private Simulation(InetSocketAddress control, InetSocketAddress smpp, Map<String, String> numbers, Path directory)
            throws IOException {
        this.directory = directory;
        controlHost = control.getHostString();
        smscHost = smpp.getHostString();
        this.smpp = SmppListener.open(smpp, smsc);
        for (var each : numbers.entrySet()) {
            var identity = Identity.of(each.getKey(), each.getValue());
            modems.put(each.getKey(), new Modem(identity, smsc, directory.resolve(each.getKey())));
        }
        this.control = ControlApi.open(control, smsc, this.smpp, modems);
    }

    /// Starts all of it. It is ready when this returns.
    ///
    /// @param numbers of the modems, by name
    /// @param directory for the modems' links and [#STATE]; made if it is not there
    public static Simulation start(
            InetSocketAddress control, InetSocketAddress smpp, Map<String, String> numbers, Path directory)
            throws IOException {
        Files.createDirectories(directory);
        var simulation = new Simulation(control, smpp, numbers, directory.toAbsolutePath());
        simulation.modems.values().forEach(Modem::start);
        simulation.writeState();
        return simulation;
    }

    public String control() {
        return "http://" + written(controlHost, control.port());
    }

    public String smsc() {
        return written(smscHost, smpp.port());
    }

    /// Where a modem's port is to be found.
    public Map<String, Path> ports() {
        var ports = new LinkedHashMap<String, Path>();
        modems.forEach((name, modem) -> ports.put(name, modem.link()));
        return ports;
    }

    private static String written(String host, int port) {
        return (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
    }

    /// Whoever reads it finds all of it, or nothing.
    private void writeState() throws IOException {
        var state = new LinkedHashMap<String, Object>();
        state.put("control", control());
        state.put("smsc", smsc());
        var paths = new LinkedHashMap<String, String>();
        ports().forEach((name, path) -> paths.put(name, path.toString()));
        state.put("modems", paths);
        state.put("pid", ProcessHandle.current().pid());
        var beside = directory.resolve(STATE + ".new");
        Files.write(beside, JsonMapper.shared().writeValueAsBytes(state));
        Files.move(beside, directory.resolve(STATE), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        control.close();
        modems.values().forEach(Modem::close);
        try {
            smpp.close();
            Files.deleteIfExists(directory.resolve(STATE));
        } catch (IOException e) {
            LOG.warn("not all was cleaned up: {}", e.getMessage());
        }
        smsc.close();
    }
}
