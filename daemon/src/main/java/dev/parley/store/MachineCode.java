package dev.parley.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Which processor a program is for, as its ELF header says (System V ABI, chapter 4: `EI_DATA` is octet 5,
/// `e_machine` octets 18 and 19). A program for another one would be unpacked, and then fail with "Exec
/// format error", which tells nobody what to do.
enum MachineCode {
    X86_64(0x3E, "amd64"),
    AARCH64(0xB7, "aarch64");

    private static final byte[] MAGIC = {0x7F, 'E', 'L', 'F'};
    private static final int HEADER = 20;
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
        var header = program.readNBytes(HEADER);
        if (header.length < HEADER) {
            return Optional.empty();
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (header[i] != MAGIC[i]) {
                return Optional.empty();
            }
        }
        int low = header[DATA] == BIG_ENDIAN ? 19 : 18;
        int machine = (header[low] & 0xFF) | (header[low == 18 ? 19 : 18] & 0xFF) << 8;
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
