/// The SMSC's SMPP port.
///
/// It listens, and so far it lets nobody in: whoever connects is hung up on. A bound session is an
/// [dev.parley.sim.network.Esme] of the [dev.parley.sim.network.Smsc].
@NullMarked
package dev.parley.sim.smpp;

import org.jspecify.annotations.NullMarked;
