package dev.parley.sim.modem;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Command lines by ITU-T V.250 §5: what stands behind `AT`, and the commands in it.
class CommandTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            E0                          | E EXECUTE 0
            E0V1Q0                      | E EXECUTE 0, V EXECUTE 1, Q EXECUTE 0
            &F&D2                       | &F EXECUTE, &D EXECUTE 2
            S0=1S3?                     | S EXECUTE 0=1, S EXECUTE 3?
            +cpin?                      | +CPIN READ
            +CMGF=0;+CNMI=2,1           | +CMGF SET 0, +CNMI SET 2,1
            E0+CMEE=1;+CREG?;I          | E EXECUTE 0, +CMEE SET 1, +CREG READ, I EXECUTE
            +CUSD=1,"*1;2#",15;+CSQ     | +CUSD SET 1,"*1;2#",15, +CSQ EXECUTE
            +CPMS=?                     | +CPMS TEST
            ^SYSINFO                    | ^SYSINFO EXECUTE
            D+12025550111;              | D EXECUTE +12025550111;
            """)
    void reads(String line, String commands) {
        assertEquals(
                commands,
                Command.read(line).orElseThrow().stream()
                        .map(command -> (command.name() + " " + command.form() + " " + command.value()).strip())
                        .collect(Collectors.joining(", ")));
    }

    @Test
    void refusesWhatIsNoCommand() {
        assertTrue(Command.read("=1").isEmpty());
    }

    @Test
    void splitsValuesAtCommasOutsideOfStrings() {
        var command = Command.read("+CPBW=1,\"+1202\",145,\"Doe, Jane\",")
                .orElseThrow()
                .getFirst();
        assertEquals(List.of("1", "+1202", "145", "Doe, Jane", ""), command.values());
        assertEquals(145, command.number(2, 0));
        assertEquals(7, command.number(4, 7));
        assertEquals(-1, command.number(3, 0));
    }
}
