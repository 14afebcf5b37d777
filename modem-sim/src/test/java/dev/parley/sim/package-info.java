/// The simulated network as its users see it: over real ptys, real sockets, and with programs not written here.
@NullMarked
package dev.parley.sim;

import org.jspecify.annotations.NullMarked;
