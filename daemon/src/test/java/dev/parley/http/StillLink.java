package dev.parley.http;

import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.modem.ModemKind;
import java.time.Instant;
import java.util.function.Consumer;

/// A link without a network behind it: it can be paused and resumed.
final class StillLink implements Link {
    private final String name;
    private volatile LinkState state = LinkState.READY;

    StillLink(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LinkKind kind() {
        return ModemKind.KIND;
    }

    @Override
    public LinkStatus status() {
        return LinkStatus.of(state, "", Instant.EPOCH);
    }

    @Override
    public int window() {
        return 1;
    }

    @Override
    public Runnable submit(OutboundPart part, Consumer<SubmitOutcome> told) {
        told.accept(new SubmitOutcome.NotHandedOver("there is no network"));
        return () -> {};
    }

    @Override
    public void start(LinkListener listener) {}

    @Override
    public void pause() {
        state = LinkState.PAUSED;
    }

    @Override
    public void resume() {
        state = LinkState.READY;
    }

    @Override
    public void restart() {
        state = LinkState.READY;
    }

    @Override
    public void close() {
        state = LinkState.CLOSED;
    }
}
