@NullMarked
package dev.parley.sim.modem;

import org.jspecify.annotations.NullMarked;
