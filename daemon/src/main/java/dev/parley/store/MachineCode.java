package dev.parley.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// Which processor a program is for, as its ELF header says (System V ABI, chapter 4: `EI_DATA` is octet 5,
/// `e_machine` octets 18 and 19). A program for another one would be unpacked, and then fail with "Exec
/// format error", which tells nobody what to do.
enum MachineCode {
    X86_64(0x3E, "amd64"),
    AARCH64(0xB7, "aarch64");

    private static final byte[] MAGIC = {0x7F, 'E', 'L', 'F'};
    private static final int MACHINE = 18;
    private static final int DATA = 5;
    private static final int BIG_ENDIAN = 2;

    private final int machine;

    /// As Java's property `os.arch` calls the processor.
    private final String arch;

    MachineCode(int machine, String arch) {
        this.machine = machine;
        this.arch = arch;
    }

    /// What is to be told of a program that cannot run here; empty where it can, and where its header
    /// says nothing that is known, such as that of a macOS program.
    ///
    /// @param arch of this machine, as `os.arch` says it
    static Optional<String> misfit(InputStream program, String arch) throws IOException {
        var header = program.readNBytes(MACHINE + 2);
        if (header.length < MACHINE + 2 || !Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        var order = header[DATA] == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int machine = Short.toUnsignedInt(ByteBuffer.wrap(header).order(order).getShort(MACHINE));
        for (var known : values()) {
            if (known.machine == machine) {
                return known.arch.equals(arch)
                        ? Optional.empty()
                        : Optional.of("The database that Parley brings is for " + known.arch + " processors, and this"
                                + " one is " + arch
                                + ". Install MariaDB (apt-get install mariadb-server) and name it in"
                                + " database.url instead of database.embedded.");
            }
        }
        return Optional.empty();
    }
}
