/// A GSM modem on a serial port as a [dev.parley.link.Link].
///
/// It knows how a modem is found, opened, unlocked, configured, sent through, emptied and brought back
/// when it hangs or is unplugged (3GPP TS 27.005 and 27.007), and which makes want it differently
/// ([Dialect]). It promises that a part whose Ctrl-Z was written is never called "not handed over", that
/// a message leaves the modem only after the listener has it, and that no state needs a person to replug
/// the stick unless its sentence says so. It must not know a queue, a conversation or a database.
///
/// What is hard about it: a modem's word is worth little. It says `OK` and has not deleted, it tells of
/// a message that is not there yet, it refuses while it starts what it takes a second later, it forgets
/// its settings without a word, and it refuses everybody with the code of a wrong number. So no refusal
/// is taken for ever ([Arranger]), what was set is read back ([Readback]), what should be gone is looked
/// after ([Undeleted]), and whose fault a refusal is, is judged ([Refusals]). Whatever is asked again is
/// asked at a pace ([Modem#pause]).
///
/// One thread owns the device and runs its life from top to bottom; a second one does nothing but read
/// the port, since its native read blocks. Whoever wants something of the modem puts it in the owner's
/// queue.
///
/// ```
///   DISCONNECTED ──port there──▶ CONNECTING ──AT answered──▶ LOCKED ◀──▶ (PIN, PUK, SIM)
///        ▲                        │  ▲  ▲                      │
///        │                no AT   ▼  │  └── rebooted ──────┐   ▼
///        ├──── port gone ───── FAULT │              SEARCHING ◀──▶ READY ◀──▶ PAUSED
///        │                           │                      (network)  │
///        └───────────────────────────┴──── silence, ladder ────────────┘
/// ```
///
/// Octets of a modem's life, `<` from the modem:
///
/// ```
///   ESC CR  AT  ATE0  AT+CMEE=1  AT+CGMI  AT+CGMM  AT+CGSN  …  AT+CPIN?  AT+CMGF=0  AT+CSMS=1
///   AT+CPMS=?  AT+CPMS="SM","SM","SM"  AT+CNMI=?  AT+CNMI=2,1,0,1,0  AT+CREG=1  AT+CREG?  AT+CMGL=4
///   AT+CMGS=23  < >  <PDU>Ctrl-Z  < +CMGS: 7          +CDS → commit → AT+CNMA
///   < +CMTI: "SM",3  AT+CMGR=3 → commit → AT+CMGD=3
/// ```
@NullMarked
package dev.parley.modem;

import org.jspecify.annotations.NullMarked;
