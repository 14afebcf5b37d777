package dev.parley.modem;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// An operator's console on a port that no daemon holds; where one does, [ModemLink#command] runs the
/// lines. Unless told otherwise a console runs only commands that ask: nothing that deletes or
/// acknowledges a message, sends, dials, enters a PIN or changes a setting.
public final class AtConsole implements AutoCloseable {
    private static final int TRIES = 3;
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(2);

    /// `+COPS=?` looks for every network there is.
    private static final Duration ANSWER_MAX = Duration.ofMinutes(3);

    /// Commands without `?` that ask all the same; [#CARRYING] likewise with a value.
    private static final Set<String> ASKING = Set.of(("I +CGMI +CGMM +CGMR +CGSN +GMI +GMM +GMR +GSN +CIMI +CCID"
                    + " +QCCID +ICCID ^ICCID +CNUM +CSQ +CPAS +CEER +CLAC +CESQ +GCAP +CMGL +CPINR ^CPIN ^SYSINFO"
                    + " ^SYSINFOEX ^HCSQ +QNWINFO +QCSQ +CPSI +UPINCNT #CGSN +SPIC")
            .split(" "));

    private static final Set<String> CARRYING = Set.of("+CMGL", "+CMGR", "+CPINR", "+GSN", "+CGSN");

    private final Port port;
    private final Dialogue dialogue;
    private final List<String> unasked = new ArrayList<>();

    private AtConsole(Port port) {
        this.port = port;
        this.dialogue = new Dialogue("console", port, urc -> unasked.add(urc.toString()));
    }

    /// Another program uses the port.
    public static final class Busy extends IOException {
        private static final long serialVersionUID = 1L;

        Busy(PortTrouble cause) {
            super(cause.sentence(), cause);
        }
    }

    /// Opens the port and waits for the modem to answer.
    ///
    /// @throws Busy if another program uses it
    /// @throws IOException with a sentence for a person
    public static AtConsole open(Path path, int baud) throws IOException {
        Port port;
        try {
            port = Port.open(path, baud, "console");
        } catch (PortTrouble e) {
            throw e.kind() == PortTrouble.Kind.BUSY ? new Busy(e) : e;
        }
        var console = new AtConsole(port);
        try {
            if (console.dialogue.answers(TRIES, FIRST_ANSWER)) {
                return console;
            }
        } catch (PortGone e) {
            console.close();
            throw new IOException(path + " went away: " + e.getMessage(), e);
        }
        console.close();
        throw new IOException("Nothing at " + path + " answers AT.");
    }

    /// Why a line is not run without being told so; empty for one that only asks.
    public static Optional<String> danger(String line) {
        var upper = line.strip().toUpperCase(Locale.ROOT);
        if (!upper.startsWith("AT")) {
            return Optional.of("A command begins with AT.");
        }
        for (var command : upper.substring(2).split(";", -1)) {
            if (!asks(command.strip())) {
                return Optional.of("AT" + command.strip()
                        + " may lose messages, cost money or change a setting; run it with --unsafe if you mean it.");
            }
        }
        return Optional.empty();
    }

    /// Whether a line keeps the modem busy for minutes, for which a daemon does not lend it: `+COPS=?`
    /// looks for every network there is.
    public static boolean isLong(String line) {
        return line.toUpperCase(Locale.ROOT).replace(" ", "").contains("+COPS=?");
    }

    private static boolean asks(String command) {
        var name = command.split("[=?]", 2)[0];
        var rest = command.substring(name.length());
        if (rest.isEmpty()) {
            return ASKING.contains(name) || name.matches("(I[0-9])?");
        }
        var extended = name.matches("[+^#%$*][A-Z0-9]+");
        return extended && (rest.equals("?") || rest.equals("=?") || (rest.startsWith("=") && CARRYING.contains(name)));
    }

    /// Runs a line and waits for its result.
    ///
    /// @return everything that came, what came unasked first
    /// @throws IOException when the modem is gone
    public List<String> run(String line) throws IOException {
        try {
            var answer = dialogue.console(line.strip(), ANSWER_MAX);
            var said = new ArrayList<>(unasked);
            unasked.clear();
            said.addAll(answer);
            return said;
        } catch (PortGone e) {
            throw new IOException("The modem is gone: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        port.close();
    }
}
