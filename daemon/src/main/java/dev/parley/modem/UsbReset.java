package dev.parley.modem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last rung of the ladder: the USB device behind a serial port is switched off and on as if it were replugged
/// (`authorized` in sysfs), where the daemon may write there. It usually may not, and then nothing happens.
final class UsbReset {
    private static final Logger log = LoggerFactory.getLogger(UsbReset.class);

    /// From the interface of a tty up to its device: `…/1-1/1-1:1.0/ttyUSB0`.
    private static final int LEVELS_MAX = 4;

    private UsbReset() {}

    static void attempt(Path port) {
        try {
            var node = Path.of("/sys/class/tty", port.toRealPath().getFileName().toString(), "device");
            if (!Files.exists(node)) {
                return;
            }
            var device = node.toRealPath();
            for (var level = 0; level < LEVELS_MAX && device != null; level++) {
                var authorized = device.resolve("authorized");
                if (Files.exists(device.resolve("idVendor")) && Files.isWritable(authorized)) {
                    log.warn("resets the USB device {}", device);
                    Files.write(authorized, "0".getBytes(StandardCharsets.US_ASCII));
                    Files.write(authorized, "1".getBytes(StandardCharsets.US_ASCII));
                    return;
                }
                device = device.getParent();
            }
        } catch (IOException e) {
            log.info("cannot reset the USB device of {}: {}", port, e.toString());
        }
    }
}
