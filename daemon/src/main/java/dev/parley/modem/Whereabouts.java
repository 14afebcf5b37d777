package dev.parley.modem;

import java.nio.file.Path;
import java.util.Optional;

/// How a modem is told from others. With an IMEI or an IMSI it is found at whatever port it comes up.
///
/// @param port where it is, or, with one of the others, where it is looked for first
/// @param imei of the modem (`+CGSN`)
/// @param imsi of the SIM (`+CIMI`); a SIM that waits for its PIN does not tell it
public record Whereabouts(Optional<Path> port, Optional<String> imei, Optional<String> imsi) {
    public Whereabouts {
        if (port.isEmpty() && imei.isEmpty() && imsi.isEmpty()) {
            throw new IllegalArgumentException("neither port nor IMEI nor IMSI");
        }
    }

    /// Whether what is at a port has to be looked at before it is known to be the one.
    boolean named() {
        return imei.isPresent() || imsi.isPresent();
    }

    /// For a sentence.
    public String words() {
        return imei.map(number -> "with the IMEI " + number)
                .or(() -> imsi.map(number -> "with the SIM of IMSI " + number))
                .orElseGet(() -> "at " + port.orElseThrow());
    }
}
