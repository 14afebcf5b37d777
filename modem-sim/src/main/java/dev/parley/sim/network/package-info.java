/// The network itself: handsets, and the SMSC that stores, forwards and reports.
///
/// It knows numbers, messages and time, and nothing of AT commands, SMPP or HTTP. Whoever takes messages is a
/// [Station]:
/// handsets are here, modems and SMPP sessions come from the packages below. It promises that what the SMSC accepted
/// is kept until its recipient took it, refused it or its validity ended; that each recipient gets its messages in the
/// order they were accepted; and that every one whose sender asked for it ends in exactly one final report.
///
/// ```
///              Station.deliver                     delivered ─▶ report 00
///   accepted ─────────────────▶ offered ──┬──────▶ refused   ─▶ report 42
///      ▲                                  │
///      └── Smsc.alert, or retry ◀── absent┘        validity over ─▶ report 46
/// ```
///
/// All state is in memory: the network forgets everything when its program ends.
@NullMarked
package dev.parley.sim.network;

import org.jspecify.annotations.NullMarked;
