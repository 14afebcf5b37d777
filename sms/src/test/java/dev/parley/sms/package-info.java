@NullMarked
package dev.parley.sms;

import org.jspecify.annotations.NullMarked;
