package dev.parley.http;

import dev.parley.conversation.ConversationChange;
import dev.parley.conversation.ConversationFilter;
import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.ConversationView;
import dev.parley.conversation.CountsView;
import dev.parley.conversation.Created;
import dev.parley.conversation.DryRunView;
import dev.parley.conversation.Kind;
import dev.parley.conversation.MessageView;
import dev.parley.conversation.NewConversation;
import dev.parley.conversation.NewMessage;
import dev.parley.conversation.NewParticipant;
import dev.parley.conversation.Page;
import dev.parley.conversation.Reading;
import dev.parley.conversation.Relay;
import dev.parley.conversation.ThreadPage;
import dev.parley.http.Route.Parameter;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.store.Labelled;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// `/api/v1/conversations`, with what is said in them.
record ConversationRoutes(ConversationServices services) {
    private static final String PATH = "/api/v1/conversations";

    /// Either `contact`, by `use` one of its numbers, or `number`, perhaps with a `name`.
    record ParticipantBody(
            Optional<String> contact,
            @OneOf({"primary", "secondary"}) Optional<String> use,
            Optional<String> number,
            Optional<String> name) {}

    /// A conversation to be created.
    ///
    /// @param line the id of a line, or `auto`, which is what its absence means
    record ConversationBody(
            Optional<String> line,
            List<ParticipantBody> participants,
            @OneOf({"all", "none"}) Optional<String> relay,
            Optional<Boolean> introduce,
            Optional<String> title,
            Optional<String> text) {}

    /// `line` and `participants` are known, so that it can be said that they never change.
    record ConversationPatch(
            Optional<Optional<String>> title,
            @OneOf({"all", "none"}) Optional<String> relay,
            Optional<Boolean> done,
            Optional<JsonNode> line,
            Optional<JsonNode> participants)
            implements Changes {}

    /// @param message the last message that was read; `0` where not even the first was
    record ReadBody(Optional<String> message) {}

    private static Reading.Until until(ReadBody body) {
        if (body.message().isEmpty()) {
            return new Reading.Until.Latest();
        }
        var message = body.message().get();
        return message.equals("0")
                ? new Reading.Until.Nothing()
                : new Reading.Until.Message(Ids.require(
                        message,
                        () -> Problem.invalid(
                                "message",
                                "unknown-message",
                                "There is no message " + message + " in this conversation.")));
    }

    record MessageBody(String text, Optional<Instant> sendAt, Optional<Instant> expiresAt) {
        NewMessage message() {
            return new NewMessage(text, sendAt, expiresAt);
        }

        @Override
        public String toString() {
            return "MessageBody[sendAt=" + sendAt + ", expiresAt=" + expiresAt + "]";
        }
    }

    void addTo(Routes routes) {
        var group = routes.group("Conversations");
        group.get(PATH, "listConversations")
                .says("The conversations that you may see, the latest activity first. A page may end before it is full"
                        + " and have a next all the same: only so long is looked for one page.")
                .parameter("line", Parameter.Kind.TEXT, "Those on the line with this id.")
                .parameter("kind", Parameter.Kind.TEXT, "`group` or `direct`.")
                .parameter("closed", Parameter.Kind.FLAG, "Only the closed ones, or only the open ones.")
                .parameter("done", Parameter.Kind.FLAG, "Only those that somebody is through with, or only the others.")
                .parameter("unread", Parameter.Kind.FLAG, "`true`: only those with something that you have not read.")
                .parameter("needs", Parameter.Kind.FLAG, "`true`: only the open ones that need a person.")
                .parameter("contact", Parameter.Kind.TEXT, "Those that include the contact with this id.")
                .parameter("participant", Parameter.Kind.TEXT, "Those that include this number.")
                .parameter("query", Parameter.Kind.TEXT, "Words of the title, or of a participant's name or number.")
                .pages(ConversationView.class, this::list);
        group.post(PATH, "createConversation")
                .says("Creates a group of two to nine, or finds or creates the direct conversation with one. Line,"
                        + " participants and their names never change from then on.")
                .parameter(
                        "dryRun", Parameter.Kind.FLAG, "`true`: create nothing, answer 200 with what would come of it.")
                .answers(201, ConversationView.class)
                .alsoAnswers(200, new Shape.AnyOf(List.of(ConversationView.class, DryRunView.class)))
                .takes(ConversationBody.class)
                .by(this::create);
        group.get(PATH + "/counts", "countConversations")
                .says("How much you have not read, and how much needs a person.")
                .answers(
                        CountsView.class,
                        request -> Outcome.done(services.reading().counts(request.user())));
        group.get(PATH + "/{id}", "getConversation")
                .says("One conversation.")
                .answers(
                        ConversationView.class,
                        request -> services.conversations().get(request.user(), request.id()));
        group.patch(PATH + "/{id}", "changeConversation")
                .says("Changes title, relay or done. Line and participants are locked: 409 conversation-locked.")
                .takes(ConversationPatch.class)
                .answers(ConversationView.class, this::change);
        group.get(PATH + "/{id}/messages", "listMessages")
                .says("What was said, newest first, with every delivery. next leads to older messages, previous to"
                        + " newer ones.")
                .parameter("around", Parameter.Kind.TEXT, "Those before and after this message, with it.")
                .parameter("after", Parameter.Kind.TEXT, "Those directly after this message; `0` for the first of all.")
                .paged()
                .answers(ThreadPage.class, this::thread);
        group.post(PATH + "/{id}/messages", "postMessage")
                .says("Says something to everybody in it. 202 when the message and its deliveries are committed.")
                .quick()
                .answers(202, MessageView.class)
                .takes(MessageBody.class)
                .by((request, body) -> Response.of(
                        services.messages().post(request.user(), request.id(), body.message()),
                        MessageRoutes::accepted));
        group.post(PATH + "/{id}/read", "markRead")
                .says("Everything up to a message counts as read by you, and what follows it as unread; without one"
                        + " everything said so far is read. You get the event conversation.read, others do not.")
                .mayTake(ReadBody.class)
                .answers(
                        ConversationView.class,
                        (request, body) -> services.reading().mark(request.user(), request.id(), until(body)));
        group.post(PATH + "/{id}/close", "closeConversation")
                .says("Makes it read-only, for good.")
                .answers(
                        ConversationView.class,
                        request -> services.conversations().close(request.user(), request.id()));
        group.post(PATH + "/{id}/successor", "createSuccessor")
                .says("Creates a new one without those who are blocked, linked both ways, and closes this one.")
                .answers(201, ConversationView.class)
                .alsoAnswers(200, new Shape.Of(ConversationView.class))
                .by(request -> Response.of(
                        services.conversations().successor(request.user(), request.id()), ConversationRoutes::made));
    }

