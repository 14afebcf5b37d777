package dev.parley.inbox;

import dev.parley.conversation.TextReceiver;
import dev.parley.event.EventLog;
import dev.parley.line.Lines;
import dev.parley.link.Decoder;
import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkStatus;
import dev.parley.queue.ReportSettler;
import dev.parley.store.Store;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Hears what the links hear. Works from its construction to [#close].
public final class Inbox implements LinkListener, AutoCloseable {

    /// @param alsoTold hears of each change of a link's state at once, before it is in the event log: the queue
    public Inbox(
            Store store,
            Clock clock,
            InboxSettings settings,
            InboxMetrics metrics,
            EventLog events,
            Lines lines,
            Map<LinkKind, Decoder> decoders,
            TextReceiver texts,
            ReportSettler reports,
            BiConsumer<Link, LinkStatus> alsoTold) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long received(Inbound inbound) throws NotNow {
        return 0;
    }

    @Override
    public void released(long receipt) {}

    @Override
    public void stateChanged(Link link, LinkStatus status) {}

    /// What was received and given to nobody, newest first.
    ///
    /// @param before only older ones: the smallest id of the page before, or `Long.MAX_VALUE`
    public List<RawInbound> unread(long before, int limit) {
        return List.of();
    }

    /// Deletes raw copies, and texts put together, that are older than `before`, a bite at a time. Those whose
    /// link has not let go of them stay.
    ///
    /// @return how many; fewer than a bite means that none is left
    public int deleteBite(Instant before) {
        return 0;
    }

    @Override
    public void close() {}
}
