package dev.parley.smpp;

import dev.parley.link.FailureCode;
import dev.parley.link.SubmitOutcome;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `command_status` by the specification's names: SMPP v3.4 §5.1.3, and what v5.0 §4.7.6 adds,
/// with what each means for the part that was refused. A number that is in neither (vendors own
/// `0x400` to `0x4FF` and use others besides) is worth another try, because nobody can say that it
/// would end the same.
public enum CommandStatus {
    ESME_ROK(0x00, Means.ACCEPTED, FailureCode.UNKNOWN, "no error"),
    ESME_RINVMSGLEN(0x01, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the message is too long for the SMSC"),
    ESME_RINVCMDLEN(0x02, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the SMSC cannot read our PDU's length"),
    ESME_RINVCMDID(0x03, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the SMSC does not know the command"),
    ESME_RINVBNDSTS(0x04, Means.SESSION, FailureCode.NETWORK_TROUBLE, "the session is not bound for this"),
    ESME_RALYBND(0x05, Means.SESSION, FailureCode.NETWORK_TROUBLE, "already bound"),
    ESME_RINVPRTFLG(0x06, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid priority"),
    ESME_RINVREGDLVFLG(0x07, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "receipts cannot be asked for"),
    ESME_RSYSERR(0x08, Means.POSTPONED, FailureCode.NETWORK_TROUBLE, "system error of the SMSC"),
    ESME_RINVSRCADR(0x0A, Means.REFUSED, FailureCode.BARRED, "the account may not send from this number"),
    ESME_RINVDSTADR(0x0B, Means.REFUSED, FailureCode.UNKNOWN_NUMBER, "invalid destination"),
    ESME_RINVMSGID(0x0C, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid message id"),
    ESME_RBINDFAIL(0x0D, Means.SESSION, FailureCode.NETWORK_TROUBLE, "the SMSC refused the bind"),
    ESME_RINVPASWD(0x0E, Means.SESSION, FailureCode.NETWORK_TROUBLE, "wrong password"),
    ESME_RINVSYSID(0x0F, Means.SESSION, FailureCode.NETWORK_TROUBLE, "unknown system_id"),
    ESME_RCANCELFAIL(0x11, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "cancelling failed"),
    ESME_RREPLACEFAIL(0x13, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "replacing failed"),
    ESME_RMSGQFUL(0x14, Means.THROTTLED, FailureCode.NETWORK_TROUBLE, "the SMSC's queue for this account is full"),
    ESME_RINVSERTYP(0x15, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid service type"),
    ESME_RINVNUMDESTS(0x33, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid number of destinations"),
    ESME_RINVDLNAME(0x34, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid distribution list"),
    ESME_RINVDESTFLAG(0x40, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid destination flag"),
    ESME_RINVSUBREP(0x42, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "replacing is not possible"),
    ESME_RINVESMCLASS(0x43, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the SMSC does not take this esm_class"),
    ESME_RCNTSUBDL(0x44, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "cannot send to a distribution list"),
    ESME_RSUBMITFAIL(0x45, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the SMSC refused the message"),
    ESME_RINVSRCTON(0x48, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid type of the sending number"),
    ESME_RINVSRCNPI(
            0x49, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid numbering plan of the sending number"),
    ESME_RINVDSTTON(0x50, Means.REFUSED, FailureCode.UNKNOWN_NUMBER, "invalid type of the destination number"),
    ESME_RINVDSTNPI(0x51, Means.REFUSED, FailureCode.UNKNOWN_NUMBER, "invalid numbering plan of the destination"),
    ESME_RINVSYSTYP(0x53, Means.SESSION, FailureCode.NETWORK_TROUBLE, "invalid system_type"),
    ESME_RINVREPFLAG(0x54, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid replace flag"),
    ESME_RINVNUMMSGS(0x55, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid number of messages"),
    ESME_RTHROTTLED(0x58, Means.THROTTLED, FailureCode.NETWORK_TROUBLE, "faster than the SMSC permits"),
    ESME_RINVSCHED(0x61, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid delivery time"),
    ESME_RINVEXPIRY(0x62, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid validity"),
    ESME_RINVDFTMSGID(0x63, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid predefined message"),
    ESME_RX_T_APPN(0x64, Means.POSTPONED, FailureCode.NETWORK_TROUBLE, "temporary trouble at the receiver"),
    ESME_RX_P_APPN(0x65, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "refused by the receiver for good"),
    ESME_RX_R_APPN(0x66, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "rejected by the receiver"),
    ESME_RQUERYFAIL(0x67, Means.POSTPONED, FailureCode.NETWORK_TROUBLE, "query failed"),
    ESME_RINVTLVSTREAM(0xC0, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the SMSC cannot read our parameters"),
    ESME_RTLVNOTALLWD(0xC1, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "a parameter is not allowed"),
    ESME_RINVTLVLEN(0xC2, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "a parameter has the wrong length"),
    ESME_RMISSINGTLV(0xC3, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "a parameter is missing"),
    ESME_RINVTLVVAL(0xC4, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "a parameter has an invalid value"),
    ESME_RDELIVERYFAILURE(0xFE, Means.REFUSED, FailureCode.UNREACHABLE, "delivery failed"),
    ESME_RUNKNOWNERR(0xFF, Means.POSTPONED, FailureCode.NETWORK_TROUBLE, "unknown error"),
    ESME_RSERTYPUNAUTH(0x100, Means.REFUSED, FailureCode.BARRED, "the account may not use this service type"),
    ESME_RPROHIBITED(0x101, Means.REFUSED, FailureCode.BARRED, "the account may not do this"),
    ESME_RSERTYPUNAVAIL(0x102, Means.POSTPONED, FailureCode.NETWORK_TROUBLE, "the service is not available"),
    ESME_RSERTYPDENIED(0x103, Means.REFUSED, FailureCode.BARRED, "the service is denied"),
    ESME_RINVDCS(0x104, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "the SMSC does not take this data_coding"),
    ESME_RINVSRCADDRSUBUNIT(0x105, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid source subunit"),
    ESME_RINVDSTADDRSUBUNIT(0x106, Means.REFUSED, FailureCode.REFUSED_BY_NETWORK, "invalid destination subunit");

    /// What to do with the part.
    enum Means {
        ACCEPTED,
        /// Another try would end the same.
        REFUSED,
        /// Later, with backoff.
        POSTPONED,
        /// We are too fast. It says nothing of the part.
        THROTTLED,
        /// The session is at fault and not the part.
        SESSION
    }

    private static final Map<Integer, CommandStatus> BY_NUMBER =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(CommandStatus::number, status -> status));

    private final int number;
    private final Means means;
    private final FailureCode code;
    private final String words;

    CommandStatus(int number, Means means, FailureCode code, String words) {
        this.number = number;
        this.means = means;
        this.code = code;
        this.words = words;
    }

    public int number() {
        return number;
    }

    public static Optional<CommandStatus> of(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    static boolean means(int number, Means means) {
        return of(number).filter(status -> status.means == means).isPresent();
    }

    /// The name and the number, as an operator would look them up: `ESME_RTHROTTLED (0x00000058)`.
    static String named(int number) {
        return of(number).map(CommandStatus::name).orElse("unknown status") + " (0x%08X)".formatted(number);
    }

    static String sentence(int number) {
        return named(number) + of(number).map(status -> ": " + status.words).orElse("");
    }

    /// What a `submit_sm_resp` with this status, or a `generic_nack` in its place, makes of the
    /// part.
    ///
    /// @param messageId the SMSC's id of the message, where there is one
    static SubmitOutcome outcomeOf(int number, Optional<String> messageId) {
        var network = Optional.of(number);
        var status = BY_NUMBER.get(number);
        if (status == null) {
            return new SubmitOutcome.Postponed(FailureCode.REFUSED_BY_NETWORK, network, sentence(number));
        }
        return switch (status.means) {
            case ACCEPTED -> new SubmitOutcome.Accepted(messageId);
            case REFUSED -> new SubmitOutcome.Refused(status.code, network, sentence(number));
            case POSTPONED, THROTTLED -> new SubmitOutcome.Postponed(status.code, network, sentence(number));
            case SESSION -> new SubmitOutcome.NotHandedOver(sentence(number));
        };
    }
}
