/// The composition root of the gateway.
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;
