package dev.parley.reply;

import dev.parley.conversation.InboundText;
import dev.parley.conversation.Tags;
import dev.parley.store.Labelled;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which conversation a reply belongs to. SMS carries no thread id, so this weighs what the sender can
/// have read when it wrote. A private text must never reach the wrong group: what is in doubt is left
/// for the sender or a user to decide.
final class ReplyRouting {

    /// A service centre's clock, or a text that waited there, can be this far behind; an older SCTS is
    /// a wrong clock.
    private static final Duration SCTS_AGE_MAX = Duration.ofHours(24);

    private ReplyRouting() {}

    /// @param replyWindow how far before the last text heard another one still counts
    /// @param evidenceMargin how far the clocks of network and daemon may differ
    record Settings(Duration replyWindow, Duration evidenceMargin) {}

    /// When a reply was sent, as far as we can know: an SCTS counts only between arrival − 24 h and
    /// arrival + the margin, else the arrival stands for it. Nobody replies to what comes after the
    /// reply arrived.
    static Instant sentAt(InboundText reply, Settings settings) {
        var arrival = reply.arrivedAt();
        return reply.scts()
                .filter(at -> !at.isBefore(arrival.minus(SCTS_AGE_MAX))
                        && !at.isAfter(arrival.plus(settings.evidenceMargin())))
                .orElse(arrival);
    }

    /// A text of a conversation that was handed to the network for the sender of the reply.
    ///
    /// @param at when it was, or may have been, handed over
    /// @param reportedAt when the report came that it was delivered, by our clock; empty without one,
    /// and where a part of it may have been read before the report of the whole came
    record HandedOver(Instant at, Optional<Instant> reportedAt) {

        /// Whether the sender can have read it when it wrote. In doubt it has.
        boolean heardBefore(InboundText reply, Settings settings) {
            return at.isBefore(reply.arrivedAt())
                    && reportedAt
                            .filter(report ->
                                    report.isAfter(sentAt(reply, settings).plus(settings.evidenceMargin())))
                            .isEmpty();
        }
    }

    /// An open conversation of the sender on the line that it has not left.
    ///
    /// @param tag 0 for the direct one
    /// @param texts what was handed over for the sender, automatic texts not among it; at least the
    /// latest that was heard and all after it
    record Candidate(long conversation, int tag, List<HandedOver> texts) {
        Candidate {
            texts = List.copyOf(texts);
        }

        Optional<Instant> heardAt(InboundText reply, Settings settings) {
            return texts.stream()
                    .filter(text -> text.heardBefore(reply, settings))
                    .map(HandedOver::at)
                    .max(Comparator.naturalOrder());
        }

        /// Whether one of its texts may have reached the phone between an answer and the reply.
        private boolean reachedSince(Instant answer, InboundText reply, Settings settings) {
            return texts.stream()
                    .anyMatch(text -> text.heardBefore(reply, settings)
                            && (!text.at().isBefore(answer)
                                    || text.reportedAt()
                                            .filter(report -> !report.isBefore(answer))
                                            .isPresent()));
        }
    }

    /// What the sender said when it was asked.
    ///
    /// @param at when the answer reached us
    record Answered(long conversation, Instant at) {}

    enum How implements Labelled {
        ONLY_CANDIDATE,
        TAG,
        ANSWER,
        INFERRED,
        /// The sender has no conversation here; a direct one is opened for it.
        NEW_DIRECT,
        UNROUTED,
        /// By a user.
        MOVED
    }

    enum Why implements Labelled {
        /// Several conversations were heard in the window.
        SEVERAL_HEARD,
        NONE_HEARD
    }

    /// What a candidate had to say for itself.
    ///
    /// @param heardAt when its latest text that the sender can have read was handed over
    record Weighed(long conversation, int tag, Optional<Instant> heardAt) {}

    sealed interface Placement {
        How how();

        /// The text without the conversation's own tag.
        String text();

        List<Weighed> candidates();

        /// Into an open conversation.
        record To(long conversation, How how, String text, List<Weighed> candidates) implements Placement {}

        /// Into a direct conversation that is still to be opened.
        record ToNewDirect(How how, String text, List<Weighed> candidates) implements Placement {}

        record Unrouted(Why why, String text, List<Weighed> candidates) implements Placement {
            @Override
            public How how() {
                return How.UNROUTED;
            }
        }
    }

    static Placement decide(
            InboundText reply, List<Candidate> candidates, Optional<Answered> answered, Settings settings) {
        var weighed = candidates.stream()
                .map(each -> new Weighed(each.conversation(), each.tag(), each.heardAt(reply, settings)))
                .toList();
        var tagged = Tags.leading(reply.text());
        // `#0` is private by its sender's own word. No direct conversation yet is no reason to tell a group.
        if (tagged.filter(tag -> tag.tag() == Tags.DIRECT).isPresent()
                && candidates.stream().noneMatch(each -> each.tag() == Tags.DIRECT)) {
            return new Placement.ToNewDirect(How.TAG, untagged(tagged.get(), reply), weighed);
        }
        if (candidates.isEmpty()) {
            return new Placement.ToNewDirect(How.NEW_DIRECT, reply.text(), weighed);
        }
        var named = tagged.flatMap(tag ->
                candidates.stream().filter(each -> each.tag() == tag.tag()).findFirst());
        // (a), (b)
        if (candidates.size() == 1) {
            var text = named.isPresent() ? untagged(tagged.get(), reply) : reply.text();
            return new Placement.To(candidates.getFirst().conversation(), How.ONLY_CANDIDATE, text, weighed);
        }
        if (named.isPresent()) {
            return new Placement.To(
                    named.get().conversation(), How.TAG, untagged(tagged.orElseThrow(), reply), weighed);
        }
        var answer = answered.filter(said -> holds(said, reply, candidates, settings));
        if (answer.isPresent()) {
            return new Placement.To(answer.get().conversation(), How.ANSWER, reply.text(), weighed);
        }
        return byEvidence(reply, weighed, settings);
    }

    /// (c), (d)
    private static Placement byEvidence(InboundText reply, List<Weighed> weighed, Settings settings) {
        var last = weighed.stream().flatMap(each -> each.heardAt().stream()).max(Comparator.naturalOrder());
        if (last.isEmpty()) {
            return new Placement.Unrouted(Why.NONE_HEARD, reply.text(), weighed);
        }
        var since = last.get().minus(settings.replyWindow());
        var heard = weighed.stream()
                .filter(each -> each.heardAt().filter(at -> !at.isBefore(since)).isPresent())
                .toList();
        return heard.size() == 1
                ? new Placement.To(heard.getFirst().conversation(), How.INFERRED, reply.text(), weighed)
                : new Placement.Unrouted(Why.SEVERAL_HEARD, reply.text(), weighed);
    }

    /// An answer is evidence until another candidate reaches the phone.
    private static boolean holds(Answered said, InboundText reply, List<Candidate> candidates, Settings settings) {
        return candidates.stream().anyMatch(each -> each.conversation() == said.conversation())
                && candidates.stream()
                        .filter(each -> each.conversation() != said.conversation())
                        .noneMatch(each -> each.reachedSince(said.at(), reply, settings));
    }

    /// A text that is its tag and nothing else is left as it is.
    private static String untagged(Tags.Tagged tagged, InboundText reply) {
        return tagged.text().isEmpty() ? reply.text() : tagged.text();
    }
}
