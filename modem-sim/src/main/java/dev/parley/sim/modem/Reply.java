package dev.parley.sim.modem;

import java.util.List;

/// What a command answers.
sealed interface Reply {

    Reply OK = new Ok(List.of());

    /// The command has a form or value that it does not take.
    Reply WRONG = new Cme(Cme.INCORRECT_PARAMETERS);

    /// It is done.
    ///
    /// @param lines the information text, one line each
    record Ok(List<String> lines) implements Reply {
        static Ok of(String... lines) {
            return new Ok(List.of(lines));
        }
    }

    /// `+CME ERROR` (3GPP TS 27.007 §9.2), or `ERROR` if `AT+CMEE=0`.
    record Cme(int code) implements Reply {
        static final int OPERATION_NOT_ALLOWED = 3;
        static final int OPERATION_NOT_SUPPORTED = 4;
        static final int SIM_PIN = 11;
        static final int SIM_PUK = 12;
        static final int INCORRECT_PASSWORD = 16;
        static final int INVALID_CHARACTERS = 25;
        static final int NO_NETWORK = 30;
        static final int INCORRECT_PARAMETERS = 50;
    }

    /// `+CMS ERROR` (3GPP TS 27.005 §3.2.5).
    record Cms(int code) implements Reply {
        static final int UNIDENTIFIED_SUBSCRIBER = 28;
        static final int CONGESTION = 42;
        static final int OPERATION_NOT_ALLOWED = 302;
        static final int INVALID_PDU_PARAMETER = 304;
        static final int INVALID_TEXT_PARAMETER = 305;
        static final int SIM_PIN = 311;
        static final int SIM_PUK = 316;
        static final int INVALID_MEMORY_INDEX = 321;
        static final int MEMORY_FULL = 322;
        static final int NO_NETWORK = 331;
        static final int NO_CNMA_EXPECTED = 340;
    }

    /// Waits for a body behind `> `, which Ctrl-Z ends.
    record Prompt(Body then) implements Reply {}

    /// The air interface is busy; the answer comes later.
    record OnAir(Sending sending) implements Reply {}

    /// What to do with a body.
    interface Body {
        Reply ended(String body);
    }

    /// A message on its way to the SMSC.
    interface Sending {
        /// Half of the air time is over: the SMSC gets the message, or does not.
        ///
        /// @return what to answer when the other half is over
        Reply handOver();
    }
}
