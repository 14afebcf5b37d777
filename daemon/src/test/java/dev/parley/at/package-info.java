@NullMarked
package dev.parley.at;

import org.jspecify.annotations.NullMarked;
