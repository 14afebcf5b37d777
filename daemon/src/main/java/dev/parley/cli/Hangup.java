package dev.parley.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

/// SIGHUP, which asks a daemon to read its configuration again. Java has no interface for signals of
/// its own; what it does have (`sun.misc.Signal`) is in every JDK, but javac warns of it, so it is
/// found by name.
final class Hangup {
    private static final int SIGHUP = 1;

    private Hangup() {}

    /// Runs `task` at each SIGHUP, on a thread of its own, instead of ending the program.
    static void onEach(Runnable task) {
        try {
            // The native part of jSerialComm has this signal ignored when it is loaded, and the JVM
            // takes no signal that is ignored: first the one, then the default, then ours.
            Class.forName("com.fazecast.jSerialComm.SerialPort");
            beDefault();
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    task.run();
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "SIGHUP";
            };
            signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("HUP"),
                            Proxy.newProxyInstance(Hangup.class.getClassLoader(), new Class<?>[] {handler}, calls));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no signals", e);
        }
    }

    /// `signal(SIGHUP, SIG_DFL)` of signal(2); `SIG_DFL` is the null pointer.
    private static void beDefault() {
        var signal = Notify.function("signal", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
        try {
            var _ = (MemorySegment) signal.invokeExact(SIGHUP, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException("calling the C library failed", e);
        }
    }
}