    private Outcome<Page<ConversationView>> list(Request request) {
        var filter = new ConversationFilter(
                request.parameter("line").map(id -> Ids.parse(id).orElse(0L)),
                request.parameter("kind").map(ConversationRoutes::kind),
                request.parameter("closed").map(_ -> request.flag("closed")),
                request.parameter("done").map(_ -> request.flag("done")),
                request.flag("unread"),
                request.flag("needs"),
                request.parameter("contact").map(id -> Ids.parse(id).orElse(0L)),
                request.parameter("participant"),
                request.parameter("query"));
        return services.conversations().list(request.user(), filter, MessageRoutes.pageOf(request));
    }

    private Outcome<ThreadPage> thread(Request request) {
        var page = MessageRoutes.pageOf(request);
        var around = request.parameter("around");
        var after = request.parameter("after");
        if (Stream.of(around, after, page.cursor()).filter(Optional::isPresent).count() > 1) {
            throw new Refused(Problems.badField(
                    around.isPresent() ? "around" : "after",
                    "bad-parameter",
                    "around, after and cursor say each where the page begins; give one of them."));
        }
        if (around.isPresent()) {
            return services.threads()
                    .around(request.user(), request.id(), message("around", around.get()), page.limit());
        }
        if (after.isPresent()) {
            long message = after.get().equals("0") ? 0 : message("after", after.get());
            return services.threads().after(request.user(), request.id(), message, page.limit());
        }
        return services.threads().list(request.user(), request.id(), page);
    }

    private static long message(String parameter, String id) {
        return Ids.require(
                id, () -> Problems.badField(parameter, "bad-parameter", parameter + " is the id of a message."));
    }

    private static Kind kind(String label) {
        return Labelled.find(Kind.class, label)
                .orElseThrow(
                        () -> new Refused(Problems.badField("kind", "bad-parameter", "kind must be group or direct.")));
    }

    private Response create(Request request, ConversationBody body) {
        var wanted = new NewConversation(
                // What is no id is the id of nothing, which is refused with whatever else is wrong.
                body.line()
                        .filter(line -> !line.equals("auto"))
                        .map(line -> Ids.parse(line).orElse(0L)),
                participants(body.participants()),
                body.relay().flatMap(label -> Labelled.find(Relay.class, label)),
                body.introduce().orElse(false),
                body.title(),
                body.text());
        return request.flag("dryRun")
                ? Response.ok(services.previews().creation(request.user(), wanted))
                : Response.of(services.conversations().create(request.user(), wanted), ConversationRoutes::made);
    }

    static List<NewParticipant> participants(List<ParticipantBody> bodies) {
        return bodies.stream().map(ConversationRoutes::participant).toList();
    }

    private static Response made(Created created) {
        var view = created.conversation();
        return created.isNew()
                ? Response.created(PATH + "/" + view.id(), view)
                : Response.ok(view).with("Location", PATH + "/" + view.id());
    }

    private static NewParticipant participant(ParticipantBody body) {
        if (body.contact().isPresent() == body.number().isPresent()) {
            return new NewParticipant.Faulty(
                    "", "bad-participant", "A participant is either a contact or a number: give one of the two.");
        }
        if (body.number().isPresent()) {
            return body.use().isPresent()
                    ? new NewParticipant.Faulty(".use", "bad-participant", "use goes with a contact, not a number.")
                    : new NewParticipant.OfNumber(body.number().get(), body.name());
        }
        if (body.name().isPresent()) {
            return new NewParticipant.Faulty(
                    ".name", "bad-participant", "name goes with a number; a contact has its own.");
        }
        var contact = body.contact().orElseThrow();
        boolean secondary = body.use().filter("secondary"::equals).isPresent();
        return Ids.parse(contact)
                .<NewParticipant>map(id -> new NewParticipant.OfContact(id, secondary))
                .orElseGet(() -> new NewParticipant.Faulty(
                        ".contact",
                        "unknown-contact",
                        "There is no contact with the id " + contact + ", or you may not see it."));
    }

    private Outcome<ConversationView> change(Request request, ConversationPatch body) {
        var change = new ConversationChange(
                body.title(),
                body.relay().flatMap(label -> Labelled.find(Relay.class, label)),
                body.done(),
                body.line().isPresent() || body.participants().isPresent());
        return services.conversations().change(request.user(), request.id(), change);
    }
}
