package dev.parley.modem;

import dev.parley.at.Command;
import dev.parley.at.Cpms;
import dev.parley.at.Final;
import dev.parley.at.SimState;
import dev.parley.at.Stored;
import dev.parley.link.Inbound;
import dev.parley.link.LinkKind;
import dev.parley.link.LinkListener;
import dev.parley.modem.Notes.Slot;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what the modem has received: to the listener first, who commits it, and only then off the modem.
///
/// ```
///   stored:   +CMGR, +CMGL ──▶ received() ──▶ +CMGD ──OK──▶ released()
///   direct:   +CMT,  +CDS  ──▶ received() ──▶ +CNMA ──OK──▶ released()
/// ```
///
/// Where a deletion or an acknowledgement is not confirmed, nothing is released, so that the same copy is recognised
/// when it comes again.
final class Mailbox {
    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    private static final HexFormat HEX = HexFormat.of();

    /// A full memory on a slow SIM takes its time: so many times that of a plain command.
    private static final int LISTING = 6;

    /// How long to leave a listener alone that cannot commit: doubled each time, up to the second.
    private static final Duration BACKOFF = Duration.ofMillis(500);

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(30);

    private static final Duration DELETE_AGAIN = Duration.ofSeconds(10);

    /// A listing that may have been cut off (the grammar keeps so many answers) tells nothing of what it does not show.
    private static final int WHOLE_LISTING_MAX = 1_000;

    private static final int MISSES_MAX = 3;

    /// The last slot that is read one by one.
    private static final int SLOT_MAX = 500;

    private final String link;
    private final Modem modem;
    private final LinkListener listener;
    private final Clock clock;
    private final Map<String, Long> unreleased;
    private final List<String> memories;
    private final Optional<Cpms.Choice> choice;
    private final boolean acknowledges;
    private String selected;
    private long notBefore = System.nanoTime();
    private Duration backoff = BACKOFF;

    /// Memories with something that could not be read or deleted, and when to try that again.
    private final Set<String> again = new LinkedHashSet<>();

    private final Map<String, Integer> misses = new HashMap<>();
    private long againAt;
    private boolean acknowledgementFailed;
    private Optional<Cpms.Usage> usage = Optional.empty();

    /// @param unreleased receipts by place of what was committed and not confirmed as deleted; outlives connections
    /// @param memories the memories to empty, the main one first; empty where the modem has none
    /// @param acknowledges whether the modem waits for `+CNMA` after what it hands over directly (`+CSMS: 1`)
    Mailbox(
            String link,
            Modem modem,
            LinkListener listener,
            Clock clock,
            Map<String, Long> unreleased,
            List<String> memories,
            Optional<Cpms.Choice> choice,
            boolean acknowledges) {
        this.link = link;
        this.modem = modem;
        this.listener = listener;
        this.clock = clock;
        this.unreleased = unreleased;
        this.memories = List.copyOf(memories);
        this.choice = choice;
        this.acknowledges = acknowledges;
        this.selected = memories.isEmpty() ? "" : memories.getFirst();
    }

