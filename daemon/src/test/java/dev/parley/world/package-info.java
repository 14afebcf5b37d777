/// Parley as its users run it: the demo's programs as processes, spoken to over HTTP alone.
@NullMarked
package dev.parley.world;

import org.jspecify.annotations.NullMarked;
