package dev.parley.sim.pty;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

/// How a modem's thread waits for its port, the clock and other threads at once.
public final class Doorbell implements AutoCloseable {

    private static final int POLLFD_OCTETS = 8;
    private static final int WAITED_FOR_MAX = 3;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    /// Longer than anybody waits, and no overflow when it becomes milliseconds.
    private static final long FOR_EVER_NANOS = 86_400_000L * NANOS_PER_MILLI;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment fds = arena.allocate((long) POLLFD_OCTETS * WAITED_FOR_MAX, 8);
    private final MemorySegment counter = arena.allocate(JAVA_LONG);
    private final MemorySegment one = arena.allocate(JAVA_LONG);
    private final int bell;
    private boolean closed;

    public Doorbell() throws IOException {
        bell = LibC.eventFd();
        one.set(JAVA_LONG, 0, 1L);
    }

    /// Ends the current or the next [#await]. Any thread may call it, at any time.
    public synchronized void ring() {
        if (closed) {
            return;
        }
        try {
            var _ = LibC.write(bell, one);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns when the port can be read (if `input`), can be written (if `output`), was opened or closed, somebody
    /// rang,
    /// or the time is over; there may be other reasons, so look.
    public void await(Optional<Pty> pty, boolean input, boolean output, long nanosAtMost) throws IOException {
        watch(0, bell, LibC.POLLIN);
        int count = 1;
        if (pty.isPresent()) {
            watch(count++, pty.get().watch(), LibC.POLLIN);
            if (input || output) {
                watch(count++, pty.get().master(), (short) ((input ? LibC.POLLIN : 0) | (output ? LibC.POLLOUT : 0)));
            }
        }
        long nanos = Math.clamp(nanosAtMost, 0, FOR_EVER_NANOS);
        int milliseconds = (int) ((nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
        LibC.poll(fds, count, nanos == FOR_EVER_NANOS ? -1 : milliseconds);
        if (fds.get(JAVA_SHORT, 6) != 0) {
            var _ = LibC.read(bell, counter);
        }
    }

    private void watch(int index, int fd, short events) {
        long at = (long) index * POLLFD_OCTETS;
        fds.set(JAVA_INT, at, fd);
        fds.set(JAVA_SHORT, at + 4, events);
        fds.set(JAVA_SHORT, at + 6, (short) 0);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LibC.close(bell);
            arena.close();
        }
    }
}
