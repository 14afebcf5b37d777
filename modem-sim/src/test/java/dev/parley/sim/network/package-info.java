@NullMarked
package dev.parley.sim.network;

import org.jspecify.annotations.NullMarked;
