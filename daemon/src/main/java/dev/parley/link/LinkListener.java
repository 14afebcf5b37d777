package dev.parley.link;

import java.util.function.Consumer;

/// Who hears what the links hear. Called on the links' own threads. A link that has one message at a time waits for
/// each answer and does nothing else meanwhile; one whose peer has a window does not wait.
public interface LinkListener {

    /// A text or a status report (the PDU tells), or something nobody can read. Returns only when it is committed, so
    /// that the link may then delete or acknowledge it. The same call again for the same copy (same place and same
    /// octets, not yet [#released]) is recognised and answered like the first.
    ///
    /// @return a receipt to give to [#released]
    /// @throws LinkListener.NotNow if it could not be committed; the link leaves it where it is and offers it again
    /// later
    long received(Inbound inbound) throws NotNow;

    /// What became of something that was offered without waiting.
    sealed interface Taken {

        /// It is committed.
        ///
        /// @param receipt to give to [#released]
        record Committed(long receipt) implements Taken {}

        /// It could not be committed; the link leaves it where it is.
        record Refused(NotNow why) implements Taken {}
    }

    /// The same as [#received], without waiting: what is offered by one thread is taken in that order, many at a time.
    ///
    /// @param told hears what became of it, once, on any thread; must be quick, and must not throw
    default void receive(Inbound inbound, Consumer<Taken> told) {
        Taken taken;
        try {
            taken = new Taken.Committed(received(inbound));
        } catch (NotNow e) {
            taken = new Taken.Refused(e);
        }
        told.accept(taken);
    }

    /// The copy that `received` answered with this receipt is gone for good: deleted from the modem, or acknowledged.
    /// From now on equal octets are another text.
    ///
    /// Does not throw: if it cannot be recorded, the next equal copy in the same place counts as the same text, as
    /// after a crash.
    void released(long receipt);

    /// The link's state, sentence, signal or operator changed.
    void stateChanged(Link link, LinkStatus status);

    /// What was received cannot be committed now, most likely because the database is away.
    final class NotNow extends Exception {
        private static final long serialVersionUID = 1L;

        public NotNow(String why, Throwable cause) {
            super(why, cause);
        }
    }
}
