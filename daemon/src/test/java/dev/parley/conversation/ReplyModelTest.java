package dev.parley.conversation;

import dev.parley.contact.Contact;
import dev.parley.contact.ContactChange;
import dev.parley.problem.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
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

    private final World world = new World();
    private final Phones phones = new Phones(world);
    private final ReplyModel model = new ReplyModel("Front desk", NUMBERS, ReplyModelTest::name);
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
                    model.inbox(number).stream().map(ReplyModel.Got::text).toList(),
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
            var shown = done(world.services
                            .searches()
                            .search(
                                    world.admin,
                                    new MessageSearch(
                                            Optional.of(said.getKey()),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty()),
                                    World.first(10)))
                    .items()
                    .stream()
                    .filter(each -> each.direction().equals("inbound"))
                    .toList();
            for (var each : shown) {
                assertEquals(
                        said.getValue().map(conversation -> Long.toString(conversation.id)),
                        each.conversation().map(HitView.Place::id),
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
        world.replies.replies().sweep(now());
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
        if (people.stream()
                        .anyMatch(each -> model.consent(each) == ReplyModel.Consent.OUT || model.silent.contains(each))
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
                                false,
                                false,
                                Optional.empty(),
                                Optional.of(number),
                                Optional.empty()),
                        World.first(1)))
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
        var message = done(world.services
                        .searches()
                        .search(
                                world.admin,
                                new MessageSearch(
                                        Optional.of(text),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                World.first(10)))
                .items()
                .stream()
                .filter(each -> each.direction().equals("inbound"))
                .findFirst();
        if (message.isEmpty()) {
            return "nothing";
        }
        done(world.store.transaction(tx -> world.replies
                .moves()
                .move(tx, world.admin, Long.parseLong(message.get().id()), target.id, true)));
        model.move(text, target);
        return "move " + text + " to " + target.title;
    }

    private String decide() {
        var suspected = NUMBERS.stream()
                .filter(each -> model.consent(each) == ReplyModel.Consent.SUSPECTED)
                .toList();
        if (suspected.isEmpty()) {
            return "nothing";
        }
        var number = any(suspected);
        boolean confirmed = random.nextBoolean();
        long optOut = done(world.optOuts.list(world.admin, World.first(50))).items().stream()
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
}
