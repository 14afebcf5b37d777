package dev.parley.smpp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// What the link must know of its SMSC.
///
/// @param password never printed: [#toString] leaves it out
/// @param window submits of one session that may wait for their responses
/// @param perSecond what the SMSC permits the link, all its sessions together; empty is as fast as
/// the windows allow
/// @param enquireLink how long a session may be silent before it is asked whether it lives (SMPP
/// v3.4 §7.2)
/// @param responseTimeout how long an SMSC may take for a response before the outcome counts as
/// uncertain
/// @param sourceNumber the line's number, as participants see it: E.164 with `+`, or a short code
/// @param sessions how many sessions the link keeps bound at once
/// @param interfaceVersion what the bind says: 0x34 or 0x50
/// @param messageIds how the SMSC writes ids in responses and receipts; matching tries this first
/// @param tls empty for plain TCP
/// @param statusReports whether the SMSC is asked what became of each part (`registered_delivery`)
public record SmppSettings(
        String host,
        int port,
        Bind bind,
        String systemId,
        String password,
        String systemType,
        int window,
        Optional<Double> perSecond,
        Duration enquireLink,
        Duration responseTimeout,
        String sourceNumber,
        int sessions,
        int interfaceVersion,
        LongMessages longMessages,
        DefaultAlphabet defaultAlphabet,
        MessageIds.Form messageIds,
        AddressRules addresses,
        Optional<Tls> tls,
        boolean statusReports) {

    /// A sender with a name is refused here: nobody could answer it, and a line lives by its answers.
    public SmppSettings {
        if (!sourceNumber.matches("[+]?[0-9]{1,20}")) {
            throw new IllegalArgumentException(
                    "the source address \"" + sourceNumber + "\" is no number; participants could not reply to a name");
        }
    }

    public enum Bind {
        TRANSCEIVER,
        TRANSMITTER_AND_RECEIVER
    }

    /// How the SMSC wants a text that needs several SMS. With the first two each part is a
    /// `submit_sm`.
    public enum LongMessages {
        /// A user data header in front of `short_message`, `esm_class` 0x40: what nearly every
        /// SMSC takes.
        UDH,
        /// `sar_msg_ref_num`, `sar_total_segments`, `sar_segment_seqnum`.
        SAR,
        /// The text whole in `message_payload`, for the SMSC to split (SMPP v3.4 §5.3.2.32). On a line with
        /// a link of another kind the queue has parts; then each goes there with its user data header.
        PAYLOAD
    }

    /// What `data_coding` 0 means to the SMSC.
    public enum DefaultAlphabet {
        /// GSM 7-bit, one septet an octet.
        GSM7,
        LATIN1
    }

    /// Type of number and numbering plan (SMPP v3.4 §5.2.5, §5.2.6) by what a number looks like.
    ///
    /// @param plus whether an international number keeps its `+` in the address field
    public record AddressRules(
            int internationalTon, int internationalNpi, int shortCodeTon, int shortCodeNpi, boolean plus) {

        /// International and ISDN; network specific and ISDN for short codes; no `+`.
        public static final AddressRules USUAL = new AddressRules(1, 1, 3, 1, false);
    }

    /// Transport security.
    ///
    /// @param authorities PEM certificates to trust in place of the Java runtime's
    /// @param checkHostName whether the certificate must be the host's own; off only for an SMSC
    /// named by its address
    public record Tls(Optional<Path> authorities, boolean checkHostName) {}

    @Override
    public String toString() {
        return systemId + "@" + host + ":" + port + " (" + bind + (tls.isPresent() ? ", TLS" : "") + ")";
    }
}
