package dev.parley.modem;

import dev.parley.at.Command;
import dev.parley.at.Cpms;
import dev.parley.at.Final;
import dev.parley.at.SimState;
import dev.parley.at.Stored;
import dev.parley.link.Inbound;
import dev.parley.link.LinkListener;
import dev.parley.modem.Notes.Slot;
import dev.parley.sms.Decoded;
import dev.parley.sms.Deliver;
import dev.parley.sms.Pdu;
import dev.parley.sms.StatusReport;
import dev.parley.sms.Timestamp;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what the modem has received: to the listener first, who commits it, and only then off the
/// modem.
///
/// ```
///   stored:   +CMGR, +CMGL ─┐  by SCTS                ┌─▶ +CMGD ─▶ still there? ─▶ released()
///   direct:   +CMT,  +CDS  ─┴──────────▶ received() ──┴─▶ +CNMA ──OK──▶ released()
/// ```
///
/// What waits together is read first, then given on in the order of its SCTS, for the slots of a memory
/// say nothing of it; then deleted from the last slot to the first, because with some modems what lies
/// behind a deleted slot moves up, and another message would be deleted than the one that was read.
///
/// Where a deletion or an acknowledgement is not confirmed, nothing is released, so that the same copy
/// is recognised when it comes again.
final class Mailbox {
    private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

    /// A full memory on a slow SIM takes its time: so many times that of a plain command.
    private static final int LISTING = 6;

    /// How long to leave a listener alone that cannot commit: doubled each time, up to the second.
    private static final Duration BACKOFF = Duration.ofMillis(500);

    private static final Duration BACKOFF_MAX = Duration.ofSeconds(30);

    private static final Duration DELETE_AGAIN = Duration.ofSeconds(10);

    /// A listing that may have been cut off (the grammar keeps so many answers) tells nothing of what it
    /// does not show.
    private static final int WHOLE_LISTING_MAX = 1_000;

    private static final int MISSES_MAX = 3;

    /// The last slot that is read one by one.
    private static final int SLOT_MAX = 500;

    /// A place that was told of and is empty is looked at so many times more, after one second, two,
    /// four, …: some modems tell of a message before it can be read. The last look is half a minute
    /// after the first.
    private static final int LOOKS_MAX = 5;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /// So few digits are no beginning of a PDU.
    private static final int CUT_OFF_DIGITS_MIN = 20;

    private final Modem modem;
    private final Notes notes;
    private final Lasting lasting;
    private final LinkListener listener;
    private final Clock clock;
    private Arrangement arrangement;
    private String selected;
    private long notBefore = System.nanoTime();
    private Duration backoff = BACKOFF;

    /// Memories with something that could not be read, and when to try that again.
    private final Set<String> again = new LinkedHashSet<>();

    private final Map<String, Integer> misses = new HashMap<>();
    private long againAt;

    /// Places that were told of and are empty.
    private final Map<Slot, Look> looks = new LinkedHashMap<>();

    /// Not before then is looked after what could not be deleted.
    private long undeletedNotBefore = System.nanoTime();

    /// Memories of which a deletion was seen to delete.
    private final Set<String> deletes = new HashSet<>();

    /// What lay there when the modem was set up was told to others, or to nobody.
    private boolean settled;

    private Optional<Cpms.Usage> usage = Optional.empty();

    /// An acknowledgement that failed or was late: the modem may have stopped direct delivery by itself
    /// (TS 27.005 §3.4.4) and has to be told again how to tell of messages.
    final Once<Final> unacknowledged = new Once<>();

    /// The memory where messages lay untold, of a modem that says that it tells and has told of none since
    /// it was set up.
    final Once<String> untold = new Once<>();

    /// A place that is to be looked at again.
    private record Look(int looks, long at) {}

    /// Something that was read and is to be given on.
    ///
    /// @param broadcast whether it is a page of a cell broadcast
    /// @param sentAt when the SMSC got it; what has no such time comes behind all that has
    private record Found(
            String digits, Optional<Slot> slot, Optional<Notes.Direct> direct, boolean broadcast, Instant sentAt) {

        Found(String digits, Optional<Slot> slot, Optional<Notes.Direct> direct, boolean broadcast) {
            this(digits, slot, direct, broadcast, broadcast ? Instant.MAX : Mailbox.sentAt(digits));
        }

        static Found of(Notes.Direct direct) {
            return new Found(direct.digits(), Optional.empty(), Optional.of(direct), direct.broadcast());
        }

        static Found of(Slot slot, String digits) {
            return new Found(
                    digits, Optional.of(slot), Optional.empty(), slot.memory().equals(Broadcasts.MEMORY));
        }
    }

