package dev.parley.conversation;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.problem.Outcome;
import dev.parley.store.Store;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What was said in a conversation, with the unrouted texts that may belong to it: a window over the thread
/// that opens anywhere and moves both ways. Messages are in the order of their ids, which is the order in
/// which they were said, whatever the clocks were.
public final class Threads {
    private final Store store;
    private final MessageStore messages;
    private final ReadStore reads;
    private final Views views;

    Threads(Store store, MessageStore messages, ReadStore reads, Views views) {
        this.store = store;
        this.messages = messages;
        this.reads = reads;
        this.views = views;
    }

    /// The ids of a window, newest first.
    private record Window(List<Long> ids, boolean hasOlder, boolean hasNewer) {
        Optional<String> older() {
            return hasOlder && !ids.isEmpty() ? Optional.of(Long.toString(ids.getLast())) : Optional.empty();
        }

        Optional<String> newer() {
            return hasNewer && !ids.isEmpty() ? Optional.of(Cursors.newer(ids.getFirst())) : Optional.empty();
        }
    }

    /// The newest, or what a cursor leads to.
    public Outcome<ThreadPage> list(Account viewer, long conversationId, PageRequest page) {
        var newer = page.cursor().flatMap(Cursors::newer);
        if (newer.isPresent()) {
            return after(viewer, conversationId, newer.get(), page.limit());
        }
        boolean isFirst = page.cursor().isEmpty();
        var before = isFirst ? Optional.of(Long.MAX_VALUE) : page.cursor().flatMap(Cursors::id);
        return Outcome.unless(
                Cursors.bad().when(before.isEmpty()),
                () -> shown(viewer, conversationId, connection -> {
                    var found = reads.older(connection, conversationId, before.orElseThrow(), page.limit() + 1);
                    var ids = fitting(found, page.limit());
                    return Optional.of(new Window(ids, found.size() > ids.size(), !isFirst));
                }));
    }

    /// What was said directly after a message.
    ///
    /// @param messageId 0 for the beginning of the thread
    public Outcome<ThreadPage> after(Account viewer, long conversationId, long messageId, int limit) {
        return shown(viewer, conversationId, connection -> {
            var found = reads.newer(connection, conversationId, messageId, limit + 1);
            var ids = fitting(found, limit);
            return Optional.of(new Window(ids.reversed(), messageId > 0, found.size() > ids.size()));
        });
    }

    /// A message with what was said before and after it.
    public Outcome<ThreadPage> around(Account viewer, long conversationId, long messageId, int limit) {
        return shown(viewer, conversationId, connection -> {
            if (!reads.shows(connection, conversationId, messageId)) {
                return Optional.empty();
            }
            int half = limit / 2;
            var newer = reads.newer(connection, conversationId, messageId, half + 1);
            var ids = new ArrayList<>(fitting(newer, half).reversed());
            boolean moreNewer = newer.size() > ids.size();
            ids.add(messageId);
            var older = reads.older(connection, conversationId, messageId, limit - ids.size() + 1);
            var shown = fitting(older, limit - ids.size());
            ids.addAll(shown);
            return Optional.of(new Window(ids, older.size() > shown.size(), moreNewer));
        });
    }

    private static List<Long> fitting(List<ReadStore.Shown> found, int limit) {
        return PageRequest.fitting(found, limit, ReadStore.Shown::characters).stream()
                .map(ReadStore.Shown::id)
                .toList();
    }

    private Outcome<ThreadPage> shown(
            Account viewer, long conversationId, Function<Connection, Optional<Window>> opening) {
        return store.read(connection -> {
            var window = Access.of(viewer).maySeeConversation(connection, conversationId)
                    ? opening.apply(connection)
                    : Optional.<Window>empty();
            return Outcome.found(window)
                    .map(open -> new ThreadPage(
                            views.messages(connection, messages.byIds(connection, open.ids), viewer),
                            open.older(),
                            open.newer()));
        });
    }
}
