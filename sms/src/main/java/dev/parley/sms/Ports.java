package dev.parley.sms;

/// Application port addressing (3GPP TS 23.040 §9.2.3.24.3 and §9.2.3.24.4): the message is for a
/// program.
public record Ports(int destination, int source) {

    /// WAP push, connectionless (OMA-WDP, IANA `wap-push`), and the same with WTLS.
    private static final int WAP_PUSH = 2948;

    private static final int WAP_PUSH_SECURE = 2949;

    public boolean isWapPush() {
        return destination == WAP_PUSH || destination == WAP_PUSH_SECURE;
    }
}
