package dev.parley.reply;

import dev.parley.account.Access;
import dev.parley.account.Account;
import dev.parley.conversation.Conversation;
import dev.parley.conversation.ConversationStore;
import dev.parley.conversation.Delivery;
import dev.parley.conversation.DeliveryStatus;
import dev.parley.conversation.Message;
import dev.parley.conversation.MessageKind;
import dev.parley.conversation.MessageStore;
import dev.parley.conversation.MessageView;
import dev.parley.conversation.OptOutStore;
import dev.parley.conversation.Relay;
import dev.parley.conversation.Routing;
import dev.parley.conversation.Sending;
import dev.parley.conversation.Tags;
import dev.parley.conversation.Views;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Tx;
import java.sql.Connection;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Users who put right where a text belongs: the routing of [Replies] may have inferred wrongly, or left it to them.
public final class MessageMoves {

    private final ConversationStore conversations;
    private final MessageStore messages;
    private final OptOutStore optOuts;
    private final Sending sending;
    private final Views views;
    private final Clock clock;

    MessageMoves(
            ConversationStore conversations,
            MessageStore messages,
            OptOutStore optOuts,
            Sending sending,
            Views views,
            Clock clock) {
        this.conversations = conversations;
        this.messages = messages;
        this.optOuts = optOuts;
        this.sending = sending;
        this.views = views;
        this.clock = clock;
    }

    /// Moves an inbound text to another open conversation on its line that includes its sender, or
    /// places one that waits.
    ///
    /// @param relayed whether it is relayed there, if that conversation relays at all; nobody gets it
    /// twice, and what was relayed before stays relayed
    public Outcome<MessageView> move(Tx tx, Account actor, long messageId, long conversationId, boolean relayed) {
        var access = Access.of(actor);
        var found = messages.byId(tx.connection(), messageId);
        if (found.isEmpty() || !sees(tx.connection(), access, found.get())) {
            return Outcome.refused(Problem.notFound());
        }
        if (found.get().arrival().isEmpty()) {
            return Outcome.refused(Problem.conflict(
                    "not-inbound", "Only texts that came in can be moved; this one was sent from here."));
        }
        var number = found.get().arrival().orElseThrow().sender();
        var target = conversations.current(tx, conversationId);
        if (target.isEmpty() || !access.maySeeConversation(tx.connection(), conversationId)) {
            return Outcome.refused(Problem.invalid(
                    "conversation", "unknown-conversation", "There is no conversation " + conversationId + "."));
        }
        var message = found.get();
        var fault = fault(tx.connection(), access, message, target.get(), number);
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        if (message.conversationId().equals(Optional.of(conversationId))) {
            return Outcome.done(views.message(tx.connection(), message, actor));
        }
        var sender = target.get().participant(number).orElseThrow();
        var tagged = Tags.leading(message.text())
                .filter(tag -> target.get().tag().orElse(Tags.DIRECT) == tag.tag()
                        && !tag.text().isEmpty());
        var moved = sending.place(
                tx,
                message,
                target.get(),
                sender,
                message.kind(),
                tagged.map(Tags.Tagged::text).orElse(message.text()),
                moved(message, actor));
        callBack(tx, message.id(), target.get());
        boolean optedOut = optOuts.find(tx, message.lineId(), number)
                .filter(each -> each.state() == OptOutStore.State.OPTED_OUT)
                .isPresent();
        if (relayed && !optedOut && target.get().relay() == Relay.ALL && moved.kind() == MessageKind.NORMAL) {
            sending.relay(tx, moved, target.get(), sender);
        }
        sending.writeProgress(tx);
        return Outcome.done(views.message(tx.connection(), moved, actor));
    }

    /// Takes back relays to people who are not where the message is now, as far as nothing of them was
    /// handed over.
    private void callBack(Tx tx, long messageId, Conversation target) {
        sending.withdraw(
                tx,
                sending.current(tx, messageId).stream()
                        .filter(Delivery::isWaiting)
                        .filter(each -> target.participant(each.number()).isEmpty())
                        .map(Delivery::id)
                        .toList(),
                DeliveryStatus.CANCELLED,
                Optional.empty());
    }

    /// Where a message was, and that a user moved it.
    private Routing moved(Message message, Account actor) {
        var before = message.routing();
        var evidence =
                new LinkedHashMap<String, Object>(before.map(Routing::evidence).orElse(Map.of()));
        evidence.put("movedBy", actor.name());
        evidence.put("movedAt", clock.instant().toString());
        before.ifPresent(each -> evidence.put("how", each.how()));
        message.conversationId().ifPresent(id -> evidence.put("movedFrom", Long.toString(id)));
        return new Routing(
                ReplyRouting.How.MOVED.label(), before.map(Routing::candidates).orElse(List.of()), evidence);
    }

    private boolean sees(Connection connection, Access access, Message message) {
        if (message.conversationId().isPresent()) {
            return access.maySeeConversation(
                    connection, message.conversationId().get());
        }
        for (long candidate : message.candidates()) {
            if (access.maySeeConversation(connection, candidate)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Problem> fault(
            Connection connection, Access access, Message message, Conversation target, String number) {
        if (message.isUnrouted()) {
            for (long candidate : message.candidates()) {
                if (!access.maySeeConversation(connection, candidate)) {
                    return Optional.of(Problem.forbidden(
                            "This text may belong to a conversation that you may not see; ask somebody who may."));
                }
            }
        }
        if (target.lineId() != message.lineId()) {
            return Optional.of(Problem.invalid(
                    "conversation", "other-line", "A text can only be moved to a conversation on its own line."));
        }
        if (target.participant(number).isEmpty()) {
            return Optional.of(Problem.invalid(
                    "conversation",
                    "sender-not-included",
                    "The sender of this text, " + number + ", is not in that conversation."));
        }
        return target.isOpen()
                ? Optional.empty()
                : Optional.of(Problem.conflict("conversation-closed", "That conversation is closed."));
    }
}