    Mailbox(Modem modem, LinkListener listener, Clock clock, Arrangement arrangement) {
        this.modem = modem;
        this.notes = modem.notes();
        this.lasting = modem.lasting();
        this.listener = listener;
        this.clock = clock;
        this.arrangement = arrangement;
        this.selected = main();
    }

    /// From now on messages go there; the modem reads the main memory.
    void arrange(Arrangement other) {
        arrangement = other;
        selected = main();
    }

    /// How long until there is something to take; zero for now, empty if only the modem can say so.
    Optional<Duration> dueIn() {
        var times = LongStream.builder();
        if (notes.mail()) {
            times.add(notBefore);
        }
        if (!again.isEmpty()) {
            times.add(againAt);
        }
        looks.values().forEach(look -> times.add(look.at));
        undeletedAt().ifPresent(times::add);
        var now = System.nanoTime();
        return times.build()
                .mapToObj(at -> Duration.ofNanos(Math.max(0, at - now)))
                .min(Comparator.naturalOrder());
    }

    /// When to look after what could not be deleted; empty if all was.
    private Optional<Long> undeletedAt() {
        return lasting.undeleted.nextAt().map(at -> Math.max(at, undeletedNotBefore));
    }

    /// How full the main memory was when it was last looked at.
    Optional<Cpms.Usage> usage() {
        return usage;
    }

    /// Takes what is there, until there is no more or the listener cannot commit.
    void empty() throws PortGone, Ended {
        var now = System.nanoTime();
        if (!again.isEmpty() && now - againAt >= 0) {
            again.forEach(notes::listLater);
            again.clear();
        }
        if (undeletedAt().filter(at -> now - at >= 0).isPresent()) {
            undeletedNotBefore = now + DELETE_AGAIN.toNanos();
            notes.listEverything();
        }
        looks.forEach((slot, look) -> {
            if (now - look.at >= 0) {
                notes.readLater(slot);
            }
        });
        try {
            giveOn(gathered());
            backoff = BACKOFF;
        } catch (LinkListener.NotNow e) {
            log.warn("link={} cannot store what was received, tries again: {}", modem.link(), e.getMessage());
            notBefore = System.nanoTime() + backoff.toNanos();
            backoff = backoff.multipliedBy(2).compareTo(BACKOFF_MAX) < 0 ? backoff.multipliedBy(2) : BACKOFF_MAX;
        }
    }

    // Reading

    /// Everything that waits, by when it was sent.
    private List<Found> gathered() throws PortGone, Ended {
        var found = new LinkedHashMap<String, Found>();
        for (var slot = notes.takeSlot(); slot.isPresent(); slot = notes.takeSlot()) {
            readSlot(slot.get()).forEach(one -> found.put(place(one), one));
        }
        if (notes.takeEverything()) {
            arrangement.memories().forEach(notes::listLater);
        }
        for (var memory = notes.takeMemory(); memory.isPresent(); memory = notes.takeMemory()) {
            listed(memory.get()).forEach(one -> found.put(place(one), one));
        }
        // Of one second: as they came, or lie.
        return Stream.concat(notes.directs().stream().map(Found::of), found.values().stream())
                .sorted(Comparator.comparing(Found::sentAt))
                .toList();
    }

    private static Instant sentAt(String digits) {
        return Pdu.decodeFromModem(octetsOf(digits)) instanceof Decoded.Ok(var _, Deliver deliver)
                ? deliver.scts().map(Timestamp::instant).orElse(Instant.MAX)
                : Instant.MAX;
    }

    private static String place(Found found) {
        return found.slot().orElseThrow().place();
    }

    private List<Found> readSlot(Slot slot) throws PortGone, Ended {
        if (Cpms.isShownBy(arrangement.memories(), slot.memory())) {
            // Taken from there: it would count as another message here and there.
            notes.listEverything();
            return List.of();
        }
        if (!select(slot.memory())) {
            if (!slot.report()) {
                notes.listEverything();
            }
            return List.of();
        }
        var result = modem.ask(Command.pdus("AT+CMGR=" + slot.index()), listing());
        var stored = Stored.read(result);
        if (stored.isPresent()) {
            looks.remove(slot);
            // Of a wrong place: whatever lies there is another's.
            return slot.report() && !isReport(stored.get()) ? List.of() : taken(slot, stored.get());
        }
        if (result.ok() || isEmptySlot(result)) {
            forget(slot.place());
        } else {
            log.debug("link={} place={} cannot be read: {}", modem.link(), slot.place(), result.words());
        }
        lookAgain(slot);
        return List.of();
    }

