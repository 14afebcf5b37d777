package dev.parley.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the program when it has no memory left: whatever threads are lost by then, nobody knows, and a
/// program that half lives is not started again by anybody. What was accepted is in the database. The
/// JVM does the same by itself (`-XX:+ExitOnOutOfMemoryError`, which the launcher gives) where it
/// notices; this is for what others throw, as Netty does of memory outside of the heap, and for a daemon
/// that was started without the launcher.
final class LastResort {

    /// As `-XX:+ExitOnOutOfMemoryError` ends it.
    static final int STATUS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

    private LastResort() {}

    static void install() {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (isWantOfMemory(thrown)) {
                // Not an exit: its hooks want memory too.
                try {
                    System.err.println("parley: out of memory (" + thrown.getMessage() + "), ends");
                } finally {
                    Runtime.getRuntime().halt(STATUS);
                }
            }
            LOG.error("thread {} ended", thread.getName(), thrown);
        });
    }

    private static boolean isWantOfMemory(Throwable thrown) {
        for (var each = thrown; each != null; each = each.getCause()) {
            if (each instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }
}
