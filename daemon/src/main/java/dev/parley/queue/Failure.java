package dev.parley.queue;

import dev.parley.link.FailureCode;
import java.util.Optional;

/// Why something failed.
///
/// @param network the network's own number
record Failure(FailureCode code, Optional<Integer> network, String reason) {
    static Failure of(FailureCode code) {
        return new Failure(code, Optional.empty(), code.sentence());
    }
}
