package dev.parley.sms;

/// One element of a user data header (3GPP TS 23.040 §9.2.3.24).
///
/// @param identifier IEI, 0 to 255
public record InformationElement(int identifier, Octets data) {
    static final int CONCATENATED_8 = 0x00;
    static final int PORTS_8 = 0x04;
    static final int PORTS_16 = 0x05;
    static final int CONCATENATED_16 = 0x08;
    static final int SINGLE_SHIFT = 0x24;
    static final int LOCKING_SHIFT = 0x25;
}
