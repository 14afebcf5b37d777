package dev.parley.http;

import dev.parley.conversation.Page;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Store;
import dev.parley.webhook.WebhookDeliveries;
import dev.parley.webhook.WebhookDeliveries.WebhookDelivery;
import dev.parley.webhook.WebhookView;
import dev.parley.webhook.Webhooks;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// `/api/v1/webhooks`: a member sees its own, an admin all.
record WebhookRoutes(Webhooks webhooks, WebhookDeliveries deliveries, Store store) {
    private static final String PATH = "/api/v1/webhooks";

    WebhookRoutes(Webhooks webhooks, Store store) {
        this(webhooks, new WebhookDeliveries(store, webhooks), store);
    }

    record WebhookBody(String url, Optional<List<String>> events) {}

    record WebhookPatch(Optional<String> url, Optional<List<String>> events, Optional<Boolean> paused)
            implements Changes {}

    record ReplayBody(Optional<String> from, Optional<Instant> since) {}

    void addTo(Routes routes) {
        var group = routes.group("Webhooks");
        group.get(PATH, "listWebhooks")
                .says("The endpoints that events are posted to, newest first.")
                .pages(
                        WebhookView.class,
                        (request, paging) -> paging.page(
                                webhooks.list(request.user(), paging.before(), paging.toRead()), WebhookView::id));
        group.post(PATH, "createWebhook")
                .audited("url", "events")
                .says("Posts what happens from now on to a URL, signed as Standard Webhooks say. Its secret is"
                        + " shown this once. No events named means all.")
                .answers(201, WebhookView.class)
                .takes(WebhookBody.class)
                .prepared(this::create);
        group.get(PATH + "/{id}", "getWebhook")
                .says("One endpoint, with how its last post went.")
                .answers(WebhookView.class, request -> webhooks.get(request.user(), request.id()));
        group.patch(PATH + "/{id}", "changeWebhook")
                .audited("url", "events", "paused")
                .says("Changes what is given. A paused endpoint misses nothing: it goes on where it stopped.")
                .answers(200, WebhookView.class)
                .takes(WebhookPatch.class)
                .prepared(this::change);
        group.delete(PATH + "/{id}", "deleteWebhook")
                .audited()
                .says("Deletes an endpoint.")
                .ends(request -> Outcome.found(webhooks.delete(request.user(), request.id())));
        group.get(PATH + "/{id}/deliveries", "listWebhookDeliveries")
                .says("Its latest tries to post an event, newest first.")
                .pages(WebhookDelivery.class, this::deliveries);
        group.post(PATH + "/{id}/resume", "resumeWebhook")
                .audited()
                .says("Lets a dead or paused endpoint go on where it stopped; one that waits tries at once.")
                .answers(WebhookView.class, request -> resume(request, Optional.empty()));
        group.post(PATH + "/{id}/replay", "replayWebhook")
                .audited("from", "since")
                .says("Posts again everything after the event with the id `from`, where 0 is all that is kept, or"
                        + " everything `since` a time: one of the two.")
                .answers(200, WebhookView.class)
                .takes(ReplayBody.class)
                .prepared(this::replay);
    }

    private Outcome<Page<WebhookDelivery>> deliveries(Request request) {
        var paging = request.paging();
        return deliveries
                .list(request.user(), request.id(), paging.before(), paging.toRead())
                .map(found -> paging.page(found, WebhookDelivery::id));
    }

    private Route.Handler create(Request request, WebhookBody body) {
        var creating =
                webhooks.creating(request.user(), body.url(), body.events().orElse(List.of()));
        return _ -> Response.of(
                creating.get(),
                webhook -> Response.created(PATH + "/" + webhook.id(), webhook).rememberedAs(webhook.withoutSecret()));
    }

    private Route.Handler change(Request request, WebhookPatch body) {
        var changing = webhooks.changing(request.user(), request.id(), body.url(), body.events(), body.paused());
        return _ -> Response.of(changing.get(), Response::ok);
    }

    private Route.Handler replay(Request request, ReplayBody body) {
        if (webhooks.get(request.user(), request.id()) instanceof Outcome.Refused<WebhookView>(var problem)) {
            throw new Refused(problem);
        }
        if (body.from().isPresent() == body.since().isPresent()) {
            throw new Refused(Problem.invalid("from", "from-or-since", "Say either from or since."));
        }
        long from = body.from()
                .map(id -> id.matches("[0-9]{1,18}") ? Long.parseLong(id) : -1)
                .orElseGet(() -> webhooks.lastBefore(body.since().orElseThrow()));
        return _ -> Response.of(resume(request, Optional.of(from)), Response::ok);
    }

    private Outcome<WebhookView> resume(Request request, Optional<Long> from) {
        long id = request.id(); // what is no id is refused before a transaction begins
        return store.transaction(tx -> webhooks.resume(tx, request.user(), id, from));
    }
}
