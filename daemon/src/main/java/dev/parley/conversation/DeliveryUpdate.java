package dev.parley.conversation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/// What `delivery.updated` carries: a delivery as the API shows it, with where it belongs.
record DeliveryUpdate(
        String message, String conversation, @JsonUnwrapped DeliveryView delivery) {

    static DeliveryUpdate of(Delivery delivery, String display) {
        return new DeliveryUpdate(
                Long.toString(delivery.messageId()),
                Long.toString(delivery.conversationId()),
                DeliveryView.of(delivery, display));
    }
}
