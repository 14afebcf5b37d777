/// The simulated network: phones, an SMSC and modems, as a program of its own that shares nothing with the daemon but
/// the
/// codec. Here is its command line, and the whole put together; each part has a package.
@NullMarked
package dev.parley.sim;

import org.jspecify.annotations.NullMarked;
