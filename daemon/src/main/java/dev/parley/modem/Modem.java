package dev.parley.modem;

import dev.parley.at.Command;
import dev.parley.at.Final;
import java.time.Duration;

/// The modem as its owner talks to it: a [Dialogue] that notices when there is nobody to talk to any
/// more, and when there is a reason to stop.
record Modem(String link, ModemSettings settings, Dialogue dialogue, Lasting lasting, ModemLink.Owner owner) {
    /// An `AT` after a silence that was too long.
    private static final int TRIES = 3;

    /// `+CFUN` and what else touches the network or the SIM: so many times the time of a plain command.
    private static final int SLOW = 4;

    Notes notes() {
        return lasting.notes;
    }

    ModemSettings.Pace pace() {
        return settings.pace();
    }

    /// Runs a plain command.
    Final ask(String command) throws PortGone, Ended {
        return ask(Command.of(command), pace().answer());
    }

    /// Runs a command that touches the network or the SIM.
    Final askSlowly(Command command) throws PortGone, Ended {
        return ask(command, pace().answer().multipliedBy(SLOW));
    }

    /// Runs a command. A result of [Final.Silence] means that this command was not answered, but that
    /// the modem still answers `AT`.
    ///
    /// @throws Ended if the modem answers nothing any more, or has started anew
    Final ask(Command command, Duration limit) throws PortGone, Ended {
        var result = dialogue.command(command, limit);
        if (result instanceof Final.Silence(var answers) && answers.isEmpty()) {
            stillThere();
        }
        stillTheSame();
        return result;
    }

    /// Asks whether anybody is there.
    ///
    /// @throws Ended if the modem answers nothing any more
    void stillThere() throws PortGone, Ended {
        if (!dialogue.answers(TRIES, pace().answer())) {
            throw new Ended(Ended.Next.SILENT);
        }
        stillTheSame();
    }

    /// Looks whether the settings still hold.
    ///
    /// @throws Ended if the modem has started anew
    void stillTheSame() throws Ended {
        if (dialogue.booted()) {
            throw new Ended(Ended.Next.START_OVER);
        }
    }

    /// Waits for so long, whatever octets come meanwhile: what is asked again is asked at its pace and
    /// no faster. URCs are noted as ever.
    void pause(Duration time) throws PortGone, Ended {
        var until = System.nanoTime() + time.toNanos();
        for (var left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            idle(Duration.ofNanos(left));
        }
    }

    /// Waits for something to happen, at most for so long.
    void idle(Duration limit) throws PortGone, Ended {
        owner.check();
        dialogue.idle(limit);
        owner.check();
        stillTheSame();
    }
}
