package dev.parley.modem;

import dev.parley.at.Cnmi;
import dev.parley.at.Command;
import dev.parley.at.Cpms;
import dev.parley.at.Final;
import dev.parley.at.SimState;
import dev.parley.modem.Arrangement.Missing;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Arranges where a modem's messages go and how it tells of them: chosen from what it offers, never
/// assumed (TS 27.005 §3.2.1, §3.2.2, §3.4.1). Arranges once; what it noted of refusals is of that time.
final class Arranger {
    private static final Logger log = LoggerFactory.getLogger(Arranger.class);

    /// No modem offers so many memories.
    private static final int CHOICES_MAX = 8;

    private final Modem modem;
    private final Dialect dialect;
    private Missing missing = Missing.NOTHING;
    private boolean placeless;

    Arranger(Modem modem, Dialect dialect) {
        this.modem = modem;
        this.dialect = dialect;
    }

    Arrangement arrange() throws PortGone, Ended {
        var csms = modem.ask("AT+CSMS=1");
        if (SimState.isBusy(csms)) {
            missing = Missing.SOON;
        }
        var offered = Cpms.offered(heard(modem.ask("AT+CPMS=?")));
        if (offered.toRead().isEmpty()) {
            later();
        }
        var before = missing;
        var choice = chosen(offered);
        if (choice.isEmpty()) {
            offered = offered.without(Cpms.BOTH);
            choice = chosen(offered);
        }
        if (choice.isEmpty()) {
            choice = used();
        }
        if (choice.isPresent() && missing == Missing.LATER && !placeless) {
            missing = before; // what it refused is not missed
        }
        var memories = choice.map(offered::toEmpty).orElse(List.of());
        var ways = Cnmi.offered(heard(modem.ask("AT+CNMI=?")));
        // Without +CSMS: 1 a report that comes directly is lost with us; one that is stored waits.
        var direct = csms.ok() || dialect.directReports() || !offered.toRead().contains("SR");
        var telling = ways.choose(direct ? List.of(1, 2, 0) : List.of(2, 1, 0));
        var tells = telling.isPresent() && tells(telling.get());
        if (telling.isEmpty()) {
            // It does not say what it can. It may tell all the same, and is not relied on.
            later();
            var _ = modem.ask("AT+CNMI=2,1,0," + (direct ? 1 : 2) + ",0").ok()
                    || modem.ask("AT+CNMI=2,1").ok();
        }
        return new Arrangement(memories, choice, csms.ok(), telling, !tells, missing);
    }

    /// Sets it and reads it back: some say `OK` and change nothing.
    ///
    /// @return whether the modem will tell of messages, as far as it says
    boolean tells(Command telling) throws PortGone, Ended {
        return heard(modem.ask(telling, modem.pace().answer())).ok() && tellsAsWanted(telling);
    }

    /// The fifth field, `bfr`, is about the moment of setting and is read back as anything.
    boolean tellsAsWanted(Command wanted) throws PortGone, Ended {
        var now = modem.ask("AT+CNMI?").firstLine().replace(" ", "");
        var fields = List.of(wanted.text().substring("AT+CNMI=".length()).split(",", -1));
        return now.isEmpty() || now.startsWith(String.join(",", fields.subList(0, Math.min(4, fields.size()))));
    }

    /// The first choice that the modem takes and that has places (§3.2.2, `<total>`). Where none has
    /// any, the first that it takes: a SIM that is not read yet may say so.
    private Optional<Cpms.Choice> chosen(Cpms.Offered offered) throws PortGone, Ended {
        var left = offered;
        var without = Optional.<Cpms.Choice>empty();
        for (var i = 0; i < CHOICES_MAX; i++) {
            var choice = left.choose();
            if (choice.isEmpty()) {
                break;
            }
            var result = first(choice.get().commands());
            if (!result.ok()) {
                break;
            }
            var memory = placeless(choice.get(), result);
            if (memory.isEmpty()) {
                return choice;
            }
            log.info("link={} the memory {} has no places", modem.link(), memory.get());
            without = without.or(() -> choice);
            left = left.without(memory.get());
        }
        if (without.isPresent()) {
            placeless = true;
            later();
            first(without.get().commands());
        }
        return without;
    }

    /// The memory of a choice that has no places, if one has not.
    private Optional<String> placeless(Cpms.Choice choice, Final result) throws PortGone, Ended {
        var told = Cpms.totals(result);
        var totals = told.isEmpty() ? Cpms.totals(modem.ask("AT+CPMS?")) : told;
        if (!totals.isEmpty() && totals.getFirst() == 0) {
            return Optional.of(choice.read());
        }
        return choice.receive().filter(_ -> totals.size() >= 3 && totals.get(2) == 0);
    }

    /// The memory that the modem reads from, where it does not say which there are (Samsung J700) or
    /// takes none of those that it has named.
    private Optional<Cpms.Choice> used() throws PortGone, Ended {
        return Cpms.usage(modem.ask("AT+CPMS?"))
                .flatMap(Cpms.Usage::memory)
                .filter(Cpms::isName)
                .map(memory -> new Cpms.Choice(memory, memory, Optional.empty()));
    }

    /// The result of the first that is taken, or of the last.
    private Final first(List<Command> commands) throws PortGone, Ended {
        var result = modem.askSlowly(commands.getFirst());
        for (var command : commands.subList(1, commands.size())) {
            if (result.ok() || SimState.isBusy(result)) {
                break;
            }
            result = modem.askSlowly(command);
        }
        return heard(result);
    }

    /// Notes what is refused.
    private Final heard(Final result) {
        if (SimState.isBusy(result)) {
            missing = Missing.SOON;
        } else if (!result.ok()) {
            later();
        }
        return result;
    }

    private void later() {
        if (missing == Missing.NOTHING) {
            missing = Missing.LATER;
        }
    }
}
