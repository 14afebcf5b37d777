package dev.parley.sim.modem;

import dev.parley.sms.Address;
import java.util.function.IntConsumer;

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

    /// What a command does that reads and sets one number from 0 to `max`.
    static Reply number(Command command, int max, int now, IntConsumer set) {
        return switch (command.form()) {
            case READ -> Reply.Ok.of(command.name() + ": " + now);
            case TEST -> Reply.Ok.of(command.name() + ": (0" + (max == 1 ? "," : "-") + max + ")");
            case SET, EXECUTE -> {
                int wanted = command.number(0, 0);
                if (wanted < 0 || wanted > max) {
                    yield Reply.WRONG;
                }
                set.accept(wanted);
                yield Reply.OK;
            }
        };
    }
}
