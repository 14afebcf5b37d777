package dev.parley.cli;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/// Tells systemd how the daemon is (sd_notify(3)): one datagram with lines `NAME=VALUE` to the socket
/// that the environment names. The JDK has stream sockets of the Unix domain only, so this calls the C
/// library.
///
/// Where systemd did not start us there is no socket, and nothing is told.
final class Notify {

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;

    /// `sun_path` of unix(7) on Linux has 108 octets, its NUL included.
    private static final int PATH_OCTETS_MAX = 107;

    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SENDTO = function(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private final Optional<byte[]> address;
    private final Optional<Duration> watchdog;

    private Notify(Optional<byte[]> address, Optional<Duration> watchdog) {
        this.address = address;
        this.watchdog = watchdog;
    }

    /// What `NOTIFY_SOCKET` and `WATCHDOG_USEC` say (sd_notify(3), sd_watchdog_enabled(3)).
    static Notify of(Map<String, String> environment) {
        var socket = Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .map(path -> path.getBytes(StandardCharsets.UTF_8))
                .filter(path -> path.length > 1 && path.length <= PATH_OCTETS_MAX)
                .filter(path -> path[0] == '/' || path[0] == '@');
        var watchdog = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .filter(text -> DIGITS.matcher(text).matches())
                .map(text -> Duration.ofNanos(Math.multiplyExact(Long.parseLong(text), 1_000)))
                .filter(every -> !every.isZero());
        return new Notify(socket, watchdog);
    }

    void ready(String status) {
        tell("READY=1\nSTATUS=" + status);
    }

    /// From now until [#ready] the service reads its configuration.
    void reloading() {
        tell("RELOADING=1");
    }

    void stopping() {
        tell("STOPPING=1");
    }

    /// Tells the watchdog twice in its time that we are well, as long as `well` says so: systemd ends
    /// and starts again what it does not hear from. Returns at once; the thread that it starts ends with
    /// the program. It is a thread of the platform, so that it is there to see that virtual ones are
    /// not.
    ///
    /// @param well answers within the time that it is given
    void watch(Predicate<Duration> well) {
        if (address.isEmpty() || watchdog.isEmpty()) {
            return;
        }
        var half = watchdog.get().dividedBy(2);
        Thread.ofPlatform().daemon().name("watchdog").start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    if (well.test(half)) {
                        tell("WATCHDOG=1");
                    }
                    Thread.sleep(half);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /// Nobody is told of a failure: systemd notices by itself that it heard nothing.
    private void tell(String state) {
        if (address.isPresent()) {
            send(address.get(), state.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(byte[] path, byte[] datagram) {
        try (var arena = Arena.ofConfined()) {
            int socket = (int) SOCKET.invokeExact(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            if (socket < 0) {
                return;
            }
            try {
                var octets = arena.allocateFrom(ValueLayout.JAVA_BYTE, datagram);
                var to = socketAddress(arena, path);
                long _ = (long) SENDTO.invokeExact(socket, octets, (long) datagram.length, 0, to, (int) to.byteSize());
            } finally {
                int _ = (int) CLOSE.invokeExact(socket);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("calling the C library failed", e);
        }
    }

    /// `struct sockaddr_un`: the family in two octets of the machine's own order, then the path; a
    /// leading `@` stands for the NUL of an abstract name, which has no terminator.
    private static MemorySegment socketAddress(Arena arena, byte[] path) {
        boolean isAbstract = path[0] == '@';
        var address = arena.allocate(2L + path.length + (isAbstract ? 0 : 1), 2);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, 2, path.length);
        if (isAbstract) {
            address.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
        }
        return address;
    }

    @SuppressWarnings("restricted") // the launcher and the unit allow native access
    static MethodHandle function(String name, FunctionDescriptor signature) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), signature);
    }
}
