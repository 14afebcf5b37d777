package dev.parley.http;

import dev.parley.inbox.RawInbound;
import java.time.Instant;

/// `/api/v1/unread`: what arrived and is no text for anybody.
final class UnreadRoutes {
    private final Services.Unread unread;

    UnreadRoutes(Services.Unread unread) {
        this.unread = unread;
    }

    /// @param what `machine` for WAP pushes and other messages between machines, `unreadable` or `failed`
    /// @param reason why it is given to nobody, in a few words
    /// @param pdu the octets as the link got them, in hexadecimal
    record UnreadView(String id, String link, String what, String reason, String pdu, Instant receivedAt) {
        static UnreadView of(RawInbound raw) {
            return new UnreadView(
                    Long.toString(raw.id()), raw.link(), raw.what(), raw.reason(), raw.pduHex(), raw.receivedAt());
        }
    }

    void addTo(Routes routes) {
        routes.group("Lines and links")
                .get("/api/v1/unread", "listUnread")
                .says("What arrived and is no text for anybody, newest first: WAP pushes and other messages between"
                        + " machines, and what could not be read. It is kept as it came.")
                .forAdmins()
                .paged()
                .answers(200, new Shape.PageOf(UnreadView.class))
                .by(this::list);
    }

    private Response list(Request request) {
        var paging = request.paging();
        return Response.ok(
                paging.page(unread.before(paging.before(), paging.toRead()), RawInbound::id, UnreadView::of));
    }
}
