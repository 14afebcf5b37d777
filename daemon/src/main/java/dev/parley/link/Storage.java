package dev.parley.link;

/// How full the storage for messages of a link is, such as a SIM's.
public record Storage(int used, int total) {}
