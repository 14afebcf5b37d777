package dev.parley.http;

import dev.parley.queue.Backlog;

/// The route table, whole. A feature's routes are one line here and one class.
final class Api {
    private Api() {}

    static Routes routes(Services services, Pages pages, Callers callers, HttpMetrics metrics) {
        var routes = new Routes();
        new SessionRoutes(services).addTo(routes);
        new OidcRoutes(services).addTo(routes);
        new UserRoutes(services.accounts(), services.signIn()).addTo(routes);
        new TokenRoutes(services.tokens()).addTo(routes);
        new LineRoutes(services, new Backlog(services.store())).addTo(routes);
        new ContactRoutes(services.contacts(), services.contactFiles()).addTo(routes);
        new ConversationRoutes(services.conversations()).addTo(routes);
        new MessageRoutes(services.conversations(), services.replies().moves(), services.store()).addTo(routes);
        new OptOutRoutes(services.replies().optOuts()).addTo(routes);
        new AuditRoutes(services.audit()).addTo(routes);
        new PeopleRoutes(services.people(), services.contacts().country()).addTo(routes);
        new UnreadRoutes(services.unread()).addTo(routes);
        new UnmatchedRoutes(services.links(), services.unmatched()).addTo(routes);
        new WebhookRoutes(services.webhooks(), services.store()).addTo(routes);
        new EventRoutes(new EventStream(services.store(), services.events(), callers, metrics)).addTo(routes);
        new SystemRoutes(services, callers, pages).addTo(routes);
        return routes;
    }
}
