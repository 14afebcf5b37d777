/// Programs that attack a daemon from outside, each with a bound on what it does and how long. Each has
/// a `main`, to be pointed at any daemon of one's own, and a test that points it at a daemon with little
/// memory.
@NullMarked
package dev.parley.attack;

import org.jspecify.annotations.NullMarked;
