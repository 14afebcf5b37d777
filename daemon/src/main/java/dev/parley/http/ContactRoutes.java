package dev.parley.http;

import dev.parley.contact.ContactChange;
import dev.parley.contact.ContactFiles;
import dev.parley.contact.ContactView;
import dev.parley.contact.Contacts;
import dev.parley.contact.NewContact;
import dev.parley.conversation.Page;
import dev.parley.http.Route.Parameter.Kind;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import java.util.Optional;

/// `/api/v1/contacts`.
record ContactRoutes(Contacts contacts, ContactFiles files) {
    private static final String PATH = "/api/v1/contacts";

    /// Twice what the most rows of an import have.
    static final int IMPORT_OCTETS_MAX = 4 << 20;

    record ContactBody(
            String name,
            String primaryNumber,
            Optional<String> secondaryNumber,
            Optional<String> assignedTo,
            Optional<Boolean> dnd) {}

    record ContactPatch(
            Optional<String> name,
            Optional<String> primaryNumber,
            Optional<Optional<String>> secondaryNumber,
            Optional<Optional<String>> assignedTo,
            Optional<Boolean> dnd)
            implements Changes {}

    void addTo(Routes routes) {
        var group = routes.group("Contacts");
        group.get(PATH, "listContacts")
                .says(
                        "The contacts that you may see and that are not deleted, newest first; with a query those whose name"
                                + " it is or begins before the others.")
                .parameter("query", Kind.TEXT, "Words of the name, or any spelling of a number or of a part of one.")
                .parameter("order", Kind.TEXT, "`name` for the order of the alphabet in place of the newest first.")
                .pages(ContactView.class, request -> Outcome.done(list(request)));
        group.post(PATH, "createContact")
                .auditedWith("dnd")
                .says("Creates a contact. Numbers may be written as people do in the country of the first line.")
                .answers(201, ContactView.class)
                .takes(ContactBody.class)
                .by(this::create);
        group.get(PATH + "/export", "exportContacts")
                .audited()
                .says("The contacts that you may see as CSV, with the columns that the import takes.")
                .answers(200, new Shape.Plain("text/csv"))
                .by(this::export);
        group.post(PATH + "/import", "importContacts")
                .audited()
                .says("Creates and changes contacts from CSV, all rows or none: with a faulty row nothing is done, and"
                        + " the problem names each. A row with an id changes that contact.")
                .parameter("dryRun", Kind.FLAG, "Only report what would happen, row by row.")
                .takesCsv(
                        "A heading and then one contact a row; columns: " + ContactFiles.HEADING
                                + ". All but name and primaryNumber may be left out; assignedTo is a user's name.",
                        IMPORT_OCTETS_MAX)
                .answers(200, ContactFiles.Report.class)
                .prepared(this::load);
        group.get(PATH + "/{id}", "getContact")
                .says("One contact, deleted or not.")
                .answers(
                        ContactView.class,
                        request -> Outcome.found(contacts.visible(request.user(), request.id()))
                                .map(contacts::view));
        group.patch(PATH + "/{id}", "changeContact")
                .auditedWith("dnd", "assignedTo")
                .says("Changes what is given. Conversations keep the number and the name they began with.")
                .takes(ContactPatch.class)
                .answers(ContactView.class, this::change);
        group.delete(PATH + "/{id}", "deleteContact")
                .says("Deletes a contact. Its conversations go on, and show that it was deleted.")
                .ends(request -> contacts.delete(request.user(), request.id()));
    }

    private Page<ContactView> list(Request request) {
        int limit = Paging.limit(request.parameter("limit"));
        var found = contacts.find(
                request.user(),
                request.parameter("query").orElse(""),
                order(request.parameter("order")),
                request.parameter("cursor").map(ContactRoutes::place),
                limit + 1);
        var shown = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(
                contacts.views(shown.stream().map(Contacts.Found::contact).toList()),
                found.size() > limit ? Optional.of(cursor(shown.getLast().place())) : Optional.empty());
    }

    private static Contacts.Order order(Optional<String> order) {
        return switch (order.orElse("")) {
            case "" -> Contacts.Order.NEWEST;
            case "name" -> Contacts.Order.NAME;
            default ->
                throw new Refused(Problems.badField("order", "bad-parameter", "order must be name, or be left out."));
        };
    }

    private static String cursor(Contacts.Place place) {
        return Paging.sealed(place.rank() + " " + place.id() + " " + place.fold());
    }

    private static Contacts.Place place(String cursor) {
        var parts = Paging.opened(cursor).orElse("").split(" ", 3);
        if (parts.length < 3 || !parts[0].matches("[0-3]")) {
            throw Paging.badCursor();
        }
        return new Contacts.Place(
                Integer.parseInt(parts[0]), parts[2], Ids.parse(parts[1]).orElseThrow(Paging::badCursor));
    }

    private Response create(Request request, ContactBody body) {
        var wanted = new NewContact(
                body.name(),
                body.primaryNumber(),
                body.secondaryNumber(),
                body.assignedTo().map(ContactRoutes::user),
                body.dnd().orElse(false));
        return Response.of(
                contacts.create(request.user(), wanted),
                contact -> Response.created(PATH + "/" + contact.id(), contacts.view(contact)));
    }

    @SuppressWarnings("OptionalMapToOptional") // absent, null and a value are three things
    private Outcome<ContactView> change(Request request, ContactPatch body) {
        var change = new ContactChange(
                body.name(),
                body.primaryNumber(),
                body.secondaryNumber(),
                body.assignedTo().map(user -> user.map(ContactRoutes::user)),
                body.dnd());
        return contacts.change(request.user(), request.id(), change).map(contacts::view);
    }

    private static long user(String id) {
        return Ids.require(
                id, () -> Problem.invalid("assignedTo", "unknown-user", "There is no user with the id " + id + "."));
    }

    private Route.Handler load(Request request) {
        var loading = files.loading(request.user(), request.body(), request.flag("dryRun"));
        return _ -> Response.of(loading.get(), Response::ok);
    }

    private Response export(Request request) {
        var user = request.user();
        return Response.stream("text/csv; charset=utf-8; header=present", out -> {
                    out.write(ContactFiles.HEADING + "\r\n");
                    var after = Optional.<Contacts.Place>empty();
                    while (true) {
                        var page = contacts.find(user, "", Contacts.Order.NEWEST, after, Paging.MAX);
                        if (page.isEmpty()) {
                            return;
                        }
                        out.write(files.rows(
                                page.stream().map(Contacts.Found::contact).toList()));
                        after = Optional.of(page.getLast().place());
                    }
                })
                .with("Content-Disposition", "attachment; filename=\"contacts.csv\"");
    }
}
