package dev.parley.at;

import java.util.Optional;

/// One answer to a command.
///
/// @param text the line, without the command's name and colon where it carried them and a program asked
/// @param body the line that belongs to it (a PDU after `+CMGR:`), as received; empty if none came
public record Answer(String text, Optional<String> body) {
    static Answer of(String text) {
        return new Answer(text, Optional.empty());
    }
}
