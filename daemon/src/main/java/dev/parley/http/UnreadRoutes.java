package dev.parley.http;

import dev.parley.inbox.RawInbound;
import java.time.Instant;

/// `/api/v1/unread`: what arrived and is no text for anybody.
record UnreadRoutes(Services.Unread unread) {

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
                .forAdmins()
                .get("/api/v1/unread", "listUnread")
                .says("What arrived and is no text for anybody, newest first: WAP pushes and other messages between"
                        + " machines, and what could not be read. It is kept as it came.")
                .pages(
                        UnreadView.class,
                        (_, paging) -> paging.page(
                                unread.before(paging.before(), paging.toRead()), RawInbound::id, UnreadView::of));
    }
}
