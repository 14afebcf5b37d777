package dev.parley.http;

import dev.parley.reply.OptOutView;
import dev.parley.reply.OptOuts;

/// `/api/v1/opt-outs`: who does not want our texts, and the decision where a wording is not
/// clear.
record OptOutRoutes(OptOuts optOuts) {
    private static final String PATH = "/api/v1/opt-outs";

    void addTo(Routes routes) {
        var group = routes.group("Opt-outs");
        group.get(PATH, "listOptOuts")
                .says("The numbers that ever said something about it, newest first, each with its history.")
                .pages(OptOutView.class, request -> optOuts.list(request.user(), MessageRoutes.pageOf(request)));
        group.post(PATH + "/{id}/confirm", "confirmOptOut")
                .audited()
                .says("A suspected opt-out is one: nothing more goes to the number.")
                .answers(OptOutView.class, request -> optOuts.confirm(request.user(), request.id()));
        group.post(PATH + "/{id}/dismiss", "dismissOptOut")
                .audited()
                .says("A suspected opt-out is none: what waits for the number goes on.")
                .answers(OptOutView.class, request -> optOuts.dismiss(request.user(), request.id()));
    }
}
