package dev.parley.http;

import dev.parley.http.Route.Parameter.Kind;

/// `/api/v1/events`: the live stream.
record EventRoutes(EventStream events) {

    void addTo(Routes routes) {
        routes.group("Events")
                .get("/api/v1/events", "streamEvents")
                .says("What happens, as server-sent events, in order and as far as you may see it. With the header"
                        + " Last-Event-ID it goes on behind that event without a gap, from the oldest kept with 0; one"
                        + " that is too old gets an event reset first. Without it, from now on."
                        + " conversation.read and access.updated are sent to the user alone whom they are about; the"
                        + " header Parley-Event of every answer is the id to go on from after it; only what is answered"
                        + " under an Idempotency-Key has none.")
                .parameter(EventStream.PARAMETER, Kind.TEXT, "For clients that cannot send the header Last-Event-ID.")
                .answers(200, new Shape.Plain("text/event-stream"))
                .by(events::open);
    }
}
