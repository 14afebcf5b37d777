package dev.parley.conversation;

import dev.parley.contact.Contact;
import dev.parley.contact.ContactChange;
import dev.parley.problem.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Thousands of random steps by the services on a real database and by a small model of the rules in
/// memory: what each phone got and where each reply stands must be the same. Above all no text may reach
/// a number that was not in a conversation that it stood in.
class ReplyModelTest {
    private static final List<String> NUMBERS =
            List.of("+12025550141", "+12025550142", "+12025550143", "+12025550144", "+12025550145", "+12025550146");

    private static final int STEPS = 700;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WINDOW = Duration.ofDays(2);

    private final World world = new World();
    private final Phones phones = new Phones(world);
    private final Model model = new Model();
    private final Map<String, Contact> people = new HashMap<>();
    private Random random = new Random(0);
    private int texts;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theServicesDoWhatTheModelSays(long seed) {
        random = new Random(seed);
        try (world) {
            for (var number : NUMBERS.subList(0, 4)) {
                people.put(number, world.contact(name(number), number, Optional.empty(), Optional.empty()));
            }
            var steps = new ArrayList<String>();
            for (int i = 0; i < STEPS; i++) {
                world.clock.advance(Duration.ofSeconds(20 + random.nextInt(600)));
                steps.add(step());
                if (random.nextInt(3) > 0) {
                    phones.getAll();
                    model.getAll(now());
                    check(seed, steps);
                }
            }
            phones.getAll();
            model.getAll(now());
            check(seed, steps);
            checkThreads(seed, steps);
        }
    }

    private Instant now() {
        return world.clock.instant();
    }

    private void check(long seed, List<String> steps) {
        for (var number : NUMBERS) {
            assertEquals(
                    model.inbox(number),
                    phones.inbox(number),
                    () -> "seed " + seed + ", inbox of " + number + " after "
                            + steps.subList(Math.max(0, steps.size() - 15), steps.size()));
            for (var text : phones.inbox(number)) {
                model.stood.forEach((unique, people) -> assertTrue(
                        !(text + " ").contains(unique + " ") || people.contains(number),
                        () -> "seed " + seed + ": " + number + " got " + text));
            }
        }
    }

