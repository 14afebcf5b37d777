package dev.parley.queue;

import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.modem.ModemKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A link that answers as it is told to, and remembers what it was handed.
public final class ScriptedLink implements Link {

    @FunctionalInterface
    public interface Script {
        SubmitOutcome answer(OutboundPart part) throws InterruptedException;
    }

    private final String name;
    private final LinkKind kind;
    private final int window;
    private final List<OutboundPart> submitted = new ArrayList<>();
    private final AtomicInteger reference = new AtomicInteger();
    private volatile LinkState state = LinkState.READY;
    private volatile Script script = _ -> accepted();

    public ScriptedLink(String name, LinkKind kind, int window) {
        this.name = name;
        this.kind = kind;
        this.window = window;
    }

    void answers(Script script) {
        this.script = script;
    }

    public void is(LinkState state) {
        this.state = state;
    }

    /// The next reference of a modem: 0 to 255, then 0 again.
    SubmitOutcome accepted() {
        int next = reference.getAndIncrement();
        return new SubmitOutcome.Accepted(Optional.of(Integer.toString(kind == ModemKind.KIND ? next % 256 : next)));
    }

    static SubmitOutcome accepted(String reference) {
        return new SubmitOutcome.Accepted(Optional.of(reference));
    }

    List<OutboundPart> submitted() {
        synchronized (submitted) {
            return List.copyOf(submitted);
        }
    }

    List<String> texts() {
        return submitted().stream().map(part -> part.segment().text()).toList();
    }

    List<String> texts(String recipient) {
        return submitted().stream()
                .filter(part -> part.recipient().equals(recipient))
                .map(part -> part.segment().text())
                .toList();
    }

    @Override
    public Runnable submit(OutboundPart part, Consumer<SubmitOutcome> told) {
        var handingOver = Thread.ofVirtual().start(() -> {
            synchronized (submitted) {
                submitted.add(part);
            }
            SubmitOutcome outcome;
            try {
                outcome = script.answer(part);
            } catch (InterruptedException e) {
                outcome = new SubmitOutcome.NotHandedOver("Parley is stopping");
            } catch (RuntimeException e) {
                outcome = new SubmitOutcome.Uncertain("a mistake of ours: " + e);
            }
            told.accept(outcome);
        });
        return handingOver::interrupt;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LinkKind kind() {
        return kind;
    }

    @Override
    public LinkStatus status() {
        return LinkStatus.of(state, "", Instant.EPOCH);
    }

    @Override
    public int window() {
        return window;
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
