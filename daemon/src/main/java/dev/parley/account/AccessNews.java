package dev.parley.account;

import dev.parley.event.EventLog;
import dev.parley.event.EventType;
import dev.parley.event.Scope;
import dev.parley.store.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tells a user that what it may see has changed. What it lost from view it hears of in no other way: of what
/// one may not see, there are no events.
public final class AccessNews implements AccountListener {
    private final EventLog events;

    public AccessNews(EventLog events) {
        this.events = events;
    }

    /// What a user may see from now on.
    ///
    /// @param lines ids of the lines it was given; empty for all
    record AccessView(String role, String scope, List<String> lines) {
        static AccessView of(Account account) {
            return new AccessView(account.role().label(), account.scope().label(), account.lineIds());
        }
    }

    /// Once in a transaction, however many contacts are assigned anew in it.
    public void tell(Tx tx, Account account) {
        Set<Long> told = tx.kept(this, HashSet::new);
        if (told.add(account.id())) {
            events.append(tx, EventType.ACCESS_UPDATED, Scope.ofAccount(account.id()), AccessView.of(account));
        }
    }

    @Override
    public void changed(Tx tx, Account before, Account after) {
        if (!AccessView.of(before).equals(AccessView.of(after))) {
            tell(tx, after);
        }
    }
}
