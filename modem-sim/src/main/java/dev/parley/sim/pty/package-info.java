/// Pseudo-terminals for the simulated modems: what a program opens as a serial port, seen from the far end.
///
/// It knows the C library, through the FFM API, and nothing of AT commands. A [Pty] belongs to one thread; a [Doorbell]
/// is how that thread waits for the port, for the clock and for others at once, in one blocking native call, which is
/// why it must be a platform thread. It promises that a port stays usable however often programs open, close or lose
/// it, and that waiting costs no CPU. Linux only.
@NullMarked
package dev.parley.sim.pty;

import org.jspecify.annotations.NullMarked;
