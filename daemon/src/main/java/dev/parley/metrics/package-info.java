/// What Prometheus sees that no feature counts for itself: the links as they are now, and the program.
///
/// Labels are bounded by the configuration: names of links, states. No number, no text, no code of a network
/// is a
/// label.
@NullMarked
package dev.parley.metrics;

import org.jspecify.annotations.NullMarked;
