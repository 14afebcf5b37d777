package dev.parley.at;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// What real modems get wrong, where a value alone shows that it is met.
class TrapsTest {

    /// The causes of which the people who run gateways speak, by what is to be done.
    @ParameterizedTest
    @CsvSource(textBlock = """
            PERMANENT,  1 8 10 29 30 50 69 96 304
            TEMPORARY,  27 38 41 42 47 332 500
            NO_NETWORK, 331
            MODEM,      302 310 311 312 313 314 315 316 317 318 320 321 322 330
            """)
    void knowsWhatToDoAboutACause(CmsCause.Kind kind, String codes) {
        for (var code : codes.split(" ", -1)) {
            assertEquals(kind, CmsCause.of(Integer.parseInt(code)).kind(), code);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            17,  READY
            18,  READY
            14,  BUSY
            515, BUSY
            11,  NEEDS_PIN
            12,  NEEDS_PUK
            10,  NO_SIM
            16,  WRONG_PIN
            """)
    void readsTheStateOfTheSimFromAnError(int code, SimState state) {
        assertEquals(Optional.of(state), SimState.of(new Final.CmeError(code, "")));
    }

    @Test
    void aSecondPinIsNoHindrance() {
        for (var code : List.of("SIM PIN2", "SIM PUK2")) {
            assertEquals(Optional.of(SimState.READY), SimState.of(new Final.Ok(List.of(Answer.of(code)))));
        }
    }
}
