package dev.parley.config;

import java.nio.file.Path;

/// Something in the configuration file that must be put right before Parley runs.
///
/// @param line 1-based; 0 when the mistake is the whole file's, because it cannot be read
/// @param column 1-based; 0 together with `line`
/// @param key the path of the key as a person would say it, `links.modem-1.baud` or `lines[0].number`; empty
/// where no
/// key can be named
/// @param sentence what is wrong and what is expected
public record Mistake(Path file, int line, int column, String key, String sentence) {

    /// `FILE:LINE:COLUMN: key: sentence`, the form that editors jump to.
    @Override
    public String toString() {
        var place = line == 0 ? file.toString() : file + ":" + line + ":" + column;
        return key.isEmpty() ? place + ": " + sentence : place + ": " + key + ": " + sentence;
    }
}
