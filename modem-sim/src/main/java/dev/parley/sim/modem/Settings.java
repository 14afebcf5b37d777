package dev.parley.sim.modem;

import dev.parley.sms.Address;

/// What programs have set, as a stick has it after power-on or `ATZ`.
final class Settings {

    // V.250
    boolean echo = true;
    boolean verbose = true;
    boolean quiet;

    // TS 27.007
    int cmee;
    Charset charset = Charset.GSM;
    int creg;
    int cgreg;
    int cereg;
    int copsFormat;
    int cusd;

    // TS 27.005
    int cmgf;
    int csdh;
    int csms;
    int cmms;
    int cnmiMode;
    int cnmiText;
    int cnmiBroadcast;
    int cnmiReport;
    int cnmiBuffer;
    String memoryRead = "SM";
    String memoryWrite = "SM";
    String memoryReceive = "SM";
    int firstOctet = 17;
    int validity = 167;
    int pid;
    int dcs;
    Address smsc = Address.ofNumber(Identity.SMSC);
}
