package dev.parley.modem;

import dev.parley.at.Creg;
import dev.parley.at.Cusd;
import dev.parley.at.SimState;
import dev.parley.at.Urc;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the modem told unasked, until its owner gets to it. It outlives the connection: a message that
/// came directly and could not be committed yet lies nowhere else.
final class Notes {
    private static final Logger log = LoggerFactory.getLogger(Notes.class);

    /// Most slots remembered one by one; beyond that the memories are listed, which finds them all.
    private static final int SLOTS_MAX = 256;

    /// Most messages held that came directly. A modem that waits for `+CNMA` sends no second one before;
    /// the others can send what the air carries in the time that the database is away, about twenty a
    /// minute.
    private static final int DIRECT_MAX = 1_000;

    /// A place in a memory of the modem.
    ///
    /// @param report whether the modem told of it as of a status report's: then nothing else may be
    /// taken from there, as some name the wrong memory
    record Slot(String memory, int index, boolean report) {
        Slot(String memory, int index) {
            this(memory, index, false);
        }

        String place() {
            return memory + ":" + index;
        }
    }

    /// A message that came whole.
    ///
    /// @param fresh whether it came over this connection, from a modem that did not start anew since;
    /// only then can the modem wait for its `+CNMA`, which would be taken for the next message's
    /// otherwise
    /// @param broadcast whether it is a page of a cell broadcast, which nobody acknowledges
    record Direct(String digits, boolean fresh, boolean broadcast) {}

    private final String link;
    private final SequencedSet<Slot> slots = new LinkedHashSet<>();
    private final SequencedSet<String> memories = new LinkedHashSet<>();
    private final List<Direct> direct = new ArrayList<>();
    private boolean everything;
    private boolean tells;

    /// The pages taken so far.
    final Broadcasts broadcasts = new Broadcasts();

    final Once<Urc.Ready> smsReady = new Once<>();
    final Once<Creg> registration = new Once<>();
    final Once<SimState> sim = new Once<>();
    final Once<Urc.LateSubmission> lateSubmission = new Once<>();
    final Once<Cusd> ussd = new Once<>();

    Notes(String link) {
        this.link = link;
    }

    /// The dialogue begins from its start, on a connection that there may have been before.
    void begin() {
        tells = false;
        smsReady.take();
        registration.take();
        sim.take();
        lateSubmission.take();
    }

    /// Nothing that came so far can be acknowledged any more.
    void disconnected() {
        direct.replaceAll(held -> new Direct(held.digits(), false, held.broadcast()));
    }

    void take(Urc urc) {
        switch (urc) {
            case Urc.MessageStored(var memory, var index) -> stored(memory, index);
            case Urc.ReportStored(var memory, var index) -> reportStored(memory, index);
            case Urc.Message(var pdu) -> direct(pdu);
            case Urc.Report(var pdu) -> direct(pdu);
            case Urc.Registration(var status) -> registration.tell(status);
            case Urc.MemoryFull(var line) -> {
                log.warn("link={} the modem says that its message storage is full: {}", link, line);
                everything = true;
            }
            case Urc.Ready ready -> smsReady.tell(ready);
            case Urc.Sim(var state) -> sim.tell(state);
            case Urc.LateSubmission late -> lateSubmission.tell(late);
            case Urc.Booted(var line) -> {
                log.info("link={} the modem started anew ({})", link, line);
                disconnected();
            }
            case Urc.Ussd(var told) -> ussd.tell(told);
            case Urc.Broadcast(var page) -> broadcast(page);
            case Urc.Other _ -> {}
        }
    }

    /// Not to be trusted: Quectel EC25 says "SM",0 for what lies in SR. What is told is looked at, and
    /// so is what a listing shows; some show reports by their index alone.
    private void reportStored(Optional<String> memory, Optional<Integer> index) {
        tells = true;
        if (index.isPresent() && slots.size() < SLOTS_MAX) {
            slots.add(new Slot(memory.orElse("SR"), index.get(), true));
            slots.add(new Slot("SR", index.get(), true));
        }
        memories.add("SR");
        memory.ifPresent(memories::add);
    }

    private void stored(Optional<String> memory, Optional<Integer> index) {
        tells = true;
        if (memory.isEmpty() || slots.size() >= SLOTS_MAX) {
            everything = true;
        } else if (index.isPresent()) {
            slots.add(new Slot(memory.get(), index.get()));
        } else {
            memories.add(memory.get());
        }
    }

    private void direct(String digits) {
        tells = true;
        if (direct.size() >= DIRECT_MAX) {
            log.error(
                    "link={} no room for another message that cannot be stored now; the network must repeat it", link);
            return;
        }
        direct.add(new Direct(digits, true, false));
    }

    /// Broadcasts are switched off; a modem that tells of them all the same repeats itself as its
    /// network does.
    private void broadcast(String page) {
        var held = new Direct(page, false, true);
        if (broadcasts.isNew(page) && !direct.contains(held) && direct.size() < DIRECT_MAX / 2) {
            direct.add(held);
        }
    }

    boolean mail() {
        return everything || !slots.isEmpty() || !memories.isEmpty() || !direct.isEmpty();
    }

    /// Whether the modem has told of a message since it was set up.
    boolean tells() {
        return tells;
    }

    /// What came directly, in its order.
    List<Direct> directs() {
        return List.copyOf(direct);
    }

    void keep(Direct held) {
        direct.add(held);
    }

    void took(Direct held) {
        direct.remove(held);
    }

    Optional<Slot> takeSlot() {
        return slots.isEmpty() ? Optional.empty() : Optional.of(slots.removeFirst());
    }

    /// Places told of up to now.
    Set<Slot> slots() {
        return Set.copyOf(slots);
    }

    /// It need not be read: what lay there was found.
    void found(Slot slot) {
        slots.remove(slot);
    }

    void readLater(Slot slot) {
        slots.add(slot);
    }

    Optional<String> takeMemory() {
        return memories.isEmpty() ? Optional.empty() : Optional.of(memories.removeFirst());
    }

    boolean takeEverything() {
        var was = everything;
        everything = false;
        return was;
    }

    void listLater(String memory) {
        memories.add(memory);
    }

    void listEverything() {
        everything = true;
    }
}
