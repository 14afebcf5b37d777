package dev.parley.http;

import dev.parley.reply.OptOutView;
import dev.parley.reply.OptOuts;

/// `/api/v1/opt-outs`: who does not want our texts, and the decision where a wording is not
/// clear.
final class OptOutRoutes {
    private static final String PATH = "/api/v1/opt-outs";

    private final OptOuts optOuts;

    OptOutRoutes(OptOuts optOuts) {
        this.optOuts = optOuts;
    }

    void addTo(Routes routes) {
        var group = routes.group("Opt-outs");
        group.get(PATH, "listOptOuts")
                .says("The numbers that ever said something about it, newest first, each with its history.")
                .paged()
                .answers(200, new Shape.PageOf(OptOutView.class))
                .by(request -> Response.of(optOuts.list(request.user(), MessageRoutes.pageOf(request)), Response::ok));
        group.post(PATH + "/{id}/confirm", "confirmOptOut")
                .audited()
                .says("A suspected opt-out is one: nothing more goes to the number.")
                .answers(200, OptOutView.class)
                .by(request -> Response.of(optOuts.confirm(request.user(), request.id()), Response::ok));
        group.post(PATH + "/{id}/dismiss", "dismissOptOut")
                .audited()
                .says("A suspected opt-out is none: what waits for the number goes on.")
                .answers(200, OptOutView.class)
                .by(request -> Response.of(optOuts.dismiss(request.user(), request.id()), Response::ok));
    }
}
