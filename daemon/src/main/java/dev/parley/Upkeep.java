package dev.parley;

import dev.parley.audit.AuditLog;
import dev.parley.config.RetentionSettings;
import dev.parley.conversation.ConversationServices;
import dev.parley.event.EventLog;
import dev.parley.inbox.Inbox;
import dev.parley.person.People;
import dev.parley.queue.SendQueue;
import dev.parley.reply.ReplyServices;
import dev.parley.store.StoreUnavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has to be done now and then: decisions that time takes, and the deletion of what is too old, in
/// small bites with
/// a breath between them.
record Upkeep(
        ConversationServices conversations,
        ReplyServices replies,
        SendQueue queue,
        Inbox inbox,
        EventLog events,
        AuditLog audit,
        People people,
        RetentionSettings retention,
        Clock clock) {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
    private static final Duration DELETE_EVERY = Duration.ofHours(1);
    private static final Duration BREATH = Duration.ofMillis(100);
    private static final int BITE = 500;

    /// Of words in one sweep: some four thousand messages a second.
    private static final int BATCHES_MAX = 20;

    /// @return what stops it, when its work of this moment is done
    AutoCloseable start() {
        var thread = Thread.ofVirtual().name("upkeep").start(this::run);
        return () -> {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private void run() {
        var deleteAt = clock.instant();
        try {
            while (true) {
                Thread.sleep(SWEEP_EVERY);
                try {
                    replies.replies().sweep(clock.instant());
                    takeWords();
                    people.resume();
                    if (!clock.instant().isBefore(deleteAt)) {
                        delete(clock.instant());
                        deleteAt = clock.instant().plus(DELETE_EVERY);
                    }
                } catch (StoreUnavailable e) {
                    LOG.debug("upkeep waits for the database: {}", e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("upkeep failed and is tried again", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// With a breath between, so that a search finds soon what is new, and nobody waits for it.
    private void takeWords() throws InterruptedException {
        for (int batches = 0; batches < BATCHES_MAX && conversations.words().takeBatch(); batches++) {
            Thread.sleep(BREATH);
        }
    }

    private void delete(Instant now) throws InterruptedException {
        var messagesBefore = now.minus(retention.messages());
        all(() -> events.deleteBite(now.minus(retention.events())), 1);
        all(() -> audit.deleteBite(now.minus(retention.audit()), BITE), BITE);
        all(() -> queue.deleteBite(messagesBefore), 1);
        all(() -> inbox.deleteBite(messagesBefore), 1);
        all(() -> conversations.messages().deleteBite(messagesBefore, BITE), BITE);
        all(() -> conversations.words().deleteBite(messagesBefore, BITE), 1);
    }

    /// @param full fewer than this means that nothing is left
    private static void all(IntSupplier bite, int full) throws InterruptedException {
        while (bite.getAsInt() >= full) {
            Thread.sleep(BREATH);
        }
    }
}
