package dev.parley.modem;

import java.io.IOException;

/// The port does not work any more: the modem was unplugged, or the other end of a pty is closed.
final class PortGone extends IOException {
    private static final long serialVersionUID = 1L;

    PortGone(String why) {
        super(why);
    }
}
