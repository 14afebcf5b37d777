/// Benchmarks of the codec: `mvn -P benchmark -pl sms test-compile exec:exec`.
@NullMarked
package dev.parley.sms;

import org.jspecify.annotations.NullMarked;
