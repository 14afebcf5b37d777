package dev.parley.link;

import java.time.Instant;
import java.util.Optional;

/// What a link says of itself.
///
/// @param sentence what a person should know and can do, in one sentence; empty where the state says it all
/// @param since when this state began
/// @param signalDbm received signal strength in dBm (3GPP TS 27.007 §8.5, `+CSQ`); empty for unknown and for links
/// without one
/// @param operator the network's name as the modem gives it
public record LinkStatus(
        LinkState state, String sentence, Instant since, Optional<Integer> signalDbm, Optional<String> operator) {

    public static LinkStatus of(LinkState state, String sentence, Instant since) {
        return new LinkStatus(state, sentence, since, Optional.empty(), Optional.empty());
    }
}
