/// The simulated network: phones, an SMSC and modems, as a program of its own that shares nothing with the daemon but
/// the
/// codec. Here is its command line, and the whole put together; each part has a package.
///
/// Whatever waits here is a platform thread: sessions, requests, modems. There are few of them, and no runtime that
/// loses a wake-up of its virtual threads (JDK-8369227, JDK-8373120) makes the network stand still under those who
/// test against it.
@NullMarked
package dev.parley.sim;

import org.jspecify.annotations.NullMarked;
