/// The modem link against scripted modems on real ptys.
@NullMarked
package dev.parley.modem;

import org.jspecify.annotations.NullMarked;
