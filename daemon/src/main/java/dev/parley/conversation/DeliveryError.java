package dev.parley.conversation;

import java.util.Optional;

/// Why a delivery is failed, blocked or late, as the API shows it.
///
/// @param code stable: see [dev.parley.link.FailureCode]; of a blocked one, see [Block]
/// @param network the network's own code
/// @param reason a sentence that a person can act on
public record DeliveryError(String code, Optional<Integer> network, String reason) {}
