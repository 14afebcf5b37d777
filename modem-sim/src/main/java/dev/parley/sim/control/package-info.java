/// The control API: what tests and people do to the simulated network over HTTP.
///
/// It knows handsets, modems and the SMSC, and keeps nothing itself. Every mistake is answered with `{"error": …}` that
/// names the field, the value and what was expected.
///
/// ```
/// GET  /handsets                    PUT /handsets/{number}       {reach, deliveryDelayMs, autoReply}
/// GET  /handsets/{number}/messages  POST                         {to, text} or {to, data, port, pid}
/// GET  /modems                      GET, PUT /modems/{name}      {airTimeMs, fault, pin}
/// GET, PUT /smsc                    POST /smsc/disconnect
/// ```
///
/// `data` is 8-bit data in hexadecimal, for the program at `port` (2948: a WAP push) if there is one,
/// with the TP-PID `pid` (64: type 0, not to be shown).
@NullMarked
package dev.parley.sim.control;

import org.jspecify.annotations.NullMarked;
