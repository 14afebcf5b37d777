/// What every link has in common.
@NullMarked
package dev.parley.link;

import org.jspecify.annotations.NullMarked;
