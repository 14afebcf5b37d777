package dev.parley.reply;

import dev.parley.conversation.Conversation;
import dev.parley.conversation.InboundText;
import dev.parley.conversation.OptOutStore;
import dev.parley.conversation.Participant;
import java.util.List;
import java.util.Optional;

/// A text with all that its fate depends on, locked.
///
/// @param open the open conversations of its sender on the line, those that it left too
record Situation(InboundText text, List<Conversation> open, Optional<OptOutStore.OptOut> optOut) {

    String number() {
        return text.sender();
    }

    long lineId() {
        return text.lineId();
    }

    boolean isOptedOut() {
        return optOut.filter(OptOutStore.OptOut::isOptedOut).isPresent();
    }

    boolean isSuspected() {
        return optOut.filter(OptOutStore.OptOut::isSuspected).isPresent();
    }

    /// The open ones that it has not left.
    List<Conversation> current() {
        return open.stream()
                .filter(each -> !sender(each).hasLeft() || !each.isGroup())
                .toList();
    }

    /// Where a reply can belong.
    List<Conversation> candidates() {
        return isOptedOut() ? current().stream().filter(each -> !each.isGroup()).toList() : current();
    }

    List<Conversation> groups() {
        return current().stream().filter(Conversation::isGroup).toList();
    }

    Participant sender(Conversation conversation) {
        return conversation.participant(number()).orElseThrow();
    }

    Conversation conversation(long id) {
        return open.stream().filter(each -> each.id() == id).findFirst().orElseThrow();
    }
}