    private static boolean isReport(Stored stored) {
        return Pdu.decodeFromModem(octetsOf(stored.pdu())) instanceof Decoded.Ok(var _, StatusReport _);
    }

    /// What was told of and is not there comes yet, or lies elsewhere.
    private void lookAgain(Slot slot) {
        var before = looks.remove(slot);
        int count = before == null ? 0 : before.looks;
        if (count >= LOOKS_MAX) {
            log.debug("link={} place={} stays empty", modem.link(), slot.place());
            return;
        }
        looks.put(slot, new Look(count + 1, System.nanoTime() + (LOOK_AGAIN.toNanos() << count)));
        if (!slot.report()) {
            notes.listEverything();
        }
    }

    private List<Found> listed(String memory) throws PortGone, Ended {
        if (memory.equals("SR") && !arrangement.memories().contains(memory)) {
            return List.of();
        }
        if (Cpms.isShownBy(arrangement.memories(), memory)) {
            arrangement.memories().forEach(notes::listLater);
            return List.of();
        }
        if (!select(memory)) {
            return List.of();
        }
        var told = notes.slots();
        var result = modem.ask(Command.pdus("AT+CMGL=4"), listing());
        if (!result.ok()) {
            log.debug("link={} cannot list {}: {}", modem.link(), memory, result.words());
            if (!(result instanceof Final.Silence) && SimState.isBusy(result)) {
                readAgain(memory);
                return List.of();
            }
            return each(memory);
        }
        misses.remove(memory);
        var there = Stored.listed(result).stream()
                .filter(stored -> stored.index().isPresent())
                .toList();
        if (there.size() < WHOLE_LISTING_MAX) {
            releaseOthers(
                    memory,
                    there.stream()
                            .map(stored -> new Slot(memory, stored.index().orElseThrow()).place())
                            .collect(Collectors.toSet()));
        }
        var found = new ArrayList<Found>();
        for (var stored : there) {
            var slot = new Slot(memory, stored.index().orElseThrow());
            if (told.contains(slot)) {
                notes.found(slot);
            }
            looks.remove(slot);
            found.addAll(taken(slot, stored));
        }
        if (settled && !found.isEmpty() && !notes.tells()) {
            untold.tell(memory);
        }
        return found;
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

    /// Reads slot by slot where a listing is refused or breaks off, until as many were found as the
    /// memory holds.
    private List<Found> each(String memory) throws PortGone, Ended {
        var held = Cpms.usage(modem.ask("AT+CPMS?"));
        if (held.isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<Found>();
        var left = held.get().used();
        var last = Math.min(held.get().total(), SLOT_MAX);
        for (var index = 0; index <= last && left > 0; index++) { // some count from 0, some from 1
            modem.owner().check();
            var stored = Stored.read(modem.ask(Command.pdus("AT+CMGR=" + index), listing()));
            if (stored.isPresent()) {
                left--;
                found.addAll(taken(new Slot(memory, index), stored.get()));
            }
        }
        return found;
    }

    /// A stored message, if it is one that was received and is not known to lie there for good.
    private List<Found> taken(Slot slot, Stored stored) throws PortGone, Ended {
        if (stored.outgoing()) {
            return List.of(); // somebody's draft
        }
        if (stored.isFree()) {
            log.debug("link={} place={} holds the image of a free record", modem.link(), slot.place());
            return List.of();
        }
        if (!stored.isHex() && !sameAgain(slot, stored)) {
            return List.of(); // read wrongly; the next sweep finds it
        }
        if (lasting.undeleted.holds(slot, stored.pdu())) {
            if (lasting.undeleted.isDue(slot, stored.pdu(), System.nanoTime())) {
                delete(slot, stored.pdu());
            }
            return List.of();
        }
        return List.of(Found.of(slot, stored.pdu()));
    }

    /// What is no PDU is kept as the text it came as, but only if it is read twice: an octet may get
    /// lost on a serial line, and the message in the slot is then as good as ever.
    private boolean sameAgain(Slot slot, Stored stored) throws PortGone, Ended {
        if (!select(slot.memory())) {
            return false;
        }
        var again = Stored.read(modem.ask(Command.pdus("AT+CMGR=" + slot.index()), listing()));
        return again.filter(second -> second.pdu().equals(stored.pdu())).isPresent();
    }

    // Giving on

    /// Gives all on in this order, then takes what was committed off the modem.
    private void giveOn(List<Found> all) throws PortGone, Ended, LinkListener.NotNow {
        var committed = new ArrayList<Found>();
        try {
            var refused = false;
            for (var one : all) {
                refused |= !giveOn(one, committed);
            }
            if (refused) {
                throw new LinkListener.NotNow("a message could not be taken", new IllegalStateException("see above"));
            }
        } catch (LinkListener.NotNow e) {
            delete(committed);
            for (var one : all) {
                if (!committed.contains(one)) {
                    one.slot().ifPresent(this::later);
                }
            }
            throw e;
        }
        delete(committed);
        settled = true;
        if (!committed.isEmpty() || usage.isEmpty() || !selected.equals(main())) {
            look();
        }
    }

    private void later(Slot slot) {
        if (slot.report()) {
            notes.readLater(slot);
        } else {
            notes.listLater(slot.memory());
        }
    }

    /// @return false if it came directly and could not be taken: it lies nowhere else
    private boolean giveOn(Found one, List<Found> committed) throws PortGone, Ended, LinkListener.NotNow {
        if (one.direct().isPresent()) {
            return giveOn(one.direct().get());
        }
        modem.owner().check();
        var place = place(one);
        if (one.broadcast() && !notes.broadcasts.isNew(one.digits())) {
            committed.add(one);
            return true;
        }
        var receipt = offer(one.digits(), Optional.of(place));
        if (receipt.isPresent()) {
            lasting.unreleased.put(place, receipt.get());
            committed.add(one);
            if (one.broadcast()) {
                notes.broadcasts.took(one.digits());
            }
        }
        return true;
    }

    private boolean giveOn(Notes.Direct direct) throws PortGone, Ended, LinkListener.NotNow {
        var receipt = offer(direct.digits(), direct.broadcast() ? Optional.of(Broadcasts.MEMORY) : Optional.empty());
        notes.took(direct);
        if (receipt.isEmpty()) {
            notes.keep(direct);
            return false;
        }
        if (direct.broadcast()) {
            notes.broadcasts.took(direct.digits());
        }
        if (direct.broadcast() || !arrangement.acknowledges()) {
            // Without +CSMS: 1 there is nothing to acknowledge: the network has forgotten it already.
            listener.released(receipt.get());
        } else if (direct.fresh()) {
            acknowledge(receipt.get());
        }
        return true;
    }

    private void acknowledge(long receipt) throws PortGone, Ended {
        var result = modem.ask("AT+CNMA");
        if (result.ok()) {
            listener.released(receipt);
        } else {
            // Too late, or not needed (+CMS ERROR: 340). If the network repeats the message, it is
            // recognised.
            log.info("link={} the acknowledgement of a message was not taken: {}", modem.link(), result.words());
            unacknowledged.tell(result);
        }
    }

    /// Hands it to the listener.
    ///
    /// @return empty if the listener failed on this one; it stays where it is, and the others go on
    private Optional<Long> offer(String digits, Optional<String> place) throws LinkListener.NotNow {
        try {
            return Optional.of(listener.received(
                    new Inbound(modem.link(), ModemKind.KIND, octetsOf(digits), place, clock.instant())));
        } catch (RuntimeException e) {
            log.error("link={} place={} could not be taken", modem.link(), place.orElse("direct"), e);
            return Optional.empty();
        }
    }

    // Deleting

    /// Memory by memory, in each the last slot first.
    private void delete(List<Found> committed) throws PortGone, Ended {
        var stored = new TreeMap<Slot, String>(
                Comparator.comparing(Slot::memory).thenComparing(Slot::index, Comparator.reverseOrder()));
        committed.forEach(one -> one.slot().ifPresent(slot -> stored.put(slot, one.digits())));
        for (var one : stored.entrySet()) {
            delete(one.getKey(), one.getValue());
        }
    }

    private void delete(Slot slot, String digits) throws PortGone, Ended {
        if (!select(slot.memory())) {
            return;
        }
        var result = modem.ask(Command.of("AT+CMGD=" + slot.index()), listing());
        if ((result.ok() || isEmptySlot(result)) && !isThereStill(slot, digits)) {
            lasting.undeleted.gone(slot.place());
            forget(slot.place());
            return;
        }
        if (slot.memory().equals(Broadcasts.MEMORY)) {
            log.debug("link={} place={} cannot be deleted: {}", modem.link(), slot.place(), result.words());
            return; // a page that is taken is known
        }
        if (!lasting.undeleted.holds(slot, digits)) {
            log.warn("link={} place={} is not deleted: {}", modem.link(), slot.place(), result.words());
        }
        lasting.undeleted.stays(slot, digits, System.nanoTime());
        if (result.ok() || isEmptySlot(result)) {
            lasting.undeleted.stays(slot, digits, System.nanoTime()); // it says what is not so: no moment's trouble
        }
    }

    /// Whether a modem that says it has deleted a message has not. One that was seen to delete from a
    /// memory is believed from then on; one that did not is shown by the next listing.
    private boolean isThereStill(Slot slot, String digits) throws PortGone, Ended {
        if (deletes.contains(slot.memory())) {
            return false;
        }
        var there = Stored.read(modem.ask(Command.pdus("AT+CMGR=" + slot.index()), listing()));
        if (there.isEmpty()) {
            deletes.add(slot.memory());
            return false;
        }
        if (!there.get().pdu().equals(digits)) {
            notes.readLater(slot); // another has taken its place, and may have been told of before
            return false;
        }
        return true;
    }

    private void forget(String place) {
        var receipt = lasting.unreleased.remove(place);
        if (receipt != null) {
            listener.released(receipt);
        }
    }

    /// What was committed, and whose deletion was not confirmed, and which is not there any more, is
    /// gone.
    private void releaseOthers(String memory, Set<String> places) {
        lasting.undeleted.keepOnly(memory, places);
        lasting.unreleased.keySet().stream()
                .filter(place -> place.startsWith(memory + ":") && !places.contains(place))
                .toList()
                .forEach(this::forget);
    }

    /// The octets of a PDU, without half an octet that is left of one that was cut off; of what is no
    /// PDU, those of its characters, which no decoder takes for one: an SMSC's address is at most 12
    /// octets long, and every printable character is a larger number.
    private static byte[] octetsOf(String digits) {
        var whole = digits.length() % 2 == 0 && digits.length() >= 2;
        return (whole || digits.length() >= CUT_OFF_DIGITS_MIN)
                        && digits.chars().allMatch(HexFormat::isHexDigit)
                ? HexFormat.of().parseHex(digits.substring(0, digits.length() - digits.length() % 2))
                : digits.getBytes(StandardCharsets.ISO_8859_1);
    }

    // Memories

    private Duration listing() {
        return modem.pace().answer().multipliedBy(LISTING);
    }

    private String main() {
        return arrangement.memories().stream().findFirst().orElse("");
    }

    /// Makes it the memory that is read and deleted from, with as many names as the modem wants.
    private boolean select(String memory) throws PortGone, Ended {
        if (memory.equals(selected)) {
            return true;
        }
        // Back to the main one with all names: some take a single one for all three.
        var commands = arrangement
                .choice()
                .map(choice -> memory.equals(main()) ? choice.commands() : choice.toRead(memory))
                .orElseGet(() -> List.of(Cpms.named(memory)));
        Final result = new Final.PlainError();
        for (var command : commands) {
            result = modem.ask(command, modem.pace().answer());
            if (result.ok()) {
                selected = memory;
                return true;
            }
            if (SimState.isBusy(result)) {
                break;
            }
        }
        log.debug("link={} cannot use the memory {}: {}", modem.link(), memory, result.words());
        if (result instanceof Final.Silence || SimState.isBusy(result)) {
            readAgain(memory);
        }
        return false;
    }

    /// Goes back to the main memory, as some modems put what arrives into the one that is read, and
    /// looks how full it is. More than lay there before is something that the modem did not tell of.
    void look() throws PortGone, Ended {
        var choice = arrangement.choice();
        if (choice.isEmpty() || arrangement.memories().isEmpty()) {
            return;
        }
        select(main());
        var before = usage;
        usage = Cpms.usage(modem.ask("AT+CPMS?"));
        if (usage.flatMap(Cpms.Usage::memory)
                .filter(named -> !named.equals(main()))
                .isPresent()) {
            // Whoever has changed it: what is read by number would be another message.
            log.debug(
                    "link={} the modem reads {}, not {}",
                    modem.link(),
                    usage.get().memory(),
                    main());
            var _ = modem.ask(choice.get().commands().getFirst(), listing());
        } else if (usage.filter(now -> now.used() > lasting.undeleted.in(main())
                        && now.used() > before.map(Cpms.Usage::used).orElse(0))
                .isPresent()) {
            notes.listLater(main());
        }
        if (before.filter(Cpms.Usage::nearlyFull).isEmpty()
                && usage.filter(Cpms.Usage::nearlyFull).isPresent()) {
            log.warn(
                    "link={} the message storage {} is nearly full: {} of {}",
                    modem.link(),
                    main(),
                    usage.get().used(),
                    usage.get().total());
        }
    }
}
