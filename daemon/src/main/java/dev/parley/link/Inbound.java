package dev.parley.link;

import java.time.Instant;
import java.util.Optional;

/// Something the network handed to a link, before anybody has interpreted it.
///
/// @param link the name of the link
/// @param pdu the octets as the link got them: with the SMSC address in front from a modem, the whole PDU over SMPP.
/// Kept raw, so that nothing is lost to a decoder's mistake. Not copied: nobody writes to it.
/// @param place where the copy lies that is deleted after commit: `SM:3` (memory and index) on a modem, empty where
/// the text came directly and is acknowledged (`+CNMA`, `deliver_sm_resp`)
/// @param receivedAt when the link read it
/// @param notACopyOf equal octets that were stored before this time are another text for sure: what
/// was not acknowledged then has come again long since. Empty where the time says nothing.
@SuppressWarnings("ArrayRecordComponent") // a value on its way from the port to the database, compared by nobody
public record Inbound(
        String link,
        LinkKind kind,
        byte[] pdu,
        Optional<String> place,
        Instant receivedAt,
        Optional<Instant> notACopyOf) {

    public Inbound(String link, LinkKind kind, byte[] pdu, Optional<String> place, Instant receivedAt) {
        this(link, kind, pdu, place, receivedAt, Optional.empty());
    }
}
