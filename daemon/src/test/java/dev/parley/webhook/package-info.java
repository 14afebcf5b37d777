@NullMarked
package dev.parley.webhook;

import org.jspecify.annotations.NullMarked;
