/// Simulated GSM modems: what a USB stick on a serial port is, with its SIM card.
///
/// It knows the AT commands of 3GPP TS 27.005, TS 27.007 and ITU-T V.250 as far as a stick of the SIM900 family answers
/// them, and hands TPDUs to and from the [dev.parley.sim.network.Smsc]. A [Modem] is one platform thread that owns its
/// pty, its settings and its SIM; others put work in its queue. It promises that what a program reads is what a real
/// stick could have written: URCs anywhere but never within a line, and that a text or report is taken from the network
/// only when it is stored, or shown and (with `AT+CSMS=1`) acknowledged.
///
/// A `Dialogue` takes what is typed at the `Port` and runs it command by command; the `Firmware` knows them
/// all, most from `MessageCommands` (TS 27.005) and `EquipmentCommands` (TS 27.007), which share a `State`.
///
/// ```
///               AT+CMGS=n            Ctrl-Z            air time
///   command ──────────────▶ prompt ─────────▶ on air ───────────▶ command
///      ▲                      │  (+CMS ERROR)   │   the SMSC has it half way
///      └──────── ESC ─────────┴─────────────────┘
/// ```
@NullMarked
package dev.parley.sim.modem;

import org.jspecify.annotations.NullMarked;
