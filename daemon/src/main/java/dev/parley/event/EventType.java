package dev.parley.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What can happen, with the names of the API.
public enum EventType {
    MESSAGE_RECEIVED("message.received"),
    MESSAGE_CREATED("message.created"),
    DELIVERY_UPDATED("delivery.updated"),
    CONVERSATION_CREATED("conversation.created"),
    CONVERSATION_UPDATED("conversation.updated"),
    /// How far one user has read, to that user alone.
    CONVERSATION_READ("conversation.read"),
    CONTACT_UPDATED("contact.updated"),
    LINK_UPDATED("link.updated"),
    /// What one user may see has changed, to that user alone: it should load afresh what it shows.
    ACCESS_UPDATED("access.updated");

    private static final Map<String, EventType> BY_LABEL =
            Arrays.stream(values()).collect(Collectors.toMap(EventType::label, Function.identity()));

    private final String label;

    EventType(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Optional<EventType> ofLabel(String label) {
        return Optional.ofNullable(BY_LABEL.get(label));
    }
}
