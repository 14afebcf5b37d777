package dev.parley.link;

import java.util.Optional;
import java.util.function.Consumer;

/// One way onto the network for a line: a GSM modem or an SMPP session. A link supervises itself: it
/// connects, recovers and reconnects without being asked, and tells its [LinkListener] about each
/// change of state.
public interface Link extends AutoCloseable {

    /// The link's name in the configuration, unique in the daemon.
    String name();

    LinkKind kind();

    /// What the link is doing now. [LinkListener#stateChanged] tells of each change.
    LinkStatus status();

    /// How full its storage for messages is; empty for a link without one, and while that is not known.
    default Optional<Storage> storage() {
        return Optional.empty();
    }

    /// What a person may ask its device; empty for a link without one.
    default Optional<Console> console() {
        return Optional.empty();
    }

    /// How many parts may be in [#submit] at once, at least 1. A modem has 1; an SMPP link its window.
    int window();

    /// Hands one part to the network and waits for what becomes of the hand-over. Blocks for the air
    /// time (seconds on a modem), so it is called on a thread of the caller's own. Callable only while
    /// the link is [LinkState#READY]; otherwise, and when the window is full, it answers
    /// [SubmitOutcome.NotHandedOver] without waiting.
    ///
    /// An interrupt ends only the wait for the link's attention; once the hand-over has begun it is
    /// held off until the outcome is known.
    ///
    /// @throws InterruptedException if interrupted before anything was handed over
    SubmitOutcome submit(OutboundPart part) throws InterruptedException;

    /// Hands one part to the network and returns at once: `told` hears what became of the hand-over,
    /// once, on a thread of the link's, and must be quick. Otherwise as [#submit(OutboundPart)].
    ///
    /// @return what ends the wait for the link's attention, as an interrupt does there
    default Runnable submit(OutboundPart part, Consumer<SubmitOutcome> told) {
        var handingOver = Thread.ofVirtual().name("submit-" + name()).start(() -> {
            SubmitOutcome outcome;
            try {
                outcome = submit(part);
            } catch (InterruptedException e) {
                outcome = new SubmitOutcome.NotHandedOver("Parley is stopping");
            } catch (RuntimeException e) {
                outcome = new SubmitOutcome.Uncertain("a mistake of ours: " + e);
            }
            told.accept(outcome);
        });
        return handingOver::interrupt;
    }

    /// Begins the link's life on threads of its own and returns at once. Called once.
    void start(LinkListener listener);

    /// Stops taking parts; what is being handed over is finished first. Receiving goes on.
    void pause();

    /// Takes parts again after [#pause].
    void resume();

    /// Drops the connection and starts the link's life anew.
    void restart();

    /// Ends the link: waits for a hand-over in progress, then lets go of port or session. Does not
    /// throw.
    @Override
    void close();
}
