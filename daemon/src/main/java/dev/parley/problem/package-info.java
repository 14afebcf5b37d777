/// A user's mistake as a value: what is wrong, under a code that programs can rely on, and what to do about it in a
/// sentence that people can.
///
/// Knows nothing of any feature and nothing of HTTP but the status numbers. Services return a
/// [dev.parley.problem.Problem]
/// in their results; only the HTTP package turns one into `application/problem+json` (RFC 9457).
@NullMarked
package dev.parley.problem;

import org.jspecify.annotations.NullMarked;
