package dev.parley.http;

import dev.parley.conversation.ConversationServices;
import dev.parley.conversation.DeliveryStatus;
import dev.parley.conversation.DirectMessage;
import dev.parley.conversation.HitView;
import dev.parley.conversation.MessageSearch;
import dev.parley.conversation.MessageView;
import dev.parley.conversation.NewMessage;
import dev.parley.conversation.Page;
import dev.parley.conversation.PageRequest;
import dev.parley.conversation.PreviewView;
import dev.parley.conversation.Previews;
import dev.parley.http.ConversationRoutes.ParticipantBody;
import dev.parley.http.Route.Parameter.Kind;
import dev.parley.problem.Outcome;
import dev.parley.problem.Problem;
import dev.parley.reply.MessageMoves;
import dev.parley.store.Labelled;
import dev.parley.store.Store;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// `/api/v1/messages` and the preview.
record MessageRoutes(ConversationServices services, MessageMoves moves, Store store) {
    private static final String PATH = "/api/v1/messages";

    record DirectMessageBody(
            Optional<String> line, String to, String text, Optional<Instant> sendAt, Optional<Instant> expiresAt) {
        @Override
        public String toString() {
            return "DirectMessageBody[line=" + line + "]";
        }
    }

    /// Where a message is to be moved.
    ///
    /// @param relay false to show it there and relay it to nobody
    record MoveBody(String conversation, Optional<Boolean> relay) {}

    /// What is to be said to whom: in a `conversation`; or in one that is not created yet, of these
    /// `participants` with this `title`; or to one person. `line` goes with the last two.
    record PreviewBody(
            String text,
            Optional<String> conversation,
            Optional<String> line,
            Optional<List<ParticipantBody>> participants,
            Optional<String> title) {
        @Override
        public String toString() {
            return "PreviewBody[conversation=" + conversation + ", line=" + line + "]";
        }
    }

    void addTo(Routes routes) {
        var group = routes.group("Messages");
        group.post(PATH, "sendMessage")
                .says("A plain one-to-one SMS; it lands in the direct conversation with this number. Without a line it"
                        + " goes by the only one, or the one last used with the number. 202 when it is committed.")
                .quick()
                .answers(202, MessageView.class)
                .takes(DirectMessageBody.class)
                .by(this::send);
        group.get(PATH, "searchMessages")
                .says(
                        "Looks for messages within what you may see, newest first. A page may end before it is full and have"
                                + " a next all the same: so many messages are looked at for one page.")
                .parameter("query", Kind.TEXT, "Words that all occur in the text, whole or as beginnings.")
                .parameter("conversation", Kind.TEXT, "In the conversation with this id.")
                .parameter("participant", Kind.TEXT, "From or to this number.")
                .parameter("status", Kind.TEXT, "With a delivery in this status.")
                .parameter("from", Kind.TIME, "Created then or later.")
                .parameter("until", Kind.TIME, "Created before.")
                .pages(HitView.class, this::search);
        group.get(PATH + "/{id}", "getMessage")
                .says("One message, with every delivery.")
                .answers(MessageView.class, request -> services.messages().get(request.user(), request.id()));
        group.post(PATH + "/{id}/move", "moveMessage")
                .audited("conversation", "relay")
                .says("Puts what somebody wrote into another conversation of its sender on the same line, and relays it"
                        + " there.")
                .takes(MoveBody.class)
                .answers(MessageView.class, this::move);
        group.post(PATH + "/{id}/cancel", "cancelMessage")
                .says("Takes back every delivery of which nothing was handed over yet.")
                .answers(MessageView.class, request -> services.messages().cancel(request.user(), request.id()));
        group.post(PATH + "/{id}/retry", "retryMessage")
                .says("Sends its failed deliveries once more.")
                .answers(202, MessageView.class)
                .by(request ->
                        Response.of(services.messages().retry(request.user(), request.id()), MessageRoutes::accepted));
        group.post("/api/v1/preview", "preview")
                .says(
                        "What a text will cost and how long it will take: in a conversation, in one that is not created yet"
                                + " (its line, if chosen, and its participants), or for one person.")
                .takes(PreviewBody.class)
                .answers(
                        PreviewView.class,
                        (request, body) -> services.previews().preview(request.user(), body.text(), recipients(body)));
    }

    static Response accepted(MessageView message) {
        return Response.json(202, message).with("Location", PATH + "/" + message.id());
    }

    static PageRequest pageOf(Request request) {
        return new PageRequest(Paging.limit(request.parameter("limit")), request.parameter("cursor"));
    }

    static long line(String id) {
        return Ids.require(
                id, () -> Problem.invalid("line", "unknown-line", "There is no line with the id " + id + "."));
    }

    private Response send(Request request, DirectMessageBody body) {
        var wanted = new DirectMessage(
                body.line().map(MessageRoutes::line),
                body.to(),
                new NewMessage(body.text(), body.sendAt(), body.expiresAt()));
        return Response.of(services.messages().postDirect(request.user(), wanted), MessageRoutes::accepted);
    }

    private Outcome<Page<HitView>> search(Request request) {
        var search = new MessageSearch(
                request.parameter("query"),
                request.parameter("conversation").map(id -> Ids.parse(id).orElse(0L)),
                request.parameter("participant"),
                request.parameter("status").map(MessageRoutes::status),
                time(request, "from"),
                time(request, "until"));
        return services.searches().search(request.user(), search, pageOf(request));
    }

    private static DeliveryStatus status(String label) {
        return Labelled.find(DeliveryStatus.class, label)
                .orElseThrow(() -> new Refused(Problems.badField(
                        "status",
                        "bad-parameter",
                        "status must be one of "
                                + Arrays.stream(DeliveryStatus.values())
                                        .map(DeliveryStatus::label)
                                        .collect(Collectors.joining(", "))
                                + ".")));
    }

    private static Optional<Instant> time(Request request, String name) {
        return request.parameter(name).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException _) {
                throw new Refused(Problems.badField(
                        name, "bad-parameter", name + " must be a time as in RFC 3339, such as 2026-01-31T09:30:00Z."));
            }
        });
    }

    private Outcome<MessageView> move(Request request, MoveBody body) {
        long to = Ids.require(
                body.conversation(),
                () -> Problem.invalid(
                        "conversation",
                        "unknown-conversation",
                        "There is no conversation with the id " + body.conversation() + ", or you may not see it."));
        long id = request.id(); // what is no id is refused before a transaction begins
        return store.transaction(
                tx -> moves.move(tx, request.user(), id, to, body.relay().orElse(true)));
    }

    private static Previews.To recipients(PreviewBody body) {
        var line = body.line().filter(id -> !id.equals("auto")).map(MessageRoutes::line);
        if (body.conversation().isPresent()) {
            if (line.isPresent() || body.participants().isPresent()) {
                throw new Refused(Problem.invalid(
                        "conversation",
                        "bad-preview",
                        "A conversation has its line and its participants; give them or the conversation."));
            }
            return new Previews.To.Existing(Ids.require(body.conversation().get(), Problem::notFound));
        }
        return body.participants().isPresent()
                ? new Previews.To.Planned(
                        line,
                        ConversationRoutes.participants(body.participants().get()),
                        body.title())
                : new Previews.To.Anybody(line);
    }
}
