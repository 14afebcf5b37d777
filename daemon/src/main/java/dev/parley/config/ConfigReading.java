package dev.parley.config;

import java.util.List;

/// What reading a configuration file came to: a configuration that can be run, or everything that is wrong
/// with it.
public sealed interface ConfigReading {

    record Usable(Config config) implements ConfigReading {}

    /// Something must be put right first.
    ///
    /// @param mistakes at least one, in the order of the file
    record Mistaken(List<Mistake> mistakes) implements ConfigReading {
        public Mistaken {
            mistakes = List.copyOf(mistakes);
        }
    }
}
