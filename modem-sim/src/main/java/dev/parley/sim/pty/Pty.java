package dev.parley.sim.pty;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

/// A pseudo-terminal in raw mode, from the modem's side. It keeps the programs' side open itself: a program may come
/// and
/// go without a hang-up here. Reading and writing never block; a [Doorbell] waits.
public final class Pty implements AutoCloseable {

    private static final int BUFFER_OCTETS = 4_096;
    private static final int INOTIFY_EVENT_OCTETS = 16;

    /// What a program wrote just before it left may come a little later than the notice that it left.
    private static final long LAST_WORDS_NANOS = 100_000_000L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment in = arena.allocate(BUFFER_OCTETS);
    private final MemorySegment out = arena.allocate(BUFFER_OCTETS);
    private final int master;
    private final int slave;
    private final int watch;
    private final String path;
    private int users;
    private boolean left;
    private long leftAt = System.nanoTime() - LAST_WORDS_NANOS;
    private boolean closed;

    private Pty(int master, int slave, int watch, String path) {
        this.master = master;
        this.slave = slave;
        this.watch = watch;
        this.path = path;
    }

    public static Pty open() throws IOException {
        int master = LibC.openMaster();
        int slave = -1;
        try {
            LibC.unlock(master);
            var path = LibC.slaveName(master);
            slave = LibC.open(path, LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC);
            LibC.makeRaw(slave);
            return new Pty(master, slave, LibC.watch(path), path);
        } catch (IOException | RuntimeException e) {
            if (slave >= 0) {
                LibC.close(slave);
            }
            LibC.close(master);
            throw e;
        }
    }

    /// What a program opens, such as `/dev/pts/7`.
    public Path path() {
        return Path.of(path);
    }

    /// Whether a program has the port open: the DTR line of a real one.
    public boolean inUse() {
        return users > 0;
    }

    /// What the programs wrote; empty if nothing now.
    public byte[] read() throws IOException {
        int octets = LibC.read(master, in);
        if (octets > 0 && users == 0) {
            var first = in.asSlice(0, octets).toArray(JAVA_BYTE);
            count();
            if (users == 0 && System.nanoTime() - leftAt < LAST_WORDS_NANOS) {
                return new byte[0];
            }
            // The kernel joins equal notices that nobody has read yet, so one opening may have gone uncounted.
            users = Math.max(1, users);
            return first;
        }
        return octets == 0 ? new byte[0] : in.asSlice(0, octets).toArray(JAVA_BYTE);
    }

    /// Writes as much as fits now.
    ///
    /// @return how many octets of `octets` from `offset` on were taken
    public int write(byte[] octets, int offset, int count) throws IOException {
        int fits = Math.min(count, BUFFER_OCTETS);
        MemorySegment.copy(octets, offset, out, JAVA_BYTE, 0, fits);
        return LibC.write(master, out.asSlice(0, fits));
    }

    /// Takes note of who opened and closed the port.
    ///
    /// @return true if the last user has left since. What it did not read is gone, and so is its exclusive use.
    public boolean noteUsers() throws IOException {
        count();
        boolean hungUp = left && users == 0;
        left = false;
        if (hungUp) {
            leftAt = System.nanoTime();
            LibC.release(slave);
        }
        return hungUp;
    }

    private void count() throws IOException {
        for (int octets = LibC.read(watch, in); octets > 0; octets = LibC.read(watch, in)) {
            for (int at = 0; at + INOTIFY_EVENT_OCTETS <= octets; ) {
                int mask = in.get(JAVA_INT_UNALIGNED, at + 4L);
                if ((mask & LibC.IN_OPEN) != 0) {
                    users++;
                } else if ((mask & (LibC.IN_CLOSE_WRITE | LibC.IN_CLOSE_NOWRITE)) != 0) {
                    users = Math.max(0, users - 1);
                    left = true;
                }
                at += INOTIFY_EVENT_OCTETS + in.get(JAVA_INT_UNALIGNED, at + 12L);
            }
        }
    }

    int master() {
        return master;
    }

    int watch() {
        return watch;
    }

    /// Unplugs it: programs that have it open read an end or an error.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        LibC.close(watch);
        LibC.close(slave);
        LibC.close(master);
        arena.close();
    }
}
