/// How a lock is held. Knows nothing of the daemon.
@NullMarked
package dev.parley.lock;

import org.jspecify.annotations.NullMarked;
