package dev.parley.conversation;

import java.util.Map;

/// What `delivery.updated` carries: one delivery as it is now, and where it belongs.
///
/// @param summary of the whole message
public record DeliveryUpdate(
        String message, String conversation, DeliveryView delivery, Map<String, Integer> summary) {}
