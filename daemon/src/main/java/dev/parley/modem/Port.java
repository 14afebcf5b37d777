package dev.parley.modem;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// An open serial port, and the thread that reads it into the owner's queue.
///
/// The thread is a platform thread: the read is a blocking native call, which would pin the carrier of a virtual one.
final class Port implements AutoCloseable {

    /// How long one read blocks. Only the end of the reading thread waits for it: octets and a hang-up end a read at
    /// once.
    private static final int READ_MILLIS = 300;

    /// For ports that honour it; a full buffer means that the modem has stopped reading.
    private static final int WRITE_MILLIS = 5_000;

    private static final int PORTION_OCTETS = 1_024;

    /// Portions read and not looked at yet, at most; beyond it the port is not read, and the kernel's
    /// buffer fills.
    static final int INBOX_MAX = 256;

    private final SerialPort serial;
    private final Path path;
    private final BlockingQueue<Input> inbox;
    private final Thread reader;
    private volatile boolean closing;

    private Port(SerialPort serial, Path path, String owner, BlockingQueue<Input> inbox) {
        this.serial = serial;
        this.path = path;
        this.inbox = inbox;
        this.reader = Thread.ofPlatform().name(owner + "-port").daemon().unstarted(this::read);
    }

    /// Opens the port for somebody who has nothing else in the inbox.
    static Port open(Path path, int baud, String owner) throws PortTrouble {
        return open(path, baud, owner, new ArrayBlockingQueue<>(INBOX_MAX));
    }

    /// Opens the port for nobody but us and begins to read it.
    ///
    /// @param path may be a symbolic link
    /// @param owner the link's name, for the thread's
    /// @param inbox where what is read goes; a full one makes the port wait, not lose
    static Port open(Path path, int baud, String owner, BlockingQueue<Input> inbox) throws PortTrouble {
        Path device;
        try {
            device = path.toRealPath();
        } catch (IOException _) {
            throw missing(path);
        }
        if (!Files.isReadable(device) || !Files.isWritable(device)) {
            throw new PortTrouble(
                    PortTrouble.Kind.UNUSABLE,
                    "Parley may not use " + path + "; put its user into the group that owns " + device + ".");
        }
        var holder = lockHolder(device);
        if (holder.isPresent()) {
            throw busy(path, " (process " + holder.get() + " has locked it)");
        }
        SerialPort serial;
        try {
            serial = SerialPort.getCommPort(device.toString());
        } catch (SerialPortInvalidPortException _) {
            throw new PortTrouble(PortTrouble.Kind.UNUSABLE, path + " is not a serial port.");
        }
        serial.setComPortParameters(baud, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
        serial.setComPortTimeouts(
                SerialPort.TIMEOUT_READ_SEMI_BLOCKING | SerialPort.TIMEOUT_WRITE_BLOCKING, READ_MILLIS, WRITE_MILLIS);
        if (!serial.openPort()) {
            // Present and permitted, as seen above: it is another program's, by flock or TIOCEXCL.
            if (!Files.exists(device)) {
                throw missing(path);
            }
            throw busy(path, "");
        }
        var port = new Port(serial, device, owner, inbox);
        port.reader.start();
        return port;
    }

    BlockingQueue<Input> inbox() {
        return inbox;
    }

    private static PortTrouble missing(Path path) {
        return new PortTrouble(PortTrouble.Kind.MISSING, "There is no modem at " + path + "; plug it in.");
    }

    private static PortTrouble busy(Path path, String more) {
        return new PortTrouble(
                PortTrouble.Kind.BUSY,
                "The port " + path + " is busy: another program uses it" + more
                        + ". Stop that program (often ModemManager, gammu-smsd or smsd).");
    }

    /// Writes all of it.
    ///
    /// @throws PortGone if not all octets were taken
    void write(byte[] octets) throws PortGone {
        var written = serial.writeBytes(octets, octets.length);
        if (written != octets.length) {
            throw new PortGone("cannot write to " + path);
        }
    }

    private void read() {
        var portion = new byte[PORTION_OCTETS];
        try {
            while (!closing) {
                var count = serial.readBytes(portion, portion.length);
                if (count > 0) {
                    inbox.put(new Input.Octets(Arrays.copyOf(portion, count)));
                } else if (count < 0 || !Files.exists(path)) {
                    inbox.put(new Input.Lost("the modem at " + path + " is gone"));
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // only close() interrupts, and only a reader that is stuck
        }
    }

    /// Waits for the reading thread, then lets go of the port.
    @Override
    public void close() {
        closing = true;
        inbox.clear(); // the owner is here and reads no more; makes room for a reader that waits for it
        var interrupted = false;
        try {
            reader.join(4L * READ_MILLIS);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        reader.interrupt();
        serial.closePort();
        inbox.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// The process that holds a lock file of the UUCP kind (FHS 3.0 §5.9) on this device, which gammu, minicom and
    /// smstools use instead of a lock that the kernel knows. Empty if there is none, or it is stale.
    private static Optional<String> lockHolder(Path device) {
        var lock = Path.of("/var/lock", "LCK.." + device.getFileName());
        if (!device.startsWith("/dev") || device.startsWith("/dev/pts") || !Files.isReadable(lock)) {
            return Optional.empty();
        }
        try {
            var pid = Long.parseLong(
                    Files.readString(lock, StandardCharsets.ISO_8859_1).strip().split("\\s", 2)[0]);
            var alive = ProcessHandle.of(pid)
                    .filter(holder ->
                            holder.isAlive() && pid != ProcessHandle.current().pid());
            return alive.map(holder -> Long.toString(holder.pid()));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty(); // in binary form, or just gone; the kernel's own lock decides
        }
    }
}