    /// How long until there is something to take; zero for now, empty if only the modem can say so.
    Optional<Duration> dueIn() {
        var now = System.nanoTime();
        var mail = modem.notes().mail() ? Math.max(0, notBefore - now) : Long.MAX_VALUE;
        var undeleted = again.isEmpty() ? Long.MAX_VALUE : Math.max(0, againAt - now);
        var next = Math.min(mail, undeleted);
        return next == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofNanos(next));
    }

    /// How full the main memory was when it was last looked at.
    Optional<Cpms.Usage> usage() {
        return usage;
    }

    /// True once after an acknowledgement failed or was late: the modem may have stopped direct delivery by itself
    /// (TS 27.005 §3.4.4) and has to be told again how to tell of messages.
    boolean tookAcknowledgementFailed() {
        var was = acknowledgementFailed;
        acknowledgementFailed = false;
        return was;
    }

    /// Takes what is there, until there is no more or the listener cannot commit.
    void empty() throws PortGone, Ended {
        if (!again.isEmpty() && System.nanoTime() - againAt >= 0) {
            again.forEach(modem.notes()::listLater);
            again.clear();
        }
        try {
            takeDirect();
            for (var slot = modem.notes().takeSlot();
                    slot.isPresent();
                    slot = modem.notes().takeSlot()) {
                takeSlot(slot.get());
                takeDirect();
            }
            if (modem.notes().takeEverything()) {
                memories.forEach(modem.notes()::listLater);
            }
            for (var memory = modem.notes().takeMemory();
                    memory.isPresent();
                    memory = modem.notes().takeMemory()) {
                takeAll(memory.get());
                takeDirect();
            }
            backoff = BACKOFF;
        } catch (LinkListener.NotNow e) {
            log.warn("link={} cannot store what was received, tries again: {}", link, e.getMessage());
            notBefore = System.nanoTime() + backoff.toNanos();
            backoff = backoff.multipliedBy(2).compareTo(BACKOFF_MAX) < 0 ? backoff.multipliedBy(2) : BACKOFF_MAX;
        }
    }

    // Handed over directly

    private void takeDirect() throws PortGone, Ended, LinkListener.NotNow {
        var left = modem.notes().directCount();
        var refused = false;
        for (; left > 0; left--) {
            var direct = modem.notes().firstDirect().orElseThrow();
            var receipt = offer(
                    octetsOf(direct.digits()), direct.broadcast() ? Optional.of(Broadcasts.MEMORY) : Optional.empty());
            modem.notes().takeFirstDirect();
            if (receipt.isEmpty()) {
                modem.notes().keep(direct); // it lies nowhere else
                refused = true;
            } else if (direct.broadcast()) {
                modem.notes().broadcasts().took(direct.digits());
                listener.released(receipt.get());
            } else if (!acknowledges) {
                // Without +CSMS: 1 there is nothing to acknowledge: the network has forgotten it already.
                listener.released(receipt.get());
            } else if (direct.fresh()) {
                acknowledge(receipt.get());
            }
        }
        if (refused) {
            throw new LinkListener.NotNow("a message could not be taken", new IllegalStateException("see above"));
        }
    }

    private void acknowledge(long receipt) throws PortGone, Ended {
        var result = modem.ask("AT+CNMA");
        if (result.ok()) {
            listener.released(receipt);
        } else {
            // Too late, or not needed (+CMS ERROR: 340). If the network repeats the message, it is recognised.
            log.info("link={} the acknowledgement of a message was not taken: {}", link, result.words());
            acknowledgementFailed = true;
        }
    }

    // Stored

    private void takeSlot(Slot slot) throws PortGone, Ended, LinkListener.NotNow {
        if (Cpms.isShownBy(memories, slot.memory())) {
            // Taken from there: it would count as another message here and there.
            modem.notes().listEverything();
            return;
        }
        try {
            if (!select(slot.memory())) {
                modem.notes().listEverything();
                return;
            }
            var result = modem.ask(Command.pdus("AT+CMGR=" + slot.index()), listing());
            var stored = Stored.read(result);
            if (stored.isPresent()) {
                take(slot, stored.get());
            } else if (result.ok() || isEmptySlot(result)) {
                forget(slot);
            } else {
                log.debug("link={} place={} cannot be read: {}", link, slot.place(), result.words());
                readAgain(slot.memory());
            }
        } catch (LinkListener.NotNow e) {
            modem.notes().listLater(slot.memory());
            throw e;
        }
    }

    private void takeAll(String memory) throws PortGone, Ended, LinkListener.NotNow {
        if (memory.equals("SR") && !memories.contains(memory)) {
            return;
        }
        if (Cpms.isShownBy(memories, memory)) {
            memories.forEach(modem.notes()::listLater);
            return;
        }
        if (!select(memory)) {
            return;
        }
        try {
            var result = modem.ask(Command.pdus("AT+CMGL=4"), listing());
            if (!result.ok()) {
                log.debug("link={} cannot list {}: {}", link, memory, result.words());
                if (!(result instanceof Final.Silence) && passes(result)) {
                    readAgain(memory);
                } else {
                    takeEach(memory);
                }
                return;
            }
            misses.remove(memory);
            var listed = Stored.listed(result);
            if (listed.size() < WHOLE_LISTING_MAX) {
                releaseOthers(
                        memory,
                        listed.stream()
                                .filter(stored -> stored.index().isPresent())
                                .map(stored -> new Slot(memory, stored.index().getAsInt()).place())
                                .collect(Collectors.toSet()));
            }
            for (var stored : listed) {
                modem.checkLeave();
                if (stored.index().isPresent()) {
                    take(new Slot(memory, stored.index().getAsInt()), stored);
                }
            }
        } catch (LinkListener.NotNow e) {
            modem.notes().listLater(memory);
            throw e;
        }
        look();
    }

    private static boolean isEmptySlot(Final result) {
        return result instanceof Final.CmsError(int code, var _) && code == 321;
    }

    /// Has a memory listed soon that could not be read just now; after some tries the next sweep has
    /// to do.
    private void readAgain(String memory) {
        if (misses.merge(memory, 1, Integer::sum) > MISSES_MAX) {
            misses.remove(memory);
            return;
        }
        again.add(memory);
        againAt = System.nanoTime() + modem.pace().recheck().toNanos();
    }

    /// Silence, or a SIM that is busy with something else.
    private static boolean passes(Final result) {
        return result instanceof Final.Silence
                || SimState.of(result).filter(SimState.BUSY::equals).isPresent();
    }

    /// Reads slot by slot where a listing is refused or breaks off, until as many were found as the
    /// memory holds.
    private void takeEach(String memory) throws PortGone, Ended, LinkListener.NotNow {
        var held = Cpms.usage(modem.ask("AT+CPMS?"));
        if (held.isEmpty()) {
            return;
        }
        var left = held.get().used();
        var last = Math.min(held.get().total(), SLOT_MAX);
        for (var index = 0; index <= last && left > 0; index++) { // some count from 0, some from 1
            modem.checkLeave();
            var stored = Stored.read(modem.ask(Command.pdus("AT+CMGR=" + index), listing()));
            if (stored.isPresent()) {
                left--;
                take(new Slot(memory, index), stored.get());
            }
        }
        look();
    }

    private void take(Slot slot, Stored stored) throws PortGone, Ended, LinkListener.NotNow {
        if (stored.outgoing()) {
            return; // somebody's draft
        }
        if (!stored.plausible() && isHex(stored.pdu())) {
            log.debug("link={} place={} holds the image of a free record", link, slot.place());
            return;
        }
        if (!stored.plausible() && !sameAgain(slot, stored)) {
            return; // read wrongly; the next sweep finds it
        }
        var broadcast = slot.memory().equals(Broadcasts.MEMORY);
        if (!broadcast || modem.notes().broadcasts().isNew(stored.pdu())) {
            var receipt = offer(octetsOf(stored.pdu()), Optional.of(slot.place()));
            if (receipt.isEmpty()) {
                return;
            }
            unreleased.put(slot.place(), receipt.get());
            if (broadcast) {
                modem.notes().broadcasts().took(stored.pdu());
            }
        }
        if (!select(slot.memory())) {
            return;
        }
        var result = modem.ask(Command.of("AT+CMGD=" + slot.index()), listing());
        if (result.ok() || isEmptySlot(result)) {
            forget(slot);
        } else if (broadcast) {
            log.debug("link={} place={} cannot be deleted: {}", link, slot.place(), result.words());
        } else {
            log.warn("link={} place={} cannot be deleted: {}", link, slot.place(), result.words());
            again.add(slot.memory());
            againAt = System.nanoTime() + DELETE_AGAIN.toNanos();
        }
    }

    /// What is no PDU is kept as the text it came as, but only if it is read twice: an octet may get lost on a serial
    /// line, and the message in the slot is then as good as ever.
    private boolean sameAgain(Slot slot, Stored stored) throws PortGone, Ended {
        var again = Stored.read(modem.ask(Command.pdus("AT+CMGR=" + slot.index()), listing()));
        return again.filter(second -> second.pdu().equals(stored.pdu())).isPresent();
    }

    /// Hands it to the listener.
    ///
    /// @return empty if the listener failed on this one; it stays where it is, and the others go on
    private Optional<Long> offer(byte[] octets, Optional<String> place) throws LinkListener.NotNow {
        try {
            return Optional.of(listener.received(new Inbound(link, LinkKind.MODEM, octets, place, clock.instant())));
        } catch (RuntimeException e) {
            log.error("link={} place={} could not be taken", link, place.orElse("direct"), e);
            return Optional.empty();
        }
    }

    /// The octets of a PDU; of what is no PDU, those of its characters, which no decoder takes for one: an SMSC's
    /// address is at most 12 octets long, and every printable character is a larger number.
    private static byte[] octetsOf(String digits) {
        return isHex(digits) ? HEX.parseHex(digits) : digits.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean isHex(String digits) {
        return digits.length() >= 2
                && digits.length() % 2 == 0
                && digits.chars().allMatch(HexFormat::isHexDigit);
    }

    private void forget(Slot slot) {
        var receipt = unreleased.remove(slot.place());
        if (receipt != null) {
            listener.released(receipt);
        }
    }

    /// What was committed, and whose deletion was not confirmed, and which is not there any more, is gone.
    private void releaseOthers(String memory, Set<String> places) {
        var gone = unreleased.keySet().stream()
                .filter(place -> place.startsWith(memory + ":") && !places.contains(place))
                .toList();
        for (var place : gone) {
            var receipt = unreleased.remove(place);
            if (receipt != null) {
                listener.released(receipt);
            }
        }
    }

    // Memories

    private Duration listing() {
        return modem.pace().answer().multipliedBy(LISTING);
    }

    private String main() {
        return memories.isEmpty() ? "" : memories.getFirst();
    }

    /// Makes it the memory that is read and deleted from.
    private boolean select(String memory) throws PortGone, Ended {
        if (memory.equals(selected)) {
            return true;
        }
        var result = modem.ask("AT+CPMS=\"" + memory + "\"");
        if (result.ok()) {
            selected = memory;
            return true;
        }
        log.debug("link={} cannot use the memory {}: {}", link, memory, result.words());
        if (passes(result)) {
            readAgain(memory);
        }
        return false;
    }

    /// Goes back to the main memory, as some modems put what arrives into the one that is read, and looks how full it
    /// is.
    void look() throws PortGone, Ended {
        if (choice.isEmpty() || memories.isEmpty()) {
            return;
        }
        select(main());
        var before = usage.filter(Cpms.Usage::nearlyFull).isPresent();
        usage = Cpms.usage(modem.ask("AT+CPMS?"));
        if (usage.flatMap(Cpms.Usage::memory)
                .filter(named -> !named.equals(main()))
                .isPresent()) {
            // Whoever has changed it: what is read by number would be another message.
            log.debug("link={} the modem reads {}, not {}", link, usage.get().memory(), main());
            var _ = modem.ask(choice.get().command(), listing());
        }
        if (!before && usage.filter(Cpms.Usage::nearlyFull).isPresent()) {
            log.warn(
                    "link={} the message storage {} is nearly full: {} of {}",
                    link,
                    main(),
                    usage.get().used(),
                    usage.get().total());
        }
    }
}
