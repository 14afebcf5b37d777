package dev.parley.modem;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/// A pseudo terminal, seen from the modem's end (Linux, through the C library).
final class Pty implements AutoCloseable {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final short POLLIN = 1;

    private static final MethodHandle OPENPT = function("posix_openpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle GRANTPT = function("grantpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle UNLOCKPT = function("unlockpt", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle PTSNAME =
            function("ptsname_r", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle TCGETATTR =
            function("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle CFMAKERAW = function("cfmakeraw", FunctionDescriptor.ofVoid(ADDRESS));
    private static final MethodHandle TCSETATTR =
            function("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
    private static final MethodHandle FLOCK = function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private final int master;
    private final int slave;
    private final Path path;

    private Pty(int master, int slave, Path path) {
        this.master = master;
        this.slave = slave;
        this.path = path;
    }

    /// Its other end is held open here too, so that its absence is no hang-up, and is raw from the start.
    static Pty open() throws IOException {
        try (var arena = Arena.ofConfined()) {
            int master = (int) OPENPT.invokeExact(O_RDWR | O_NOCTTY);
            check(master, "posix_openpt");
            check((int) GRANTPT.invokeExact(master), "grantpt");
            check((int) UNLOCKPT.invokeExact(master), "unlockpt");
            var name = arena.allocate(64);
            check(-(int) PTSNAME.invokeExact(master, name, 64L), "ptsname_r");
            int slave = (int) OPEN.invokeExact(name, O_RDWR | O_NOCTTY);
            check(slave, "open");
            var termios = arena.allocate(256, 8);
            check((int) TCGETATTR.invokeExact(slave, termios), "tcgetattr");
            CFMAKERAW.invokeExact(termios);
            check((int) TCSETATTR.invokeExact(slave, 0, termios), "tcsetattr");
            return new Pty(master, slave, Path.of(name.getString(0)));
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    Path path() {
        return path;
    }

    /// What was written to the other end; empty if nothing came within `millis`.
    byte[] read(int millis) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var pollfd = arena.allocate(8, 4);
            pollfd.set(JAVA_INT, 0, master);
            pollfd.set(JAVA_SHORT, 4, POLLIN);
            int ready = (int) POLL.invokeExact(pollfd, 1L, millis);
            check(ready, "poll");
            if (ready == 0) {
                return new byte[0];
            }
            var buffer = arena.allocate(4096);
            long count = (long) READ.invokeExact(master, buffer, 4096L);
            check((int) count, "read");
            return buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void write(byte[] octets) throws IOException {
        try (var arena = Arena.ofConfined()) {
            var buffer = arena.allocate(Math.max(1, octets.length));
            MemorySegment.copy(octets, 0, buffer, ValueLayout.JAVA_BYTE, 0, octets.length);
            long count = (long) WRITE.invokeExact(master, buffer, (long) octets.length);
            if (count != octets.length) {
                throw new IOException("write: " + count + " of " + octets.length);
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /// As another program does that uses the port.
    void lock() throws IOException {
        try {
            check((int) FLOCK.invokeExact(slave, 2), "flock");
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void unlock() throws IOException {
        try {
            check((int) FLOCK.invokeExact(slave, 8), "flock");
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            var _ = (int) CLOSE.invokeExact(slave);
            var _ = (int) CLOSE.invokeExact(master);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + " failed");
        }
    }

    @SuppressWarnings("restricted") // the test JVM runs with native access enabled
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }
}
