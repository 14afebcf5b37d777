/// The simulated network.
@NullMarked
package dev.parley.sim;

import org.jspecify.annotations.NullMarked;
