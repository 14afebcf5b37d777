/// The SMSC's SMPP port: SMPP v3.4, and v5.0 binds are taken too.
///
/// A bound session is an [dev.parley.sim.network.Esme] of the [dev.parley.sim.network.Smsc]: it
/// submits messages there and carries texts and receipts from there. [Quirks] says how it
/// misbehaves: each is something that a real SMSC does, and all may change while sessions are
/// bound.
///
/// | request | what it does |
/// |---|---|
/// | `bind_transmitter` `bind_receiver` `bind_transceiver` | any credentials unless the quirks name them |
/// | `submit_sm` `submit_multi` `data_sm` | to handsets, modems and numbers of other systems |
/// | `query_sm` `cancel_sm` | by the `message_id` of the response |
/// | `enquire_link` `unbind` | as usual |
/// | any other | `generic_nack` |
@NullMarked
package dev.parley.sim.smpp;

import org.jspecify.annotations.NullMarked;
