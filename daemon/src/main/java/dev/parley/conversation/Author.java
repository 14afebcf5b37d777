package dev.parley.conversation;

import dev.parley.account.Account;
import java.util.Optional;

/// Who said something, with its name at that time.
///
/// @param id of an account or a participant; empty for the system, and for a sender that is not placed
/// yet
record Author(AuthorKind kind, Optional<Long> id, String name) {
    static final Author SYSTEM = new Author(AuthorKind.SYSTEM, Optional.empty(), "Parley");

    static Author of(Account account) {
        return new Author(AuthorKind.USER, Optional.of(account.id()), account.name());
    }

    /// @param name as relays show it
    static Author of(Participant participant, String name) {
        return new Author(AuthorKind.PARTICIPANT, Optional.of(participant.id()), name);
    }

    /// A sender of an unrouted text: its number stands for its name.
    static Author ofSender(String number) {
        return new Author(AuthorKind.PARTICIPANT, Optional.empty(), number);
    }
}
