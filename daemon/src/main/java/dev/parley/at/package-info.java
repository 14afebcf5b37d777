/// The AT grammar: what a modem's octets mean, as a state machine without port, thread or clock.
///
/// It knows how commands, answers, final results, prompts, echoes and unsolicited result codes (URCs)
/// look on the wire (ITU-T V.250 §5, 3GPP TS 27.005 and 27.007) and in which ways real modems bend that.
/// It promises that every octet sequence ends as events, that a URC is recognised wherever it lands, and
/// that nothing a modem sends takes unbounded memory. It must not know how long anything may take, what
/// a link is, or what is done with a message.
///
/// ```
///          begin(command)                      '>' at the start of a line
///   idle ────────────────▶ answering ───────────────────────▶ prompted
///    ▲                      │     │                              │
///    └──────────────────────┴─────┴── final result, abandon() ───┘
///
///   a line in any state, first rule that fits:
///     rest of a quoted +CUSD text    → joined with it, unless a result, a name or a due PDU shows that
///                                      nobody closes the quote; it ends there, or with a pause
///     echo of the command            → dropped
///     +CMT: +CDS: +CBM:              → URC that owns the next line which is nobody else's
///     +CMGL: +CMGR: (asked for)      → answer that owns the next line which is nobody else's
///     OK, ERROR, +CMS ERROR: …       → final result, if a command waits for one
///     name of the command            → its answer
///     name of another                → URC
///     anything else                  → the owed line of a header, free text that was asked for, or noise
/// ```
@NullMarked
package dev.parley.at;

import org.jspecify.annotations.NullMarked;
