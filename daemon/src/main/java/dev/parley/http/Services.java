package dev.parley.http;

import dev.parley.account.Accounts;
import dev.parley.account.Sessions;
import dev.parley.account.SignIn;
import dev.parley.account.Tokens;
import dev.parley.account.Vouching;
import dev.parley.audit.AuditLog;
import dev.parley.contact.ContactFiles;
import dev.parley.contact.Contacts;
import dev.parley.conversation.ConversationServices;
import dev.parley.event.EventLog;
import dev.parley.inbox.RawInbound;
import dev.parley.line.Lines;
import dev.parley.link.Link;
import dev.parley.oidc.OidcSignIn;
import dev.parley.person.People;
import dev.parley.queue.ParkedReport;
import dev.parley.reply.ReplyServices;
import dev.parley.store.Store;
import dev.parley.webhook.Webhooks;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// What the API serves.
///
/// @param links every link of the daemon
/// @param oidc where the configuration names a provider
/// @param unread what arrived and was given to nobody
/// @param unmatched status reports that match nothing
/// @param openCircuits whether the circuit of the link of this name is open
/// @param heldLeases whether this process drives the link of this name
/// @param queueIsWell whether the send queue does its work, for `/readyz`
/// @param metrics what `/metrics` shows
public record Services(
        Store store,
        Lines lines,
        List<Link> links,
        EventLog events,
        Accounts accounts,
        Tokens tokens,
        Sessions sessions,
        SignIn signIn,
        Vouching vouching,
        Optional<OidcSignIn> oidc,
        Contacts contacts,
        ContactFiles contactFiles,
        ConversationServices conversations,
        ReplyServices replies,
        Webhooks webhooks,
        AuditLog audit,
        People people,
        Unread unread,
        Unmatched unmatched,
        Predicate<String> openCircuits,
        Predicate<String> heldLeases,
        BooleanSupplier queueIsWell,
        PrometheusMeterRegistry metrics,
        Clock clock) {
    /// What arrived and was given to nobody, newest first.
    @FunctionalInterface
    public interface Unread {

        /// @param id only older ones: the smallest id of the page before, or `Long.MAX_VALUE`
        List<RawInbound> before(long id, int limit);
    }

    /// The status reports of a link that match nothing, newest first.
    @FunctionalInterface
    public interface Unmatched {

        /// @param id only older ones: the smallest id of the page before, or `Long.MAX_VALUE`
        List<ParkedReport> before(String link, long id, int limit);
    }

    public Services {
        links = List.copyOf(links);
    }
}
