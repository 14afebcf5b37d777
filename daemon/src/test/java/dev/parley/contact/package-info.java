@NullMarked
package dev.parley.contact;

import org.jspecify.annotations.NullMarked;
