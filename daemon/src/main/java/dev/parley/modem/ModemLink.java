package dev.parley.modem;

import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import java.time.Clock;

/// A GSM modem on a serial port.
public final class ModemLink implements Link {
    private final String name;
    private final LinkStatus status;

    /// @param name the link's name in the configuration
    /// @param pins where it is remembered which PINs were refused
    public ModemLink(String name, ModemSettings settings, PinMemory pins, Clock clock) {
        this.name = name;
        this.status = LinkStatus.of(LinkState.DISCONNECTED, "", clock.instant());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LinkKind kind() {
        return LinkKind.MODEM;
    }

    @Override
    public LinkStatus status() {
        return status;
    }

    /// A modem does one thing at a time.
    @Override
    public int window() {
        return 1;
    }

    @Override
    public SubmitOutcome submit(OutboundPart part) throws InterruptedException {
        return new SubmitOutcome.NotHandedOver("the modem is not ready");
    }

    @Override
    public void start(LinkListener listener) {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void restart() {}

    @Override
    public void close() {}
}