    private void checkThreads(long seed, List<String> steps) {
        for (var said : model.placed.entrySet()) {
            var shown = done(world.messages.search(
                            world.admin,
                            new MessageSearch(
                                    Optional.of(said.getKey()),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()),
                            PageRequest.first(10)))
                    .items()
                    .stream()
                    .filter(each -> each.direction().equals("inbound"))
                    .toList();
            for (var each : shown) {
                assertEquals(
                        said.getValue().map(conversation -> Long.toString(conversation.id)),
                        each.conversation(),
                        () -> "seed " + seed + ", " + said.getKey() + " after " + steps);
            }
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String unique() {
        return "m" + (1000 + texts++) + "x";
    }

    private String step() {
        int dice = random.nextInt(100);
        if (dice < 8 || model.open().isEmpty()) {
            return create();
        }
        if (dice < 32) {
            return post();
        }
        if (dice < 62) {
            return reply(unique());
        }
        if (dice < 70) {
            return reply("#" + random.nextInt(4) + " " + unique());
        }
        if (dice < 78) {
            return reply(Integer.toString(random.nextInt(4)));
        }
        if (dice < 80) {
            return reply(random.nextBoolean() ? "STOP" : "#1 stop");
        }
        if (dice < 84) {
            return reply(random.nextBoolean() ? "START" : "yes");
        }
        if (dice < 86) {
            return reply("HELP");
        }
        if (dice < 88) {
            return reply(random.nextBoolean() ? "LEAVE" : "#" + (1 + random.nextInt(3)) + " leave");
        }
        if (dice < 90) {
            return reply("JOIN #" + (1 + random.nextInt(3)));
        }
        if (dice < 91) {
            return reply("Please stop texting me");
        }
        if (dice < 93) {
            return move();
        }
        if (dice < 94) {
            return decide();
        }
        if (dice < 95) {
            return closed();
        }
        if (dice < 97) {
            return random.nextInt(3) == 0 ? restart() : contact();
        }
        if (dice < 99) {
            world.clock.advance(Duration.ofMinutes(30 + random.nextInt(90)));
        } else {
            world.clock.advance(Duration.ofHours(20 + random.nextInt(40)));
        }
        world.services.replies().sweep(now());
        model.sweep(now());
        return "sweep";
    }

    private String restart() {
        world.restart();
        return "restart";
    }

    /// A contact changes. Who is in a conversation, under which name and number, does not.
    private String contact() {
        var number = any(NUMBERS.subList(0, 4));
        var contact = Objects.requireNonNull(people.get(number));
        if (!contact.deleted() && random.nextInt(4) == 0) {
            people.put(number, done(world.contacts.delete(world.admin, contact.id())));
            return "delete the contact " + number;
        }
        if (!contact.deleted() && random.nextInt(3) == 0) {
            var name = "Renamed " + texts++;
            people.put(number, change(contact, Optional.of(name), Optional.empty()));
            return "rename " + number;
        }
        people.put(number, change(contact, Optional.empty(), Optional.of(!contact.dnd())));
        model.disturb(number, contact.dnd());
        return (contact.dnd() ? "disturb " : "do not disturb ") + number;
    }

    private Contact change(Contact contact, Optional<String> name, Optional<Boolean> dnd) {
        return done(world.contacts.change(
                world.admin,
                contact.id(),
                new ContactChange(name, Optional.empty(), Optional.empty(), Optional.empty(), dnd)));
    }

    private String create() {
        var people = new TreeSet<String>();
        int count = 2 + random.nextInt(2);
        while (people.size() < count) {
            people.add(any(NUMBERS));
        }
        if (people.stream().anyMatch(each -> model.consent(each) == Consent.OUT || model.silent.contains(each))
                || model.open().size() > 7) {
            return "nothing";
        }
        var title = "G" + unique();
        var wanted = World.titled(
                world.on(
                        world.desk,
                        people.stream()
                                .map(each -> World.number(each, name(each)))
                                .toArray(NewParticipant[]::new)),
                title);
        var view = world.create(wanted);
        model.create(id(view), title, Integer.parseInt(view.tag().orElseThrow().substring(1)), people);
        return "create " + title + " " + people;
    }

    private static String name(String number) {
        return "P" + number.substring(number.length() - 1);
    }

    private String post() {
        var conversation = any(model.open());
        var text = unique();
        if (world.messages.post(world.admin, conversation.id, NewMessage.now(text))
                instanceof Outcome.Done<MessageView>) {
            model.post(conversation, text);
        }
        return "post " + conversation.title + " " + text;
    }

    private String reply(String text) {
        var number = any(NUMBERS);
        phones.says(number, world.desk, text);
        var direct = done(world.conversations.list(
                        world.admin,
                        new ConversationFilter(
                                Optional.empty(),
                                Optional.of(Kind.DIRECT),
                                Optional.of(false),
                                Optional.empty(),
                                Optional.of(number),
                                Optional.empty()),
                        PageRequest.first(1)))
                .items()
                .stream()
                .map(World::id)
                .findFirst();
        model.says(number, text, now(), direct);
        return number + " says " + text;
    }

    private String move() {
        var movable = model.placed.entrySet().stream()
                .filter(each -> each.getValue().isPresent())
                .map(Map.Entry::getKey)
                .toList();
        if (movable.isEmpty()) {
            return "nothing";
        }
        var text = any(movable);
        var sender = model.senders.get(text);
        var targets = model.open().stream()
                .filter(each -> each.people.contains(sender))
                .toList();
        if (targets.isEmpty()) {
            return "nothing";
        }
        var target = any(targets);
        var message = done(world.messages.search(
                        world.admin,
                        new MessageSearch(
                                Optional.of(text),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        PageRequest.first(10)))
                .items()
                .stream()
                .filter(each -> each.direction().equals("inbound"))
                .findFirst();
        if (message.isEmpty()) {
            return "nothing";
        }
        done(world.store.transaction(
                tx -> world.services.replies().move(tx, world.admin, id(message.get()), target.id, true)));
        model.move(text, target);
        return "move " + text + " to " + target.title;
    }

    private String decide() {
        var suspected = NUMBERS.stream()
                .filter(each -> model.consent(each) == Consent.SUSPECTED)
                .toList();
        if (suspected.isEmpty()) {
            return "nothing";
        }
        var number = any(suspected);
        boolean confirmed = random.nextBoolean();
        long optOut = done(world.optOuts.list(world.admin, PageRequest.first(50))).items().stream()
                .filter(each -> each.number().equals(number))
                .map(each -> Long.parseLong(each.id()))
                .findFirst()
                .orElseThrow();
        done(confirmed ? world.optOuts.confirm(world.admin, optOut) : world.optOuts.dismiss(world.admin, optOut));
        model.decide(number, confirmed);
        return (confirmed ? "confirm " : "dismiss ") + number;
    }

    private String closed() {
        var conversation = any(model.open());
        done(world.conversations.close(world.admin, conversation.id));
        model.close(conversation);
        return "close " + conversation.title;
    }

    private enum Consent {
        IN,
        SUSPECTED,
        OUT
    }

    /// A conversation of the model.
    private static final class Talk {
        final long id;
        final String title;
        final int tag;
        final Set<String> people;
        final Set<String> left = new TreeSet<>();
        final Map<String, Instant> heard = new HashMap<>();
        boolean isOpen = true;

        Talk(long id, String title, int tag, Set<String> people) {
            this.id = id;
            this.title = title;
            this.tag = tag;
            this.people = people;
        }

        boolean isGroup() {
            return tag != 0;
        }

        boolean isIn(String number) {
            return people.contains(number) && !left.contains(number);
        }
    }

    private static final class Pending {
        final String number;
        final Talk talk;
        final String text;
        final boolean automatic;
        boolean held;

        Pending(String number, Talk talk, String text, boolean automatic, boolean held) {
            this.number = number;
            this.talk = talk;
            this.text = text;
            this.automatic = automatic;
            this.held = held;
        }
    }

    private record Waiting(String text, List<Talk> candidates, Instant at, boolean relayed) {}

    private static final class Question {
        final boolean leave;
        final Map<Integer, Talk> choices = new TreeMap<>();
        final Instant expiresAt;
        final Optional<Pending> sent;
        boolean handedOver;

        Question(boolean leave, Instant expiresAt, Optional<Pending> sent) {
            this.leave = leave;
            this.expiresAt = expiresAt;
            this.sent = sent;
        }
    }

    /// The rules of design.md §4 in memory, for one line.
    private static final class Model {
        private final List<Talk> talks = new ArrayList<>();
        private final Map<String, Consent> consents = new HashMap<>();
        private final Map<String, Instant> decideBy = new HashMap<>();
        private final Set<String> saidStop = new TreeSet<>();
        private final Map<String, Question> questions = new HashMap<>();
        private final Map<String, Instant> lastAsked = new HashMap<>();
        private final Map<String, List<Waiting>> waiting = new HashMap<>();
        private final Map<String, Talk> answers = new HashMap<>();
        private final Map<String, Instant> answeredAt = new HashMap<>();
        private final Map<String, Instant> automatic = new HashMap<>();
        private final List<Pending> pending = new ArrayList<>();
        private final Map<String, List<String>> inboxes = new HashMap<>();
        private final Map<String, Set<String>> reached = new HashMap<>();

        /// Who is on Do Not Disturb.
        final Set<String> silent = new TreeSet<>();

        /// Where each reply is.
        final Map<String, Optional<Talk>> placed = new LinkedHashMap<>();

        final Map<String, String> senders = new HashMap<>();

        /// Each reply as its thread shows it: with a tag in front that is not its conversation's.
        private final Map<String, String> shown = new HashMap<>();

        /// Who may ever have got a text: the people of the conversations that it stood in.
        final Map<String, Set<String>> stood = new HashMap<>();

        Consent consent(String number) {
            return consents.getOrDefault(number, Consent.IN);
        }

        List<Talk> open() {
            return talks.stream().filter(each -> each.isOpen).toList();
        }

        List<String> inbox(String number) {
            return inboxes.getOrDefault(number, List.of());
        }

        private List<Talk> current(String number) {
            return open().stream().filter(each -> each.isIn(number)).toList();
        }

        private List<Talk> candidates(String number) {
            return current(number).stream()
                    .filter(each -> consent(number) != Consent.OUT || !each.isGroup())
                    .toList();
        }

        void create(long id, String title, int tag, Set<String> people) {
            var taken = open().stream()
                    .filter(each -> each.people.stream().anyMatch(people::contains))
                    .map(each -> each.tag)
                    .toList();
            int free = 1;
            while (taken.contains(free)) {
                free++;
            }
            assertEquals(free, tag);
            talks.add(new Talk(id, title, tag, people));
        }

        void close(Talk talk) {
            talk.isOpen = false;
        }

        void disturb(String number, boolean allowed) {
            if (allowed) {
                silent.remove(number);
            } else {
                silent.add(number);
                pending.removeIf(each -> each.number.equals(number));
            }
        }

        private boolean isHeld(String number) {
            var question = questions.get(number);
            return consent(number) == Consent.SUSPECTED || (question != null && question.leave);
        }

        private void send(Talk talk, String number, String text) {
            if (consent(number) == Consent.OUT || silent.contains(number) || talk.left.contains(number)) {
                return;
            }
            boolean several = current(number).size() > 1;
            var prefix = talk.isGroup() && several ? "[#" + talk.tag + " " + talk.title + "] " : "";
            pending.add(new Pending(number, talk, prefix + text, false, isHeld(number)));
        }

        void post(Talk talk, String text) {
            stood.computeIfAbsent(text, _ -> new TreeSet<>()).addAll(talk.people);
            talk.people.forEach(each -> send(talk, each, text));
        }

        private void relay(Talk talk, String sender, String text) {
            if (text.startsWith("m")) {
                stood.computeIfAbsent(text, _ -> new TreeSet<>()).addAll(talk.people);
            }
            if (!talk.isGroup()) {
                return;
            }
            var had =
                    text.startsWith("m") ? reached.computeIfAbsent(text, _ -> new TreeSet<>()) : new TreeSet<String>();
            for (var each : talk.people) {
                if (!each.equals(sender)
                        && !had.contains(each)
                        && consent(each) != Consent.OUT
                        && !silent.contains(each)
                        && !talk.left.contains(each)) {
                    had.add(each);
                    send(talk, each, name(sender) + ": " + text);
                }
            }
        }

        private Optional<Pending> automatic(Talk talk, String number, String kind, String text, Instant now) {
            if (silent.contains(number) || (consent(number) == Consent.OUT && !kind.equals("opted-out"))) {
                return Optional.empty();
            }
            var last = automatic.get(kind + number);
            if (last != null && now.isBefore(last.plus(HOUR))) {
                return Optional.empty();
            }
            automatic.put(kind + number, now);
            var sent = new Pending(number, talk, text, true, false);
            pending.add(sent);
            return Optional.of(sent);
        }

        void getAll(Instant now) {
            for (var each : List.copyOf(pending)) {
                if (!each.held) {
                    pending.remove(each);
                    inboxes.computeIfAbsent(each.number, _ -> new ArrayList<>()).add(each.text);
                    if (!each.automatic) {
                        each.talk.heard.put(each.number, now);
                    }
                    questions.values().stream()
                            .filter(question ->
                                    question.sent.filter(sent -> sent == each).isPresent())
                            .forEach(question -> question.handedOver = true);
                }
            }
        }

        private void hold(String number) {
            pending.stream().filter(each -> each.number.equals(number)).forEach(each -> each.held = true);
        }

        private void release(String number) {
            if (!isHeld(number)) {
                pending.stream().filter(each -> each.number.equals(number)).forEach(each -> each.held = false);
            }
        }

        /// Where a text belongs; empty for in doubt. A direct conversation is opened where it needs one.
        private Optional<Talk> place(String number, int tag, List<Talk> candidates, Optional<Long> direct) {
            if (candidates.isEmpty() || (tag == 0 && candidates.stream().allMatch(Talk::isGroup))) {
                var opened = talks.stream()
                        .filter(each -> direct.isPresent() && each.id == direct.get())
                        .findFirst();
                if (opened.isPresent()) {
                    return opened;
                }
                var talk = new Talk(direct.orElseThrow(), "direct " + number, 0, Set.of(number));
                talks.add(talk);
                return Optional.of(talk);
            }
            if (candidates.size() == 1) {
                return Optional.of(candidates.getFirst());
            }
            var named = candidates.stream().filter(each -> each.tag == tag).findFirst();
            if (named.isPresent()) {
                return named;
            }
            var answer = answers.get(number);
            var since = answeredAt.getOrDefault(number, Instant.MAX);
            if (answer != null
                    && candidates.contains(answer)
                    && candidates.stream()
                            .filter(each -> each != answer)
                            .allMatch(each ->
                                    each.heard.getOrDefault(number, Instant.MIN).isBefore(since))) {
                return Optional.of(answer);
            }
            var last = candidates.stream()
                    .map(each -> each.heard.getOrDefault(number, Instant.MIN))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            if (last.equals(Instant.MIN)) {
                return Optional.empty();
            }
            var heard = candidates.stream()
                    .filter(each ->
                            !each.heard.getOrDefault(number, Instant.MIN).isBefore(last.minus(WINDOW)))
                    .toList();
            return heard.size() == 1 ? Optional.of(heard.getFirst()) : Optional.empty();
        }

        private static Talk likeliest(List<Talk> talks, String number) {
            return talks.stream()
                    .max(Comparator.comparing(each -> each.heard.getOrDefault(number, Instant.MIN)))
                    .orElseThrow();
        }

        private Talk shown(String number, int tag, Optional<Long> direct) {
            return place(number, tag, current(number), direct).orElseGet(() -> likeliest(current(number), number));
        }

        void says(String number, String text, Instant now, Optional<Long> direct) {
            var tagged = text.matches("#\\d .*");
            int tag = tagged ? text.charAt(1) - '0' : -1;
            var word = (tagged ? text.substring(3) : text).toLowerCase(Locale.ROOT);
            switch (word) {
                case "stop" -> stop(number, tag, now, direct);
                case "start" -> start(number, tag, now, direct);
                case "yes" -> {
                    if (consent(number) == Consent.OUT) {
                        start(number, tag, now, direct);
                    } else {
                        plain(number, tag, text, now, direct, true);
                    }
                }
                case "help" ->
                    automatic(shown(number, tag, direct), number, "help", AutomaticTexts.help("Front desk"), now);
                case "leave" -> leave(number, tag, text, now, direct);
                case "please stop texting me" -> {
                    if (consent(number) != Consent.OUT) {
                        boolean again = consent(number) == Consent.SUSPECTED;
                        plain(number, tag, text, now, direct, false);
                        if (!again) {
                            consents.put(number, Consent.SUSPECTED);
                            decideBy.put(number, now.plus(DAY));
                            hold(number);
                        }
                    } else {
                        plain(number, tag, text, now, direct, true);
                    }
                }
                default -> {
                    if (word.startsWith("join #")) {
                        join(number, word.charAt(6) - '0', text, now, direct);
                    } else if (word.length() == 1) {
                        answer(number, word.charAt(0) - '0', text, now, direct);
                    } else {
                        plain(number, tag, text, now, direct, true);
                    }
                }
            }
        }

        private void plain(String number, int tag, String text, Instant now, Optional<Long> direct, boolean relayed) {
            var candidates = candidates(number);
            var talk = place(number, tag, candidates, direct);
            boolean own = tag >= 0 && talk.filter(each -> each.tag == tag).isPresent();
            var shown = own ? text.substring(3) : text;
            var unique = text.replaceAll("^#\\d ", "");
            boolean isUnique = unique.startsWith("m");
            if (isUnique) {
                placed.put(unique, talk);
                senders.put(unique, number);
                this.shown.put(unique, shown);
            }
            if (talk.isPresent()) {
                if (relayed) {
                    relayShown(talk.get(), number, unique, shown);
                }
                return;
            }
            waiting.computeIfAbsent(number, _ -> new ArrayList<>()).add(new Waiting(text, candidates, now, relayed));
            if (relayed) {
                ask(number, candidates, now);
            }
        }

        /// A text may be relayed with a tag that named nothing.
        private void relayShown(Talk talk, String number, String unique, String shown) {
            int before = pending.size();
            relay(talk, number, unique);
            for (int i = before; i < pending.size(); i++) {
                var each = pending.get(i);
                pending.set(
                        i,
                        new Pending(
                                each.number,
                                each.talk,
                                each.text.replace(": " + unique, ": " + shown),
                                false,
                                each.held));
            }
        }

        private void ask(String number, List<Talk> candidates, Instant now) {
            expireQuestion(number, now);
            if (consent(number) == Consent.SUSPECTED || questions.containsKey(number)) {
                return;
            }
            var text = "Who is your text for? Reply " + listed(candidates);
            var sent = automatic(likeliest(candidates, number), number, "question", text, now);
            if (sent.isPresent()) {
                put(number, new Question(false, now.plus(DAY), sent), candidates);
                lastAsked.put(number, now);
            }
        }

        private static String listed(List<Talk> talks) {
            return String.join(
                    ", ",
                    talks.stream()
                            .sorted(Comparator.comparing(each -> each.tag == 0 ? 99 : each.tag))
                            .map(each -> each.tag + " for " + (each.tag == 0 ? "a private text to us" : each.title))
                            .toList());
        }

        private void put(String number, Question question, List<Talk> choices) {
            choices.forEach(each -> question.choices.put(each.tag, each));
            questions.put(number, question);
        }

        private void expireQuestion(String number, Instant now) {
            var question = questions.get(number);
            if (question == null || now.isBefore(question.expiresAt)) {
                return;
            }
            questions.remove(number);
            if (question.leave) {
                for (var each : talks) {
                    if (each.isOpen && each.isGroup() && each.isIn(number) && question.choices.containsValue(each)) {
                        left(each, number, now);
                    }
                }
                release(number);
            }
        }

        private void withdrawQuestion(String number) {
            if (questions.remove(number) != null) {
                release(number);
            }
        }

        private void answer(String number, int tag, String text, Instant now, Optional<Long> direct) {
            expireQuestion(number, now);
            var question = questions.get(number);
            var talk = question == null ? null : question.choices.get(tag);
            if (question == null
                    || talk == null
                    || !candidates(number).contains(talk)
                    || (question.sent.isPresent() && !question.handedOver)) {
                plain(number, -1, text, now, direct, true);
                return;
            }
            questions.remove(number);
            if (question.leave) {
                left(talk, number, now);
                release(number);
                return;
            }
            answers.put(number, talk);
            answeredAt.put(number, now);
            var rest = new ArrayList<Waiting>();
            for (var each : waiting.getOrDefault(number, List.of())) {
                if (each.candidates().contains(talk)
                        && question.choices.values().containsAll(each.candidates())) {
                    var unique = each.text().replaceAll("^#\\d ", "");
                    placed.computeIfPresent(unique, (_, _) -> Optional.of(talk));
                    if (each.relayed()) {
                        relayShown(talk, number, unique, each.text());
                    }
                } else {
                    rest.add(each);
                }
            }
            waiting.put(number, rest);
        }

        private void optOut(String number) {
            consents.put(number, Consent.OUT);
            pending.removeIf(each -> each.number.equals(number));
        }

        private void stop(String number, int tag, Instant now, Optional<Long> direct) {
            var talk = shown(number, tag, direct);
            withdrawQuestion(number);
            if (consent(number) != Consent.OUT) {
                optOut(number);
            }
            if (saidStop.add(number)) {
                automatic(talk, number, "opted-out", AutomaticTexts.OPTED_OUT, now);
            }
        }

        private void start(String number, int tag, Instant now, Optional<Long> direct) {
            var talk = shown(number, tag, direct);
            var before = consent(number);
            consents.put(number, Consent.IN);
            if (before != Consent.IN) {
                saidStop.remove(number);
                release(number);
            }
            if (before == Consent.OUT) {
                automatic(talk, number, "opted-in", AutomaticTexts.OPTED_IN, now);
            }
        }

        void decide(String number, boolean confirmed) {
            if (confirmed) {
                optOut(number);
            } else {
                consents.put(number, Consent.IN);
                saidStop.remove(number);
                release(number);
            }
        }

        private void left(Talk talk, String number, Instant now) {
            talk.left.add(number);
            pending.removeIf(each -> each.number.equals(number) && each.talk == talk);
            automatic(talk, number, "left", AutomaticTexts.left(talk.tag, talk.title), now);
        }

        private void leave(String number, int tag, String text, Instant now, Optional<Long> direct) {
            var groups = current(number).stream()
                    .filter(Talk::isGroup)
                    .filter(each -> tag < 0 || each.tag == tag)
                    .toList();
            if (groups.isEmpty()) {
                if (open().stream().noneMatch(each -> tag > 0 && each.tag == tag && each.people.contains(number))) {
                    plain(number, tag, text, now, direct, true);
                }
            } else if (groups.size() == 1) {
                left(groups.getFirst(), number, now);
            } else {
                var talk = shown(number, tag, direct);
                withdrawQuestion(number);
                hold(number);
                var sent = automatic(
                        talk, number, "question", "Which group do you want to leave? Reply " + listed(groups), now);
                put(number, new Question(true, now.plus(DAY), sent), groups);
            }
        }

        private void join(String number, int tag, String text, Instant now, Optional<Long> direct) {
            var group = open().stream()
                    .filter(each -> each.tag == tag && each.people.contains(number))
                    .findFirst();
            if (group.isEmpty()) {
                plain(number, -1, text, now, direct, true);
                return;
            }
            if (!group.get().left.contains(number)) {
                return;
            }
            group.get().left.remove(number);
            automatic(group.get(), number, "joined", AutomaticTexts.joined(tag, group.get().title), now);
        }

        void move(String text, Talk target) {
            var sender = senders.getOrDefault(text, "");
            if (placed.getOrDefault(text, Optional.empty()).equals(Optional.of(target))) {
                return;
            }
            placed.put(text, Optional.of(target));
            for (var each : List.copyOf(pending)) {
                if (each.text.endsWith(text) && !target.people.contains(each.number)) {
                    pending.remove(each);
                    reached.getOrDefault(text, new TreeSet<>()).remove(each.number);
                }
            }
            stood.computeIfAbsent(text, _ -> new TreeSet<>()).addAll(target.people);
            var whole = shown.getOrDefault(text, text);
            var bare = whole.startsWith("#" + target.tag + " ") ? text : whole;
            shown.put(text, bare);
            if (consent(sender) != Consent.OUT) {
                relayShown(target, sender, text, bare);
            }
        }

        void sweep(Instant now) {
            for (var number : NUMBERS) {
                if (consent(number) == Consent.SUSPECTED && !now.isBefore(decideBy.get(number))) {
                    optOut(number);
                }
            }
            for (var number : NUMBERS) {
                expireQuestion(number, now);
            }
            for (var number : NUMBERS) {
                var last = automatic.get("question" + number);
                var asked = lastAsked.getOrDefault(number, Instant.MIN);
                if (consent(number) != Consent.OUT
                        && !questions.containsKey(number)
                        && candidates(number).size() > 1
                        && (last == null || !last.isAfter(now.minus(HOUR)))
                        && waiting.getOrDefault(number, List.of()).stream()
                                .anyMatch(each -> each.relayed()
                                        && each.at().isAfter(now.minus(DAY))
                                        && asked.isBefore(each.at()))) {
                    ask(number, candidates(number), now);
                }
            }
        }
    }
}
