package dev.parley.http;

/// Marks the body of a `PATCH` (RFC 7396): what is absent stays, null takes away. A component
/// that is an `Optional` of an `Optional` can be taken away; for others null is a mistake.
interface Changes {}
