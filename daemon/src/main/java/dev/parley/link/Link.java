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

    /// How many parts may be handed over at once, at least 1. A modem has 1; an SMPP link its window.
    int window();

    /// Hands one part to the network and returns at once: `told` hears what became of the hand-over (after
    /// seconds on a modem), once, on a thread of the link's, and must be quick. While the link is not
    /// [LinkState#READY], and when the window is full, it hears [SubmitOutcome.NotHandedOver] at once.
    ///
    /// @return takes the part back as long as it waits for the link's attention; once the hand-over has
    /// begun, its outcome is told
    Runnable submit(OutboundPart part, Consumer<SubmitOutcome> told);

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
