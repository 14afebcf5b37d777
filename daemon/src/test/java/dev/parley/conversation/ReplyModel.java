package dev.parley.conversation;

import dev.parley.reply.AutomaticTexts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The rules of design.md §4 in memory, for one line: what each phone gets and where each reply belongs. A test does
/// the same steps here and on what it tests, and compares.
///
/// Texts that the test makes up begin with `m` and are unlike any other.
public final class ReplyModel {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WINDOW = Duration.ofDays(2);

    private final String lineName;
    private final List<String> numbers;
    private final UnaryOperator<String> names;

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
    private final Map<String, List<Got>> inboxes = new HashMap<>();
    private final Map<String, Set<String>> reached = new HashMap<>();

    /// Who is on Do Not Disturb.
    public final Set<String> silent = new TreeSet<>();

    /// Where each reply is.
    public final Map<String, Optional<Talk>> placed = new LinkedHashMap<>();

    public final Map<String, String> senders = new HashMap<>();

    /// Each reply as its thread shows it: with a tag in front that is not its conversation's.
    private final Map<String, String> shown = new HashMap<>();

    /// Who may ever have got a text: the people of the conversations that it stood in.
    public final Map<String, Set<String>> stood = new HashMap<>();

    /// @param numbers everybody's
    /// @param names by number, as a group's participants are called in relays
    public ReplyModel(String lineName, List<String> numbers, UnaryOperator<String> names) {
        this.lineName = lineName;
        this.numbers = List.copyOf(numbers);
        this.names = names;
    }

    public Consent consent(String number) {
        return consents.getOrDefault(number, Consent.IN);
    }

    public List<Talk> open() {
        return talks.stream().filter(each -> each.isOpen).toList();
    }

    public List<Got> inbox(String number) {
        return List.copyOf(inboxes.getOrDefault(number, List.of()));
    }

    private List<Talk> current(String number) {
        return open().stream().filter(each -> each.isIn(number)).toList();
    }

    public List<Talk> candidates(String number) {
        return current(number).stream()
                .filter(each -> consent(number) != Consent.OUT || !each.isGroup())
                .toList();
    }

    public void create(long id, String title, int tag, Set<String> people) {
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

    public void close(Talk talk) {
        talk.isOpen = false;
    }

    public void disturb(String number, boolean allowed) {
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

    public void post(Talk talk, String text) {
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
        var had = text.startsWith("m") ? reached.computeIfAbsent(text, _ -> new TreeSet<>()) : new TreeSet<String>();
        for (var each : talk.people) {
            if (!each.equals(sender)
                    && !had.contains(each)
                    && consent(each) != Consent.OUT
                    && !silent.contains(each)
                    && !talk.left.contains(each)) {
                had.add(each);
                send(talk, each, names.apply(sender) + ": " + text);
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

    public void getAll(Instant now) {
        for (var each : List.copyOf(pending)) {
            if (!each.held) {
                pending.remove(each);
                inboxes.computeIfAbsent(each.number, _ -> new ArrayList<>())
                        .add(new Got(each.automatic ? Optional.empty() : Optional.of(each.talk), each.text));
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
                .filter(each -> !each.heard.getOrDefault(number, Instant.MIN).isBefore(last.minus(WINDOW)))
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

    public void says(String number, String text, Instant now, Optional<Long> direct) {
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
            case "help" -> automatic(shown(number, tag, direct), number, "help", AutomaticTexts.help(lineName), now);
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
                            each.number, each.talk, each.text.replace(": " + unique, ": " + shown), false, each.held));
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
            if (each.candidates().contains(talk) && question.choices.values().containsAll(each.candidates())) {
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

    public void decide(String number, boolean confirmed) {
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

    public void move(String text, Talk target) {
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

    public void sweep(Instant now) {
        for (var number : numbers) {
            if (consent(number) == Consent.SUSPECTED && !now.isBefore(decideBy.get(number))) {
                optOut(number);
            }
        }
        for (var number : numbers) {
            expireQuestion(number, now);
        }
        for (var number : numbers) {
            var last = automatic.get("question" + number);
            var asked = lastAsked.getOrDefault(number, Instant.MIN);
            if (consent(number) != Consent.OUT
                    && !questions.containsKey(number)
                    && candidates(number).size() > 1
                    && (last == null || !last.isAfter(now.minus(HOUR)))
                    && waiting.getOrDefault(number, List.of()).stream()
                            .anyMatch(each ->
                                    each.relayed() && each.at().isAfter(now.minus(DAY)) && asked.isBefore(each.at()))) {
                ask(number, candidates(number), now);
            }
        }
    }

    public enum Consent {
        IN,
        SUSPECTED,
        OUT
    }

    /// A conversation of the model.
    public static final class Talk {
        public final long id;
        public final String title;
        final int tag;
        public final Set<String> people;
        final Set<String> left = new TreeSet<>();
        final Map<String, Instant> heard = new HashMap<>();
        boolean isOpen = true;

        Talk(long id, String title, int tag, Set<String> people) {
            this.id = id;
            this.title = title;
            this.tag = tag;
            this.people = people;
        }

        public boolean isGroup() {
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

    /// What a phone has.
    ///
    /// @param order texts with the same come in their order; empty for one that keeps none
    public record Got(Optional<Talk> order, String text) {}
}
