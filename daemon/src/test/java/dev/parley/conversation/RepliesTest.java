package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Account;
import dev.parley.account.Role;
import dev.parley.contact.ContactChange;
import dev.parley.line.Line;
import dev.parley.problem.Outcome;
import dev.parley.reply.AutomaticTexts;
import dev.parley.reply.LoopGuard;
import dev.parley.reply.OptOutView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.ANN_2;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.CHLOE;
import static dev.parley.conversation.World.DAN;
import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static dev.parley.conversation.World.number;
import static dev.parley.conversation.World.refusal;
import static dev.parley.conversation.World.titled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What becomes of inbound texts, from their storing to what others read. Ann and Bob are contacts,
/// Chloe and Dan are numbers with names.
class RepliesTest {
    private final World world = new World();
    private final Phones phones = new Phones(world);
    private final Line desk = world.desk;

    @AfterEach
    void close() {
        world.close();
    }

    private ConversationView smith() {
        return world.create(
                titled(world.on(desk, contact(world.ann), contact(world.bob), number(CHLOE, "Chloe")), "Smith move"));
    }

    private ConversationView soccer() {
        return world.create(titled(world.on(desk, contact(world.ann), number(DAN, "Dan")), "Soccer"));
    }

    private List<MessageView> thread(ConversationView conversation) {
        return done(world.threads.list(world.admin, id(conversation), World.first(100)))
                .items()
                .reversed();
    }

    private List<String> said(ConversationView conversation) {
        return thread(conversation).stream()
                .filter(each -> each.kind().equals("normal") || each.kind().equals("keyword"))
                .map(each -> each.author().name().or(each.author()::number).orElse("?") + ": "
                        + each.text().orElse("-"))
                .toList();
    }

    private List<String> systemLines(ConversationView conversation) {
        return thread(conversation).stream()
                .filter(each -> each.kind().equals("system"))
                .map(each -> each.text().orElse("-"))
                .toList();
    }

    /// The latest that came in.
    private MessageView last(ConversationView conversation) {
        return thread(conversation).stream()
                .filter(each -> each.direction().equals("inbound"))
                .toList()
                .getLast();
    }

    private List<ConversationView> directs() {
        return done(world.conversations.list(world.admin, World.ALL, World.first(100))).items().stream()
                .filter(each -> each.kind().equals("direct"))
                .toList();
    }

    // Placing and relay

    @Test
    void aReplyLandsInTheOnlyConversationAndGoesToAllOthers() {
        var smith = smith();
        world.post(smith, "Truck at 9");
        phones.getAll();
        phones.says(ANN, desk, "On my way");
        phones.getAll();
        assertEquals(List.of("admin: Truck at 9", "Ann: On my way"), said(smith));
        assertEquals(List.of("Truck at 9"), phones.inbox(ANN));
        assertEquals(List.of("Truck at 9", "Ann: On my way"), phones.inbox(BOB));
        assertEquals(List.of("Truck at 9", "Ann: On my way"), phones.inbox(CHLOE));
        assertEquals("only-candidate", last(smith).routing().orElseThrow().how());
        assertEquals(2, last(smith).deliveries().size());
    }

    @Test
    void withoutRelayOnlyOurSideSeesReplies() {
        var quiet = world.create(new NewConversation(
                Optional.of(desk.id()),
                List.of(contact(world.ann), contact(world.bob)),
                Optional.of(Relay.NONE),
                false,
                Optional.empty(),
                Optional.empty()));
        phones.says(ANN, desk, "Only for you");
        phones.getAll();
        assertEquals(List.of("Ann: Only for you"), said(quiet));
        assertEquals(List.of(), phones.inbox(BOB));
    }

    @Test
    void aSenderWhoseNameHasLettersOfOtherAlphabetsGetsADirectConversation() {
        phones.says("Größe", desk, "Hello");
        phones.says("Аптека", desk, "Hello again");
        assertEquals(
                List.of("Аптека", "Größe"),
                directs().stream()
                        .map(each -> each.participants().getFirst().number())
                        .toList());
    }

    @Test
    void anyoneElseGetsADirectConversation() {
        smith();
        phones.says(ANN_2, desk, "My other phone");
        phones.says("12345", desk, "Your code is 7");
        phones.says("BANK", desk, "Hello");
        assertEquals(
                List.of("BANK", "12345", ANN_2),
                directs().stream()
                        .map(each -> each.participants().getFirst().number())
                        .toList());
        assertEquals(
                List.of("Ann"),
                directs().stream()
                        .filter(each -> each.participants().getFirst().number().equals(ANN_2))
                        .map(each -> each.participants().getFirst().name().orElse(""))
                        .toList());
        assertFalse(directs().getFirst().participants().getFirst().sendable());
        phones.getAll();
        assertEquals(List.of(), phones.inbox(BOB));
    }

    @Test
    void tagsPlaceRepliesAndArePlainTextWhereTheyNameNothing() {
        var smith = smith();
        var soccer = soccer();
        phones.says(ANN, desk, "#2 Goal!");
        phones.says(ANN, desk, "#1: Box");
        phones.says(BOB, desk, "#2 pencils");
        phones.says(BOB, desk, "#1 pencils");
        phones.getAll();
        assertEquals(List.of("Ann: Box", "Bob: #2 pencils", "Bob: pencils"), said(smith));
        assertEquals(List.of("Ann: Goal!"), said(soccer));
        assertEquals(List.of("Ann: Goal!"), phones.inbox(DAN));
        assertEquals(List.of("[#1 Smith move] Bob: #2 pencils", "[#1 Smith move] Bob: pencils"), phones.inbox(ANN));
    }

    @Test
    void whatIsPrivateOpensADirectConversation() {
        var smith = smith();
        phones.says(ANN, desk, "#0 just for you");
        phones.getAll();
        assertEquals(List.of(), said(smith));
        assertEquals(List.of("Ann: just for you"), said(directs().getFirst()));
        assertEquals(List.of(), phones.inbox(BOB));
    }

    @Test
    void theOnlyConversationHeardIsInferred() {
        var smith = smith();
        var soccer = soccer();
        world.post(soccer, "Game at 5");
        phones.getAll();
        phones.says(ANN, desk, "Coming");
        phones.getAll();
        assertEquals(List.of(), said(smith));
        assertEquals("inferred", last(soccer).routing().orElseThrow().how());
        assertEquals(2, last(soccer).routing().orElseThrow().candidates().size());
        assertEquals(List.of("Game at 5", "Ann: Coming"), phones.inbox(DAN));
    }

    @Test
    void aReplyWrittenBeforeTheSecondGroupReachedThePhoneGoesToTheFirst() {
        var smith = smith();
        var soccer = soccer();
        world.post(smith, "Truck at 9");
        phones.getAll();
        world.clock.advance(Duration.ofMinutes(10));
        var written = world.clock.instant();
        world.clock.advance(Duration.ofMinutes(10));
        world.post(soccer, "Game at 5");
        phones.getAll();
        world.clock.advance(Duration.ofMinutes(1));
        phones.says(ANN, desk, "On my way", Optional.of(written));
        phones.getAll();
        assertEquals(List.of("admin: Truck at 9", "Ann: On my way"), said(smith));
        assertEquals(List.of("Game at 5"), phones.inbox(DAN));
    }

    @Test
    void aTextThatIsBeingHandedOverMayHaveBeenRead() {
        smith();
        var soccer = soccer();
        world.post(smithAgain(), "Truck at 9");
        phones.getAll();
        var message = world.post(soccer, "Game at 5");
        phones.isHandedOver(world.deliveryTo(message, ANN));
        world.clock.advance(Duration.ofSeconds(1));
        phones.says(ANN, desk, "Fine");
        assertEquals("unrouted", last(soccer).routing().orElseThrow().how());
    }

    private ConversationView smithAgain() {
        return done(world.conversations.list(world.admin, World.ALL, World.first(100))).items().stream()
                .filter(each -> each.title().equals("Smith move"))
                .findFirst()
                .orElseThrow();
    }

    // Questions

    private void bothHeard(ConversationView smith, ConversationView soccer) {
        world.post(smith, "Truck at 9");
        world.post(soccer, "Game at 5");
        phones.getAll();
        world.clock.advance(Duration.ofMinutes(5));
    }

    @Test
    void inDoubtTheSenderIsAskedOnceAndTheAnswerPlacesAllThatWaits() {
        var smith = smith();
        var soccer = soccer();
        bothHeard(smith, soccer);
        phones.says(ANN, desk, "Late");
        phones.says(ANN, desk, "Very late");
        phones.getAll();
        world.clock.advance(Duration.ofSeconds(30));
        assertEquals(List.of("admin: Game at 5", "+12025550111: Late", "+12025550111: Very late"), said(soccer));
        assertEquals(List.of("Game at 5"), phones.inbox(DAN));
        var asked = phones.inbox(ANN).stream()
                .filter(each -> each.contains("Reply 1"))
                .toList();
        assertEquals(List.of("Who is your text for? Reply 1 for Smith move, 2 for Soccer"), asked);

        phones.says(ANN, desk, "2 pm is fine");
        phones.says(ANN, desk, " 2. ");
        phones.getAll();
        assertEquals(List.of("Game at 5", "Ann: Late", "Ann: Very late", "Ann: 2 pm is fine"), phones.inbox(DAN));
        assertEquals(List.of("admin: Truck at 9"), said(smith));
        assertEquals(List.of("Truck at 9"), phones.inbox(BOB));

        phones.says(ANN, desk, "Really");
        phones.getAll();
        assertEquals("answer", last(soccer).routing().orElseThrow().how());
        world.post(smith, "Truck is here");
        phones.getAll();
        world.clock.advance(Duration.ofSeconds(1));
        phones.says(ANN, desk, "Great");
        assertEquals("unrouted", last(soccer).routing().orElseThrow().how());
    }

    @Test
    void aQuestionIsAskedAtMostOnceAnHourAndIsOpenForADay() {
        var smith = smith();
        var soccer = soccer();
        bothHeard(smith, soccer);
        phones.says(ANN, desk, "Late");
        phones.getAll();
        world.clock.advance(Duration.ofHours(23));
        phones.says(ANN, desk, "1");
        phones.getAll();
        assertEquals(List.of("Truck at 9", "Ann: Late"), phones.inbox(BOB));
        world.post(soccer, "Well?");
        phones.getAll();
        world.clock.advance(Duration.ofSeconds(1));
        phones.says(ANN, desk, "Hm");
        phones.getAll();
        world.clock.advance(Duration.ofHours(24));
        phones.says(ANN, desk, "2");
        assertEquals("unrouted", last(soccer).routing().orElseThrow().how());
        assertEquals(
                2,
                phones.inbox(ANN).stream()
                        .filter(each -> each.contains("Reply 1"))
                        .count());
    }

    @Test
    void whoCouldNotBeAskedIsAskedLater() {
        var smith = smith();
        var soccer = soccer();
        bothHeard(smith, soccer);
        phones.says(ANN, desk, "Late");
        phones.getAll();
        world.clock.advance(Duration.ofSeconds(1));
        phones.says(ANN, desk, "1");
        world.post(soccer, "Well?");
        phones.getAll();
        world.clock.advance(Duration.ofSeconds(1));
        phones.says(ANN, desk, "Hm");
        phones.getAll();
        assertEquals(1, questions());
        world.clock.advance(Duration.ofMinutes(30));
        world.replies.replies().sweep(world.clock.instant());
        assertEquals(1, questions());
        world.clock.advance(Duration.ofMinutes(31));
        world.replies.replies().sweep(world.clock.instant());
        world.replies.replies().sweep(world.clock.instant());
        phones.getAll();
        assertEquals(2, questions());
    }

    private long questions() {
        return phones.inbox(ANN).stream()
                .filter(each -> each.startsWith("Who is your text for?"))
                .count();
    }

    @Test
    void anAnswerBeforeTheQuestionWasHandedOverIsNone() {
        var smith = smith();
        var soccer = soccer();
        bothHeard(smith, soccer);
        phones.says(ANN, desk, "Late");
        world.clock.advance(Duration.ofSeconds(1));
        phones.says(ANN, desk, "2");
        assertEquals(List.of("admin: Game at 5", "+12025550111: Late", "+12025550111: 2"), said(soccer));
    }

    // Opt-out

    @Test
    void stopIsConfirmedOnceAndNothingFollows() {
        var smith = smith();
        var soccer = soccer();
        world.post(smith, "Still waiting");
        phones.says(ANN, desk, "#2 STOP");
        phones.says(ANN, desk, "Stop.");
        phones.says(ANN, desk, "HELP");
        world.post(smith, "Anybody?");
        phones.getAll();
        assertEquals(List.of(AutomaticTexts.OPTED_OUT), phones.inbox(ANN));
        assertEquals(List.of("Still waiting", "Anybody?"), phones.inbox(BOB));
        assertEquals(List.of("Ann opted out and gets no more messages of this line."), systemLines(smith));
        assertEquals(List.of("Ann opted out and gets no more messages of this line."), systemLines(soccer));
        assertEquals(List.of(), phones.inbox(DAN));

        phones.says(ANN, desk, "I am still here");
        phones.getAll();
        assertEquals(List.of("Still waiting", "Anybody?"), phones.inbox(BOB));
        assertEquals(List.of("Ann: I am still here"), said(directs().getFirst()));

        phones.says(ANN, desk, "yes");
        world.post(smith, "Welcome");
        phones.getAll();
        assertEquals(
                List.of(AutomaticTexts.OPTED_OUT, AutomaticTexts.OPTED_IN, "[#1 Smith move] Welcome"),
                phones.inbox(ANN));
        world.clock.advance(Duration.ofHours(2));
        phones.says(ANN, desk, "STOP");
        phones.getAll();
        assertEquals(AutomaticTexts.OPTED_OUT, phones.inbox(ANN).getLast());
    }

    @Test
    void yesIsAnOrdinaryTextOfWhoIsIn() {
        smith();
        phones.says(ANN, desk, "Yes");
        phones.getAll();
        assertEquals(List.of("Ann: Yes"), phones.inbox(BOB));
    }

    @Test
    void helpIsAnsweredAtMostOnceAnHourAndOnlyToNumbers() {
        smith();
        phones.says(ANN, desk, "help");
        phones.says(ANN, desk, "INFO");
        phones.says("12345", desk, "HELP");
        phones.getAll();
        assertEquals(List.of(AutomaticTexts.help("Front desk")), phones.inbox(ANN));
        assertEquals(List.of(), phones.inbox("12345"));
        assertEquals(List.of(), phones.inbox(BOB));
    }

    @Test
    void freerWordingHoldsSendingUntilADayIsOver() {
        var smith = smith();
        phones.says(ANN, desk, "Please stop texting me");
        world.post(smith, "Anybody?");
        phones.getAll();
        assertEquals(List.of(), phones.inbox(ANN));
        assertEquals(List.of("Anybody?"), phones.inbox(BOB));
        world.replies.replies().sweep(world.clock.instant());
        assertEquals("suspected", only().state());
        world.clock.advance(Duration.ofDays(1));
        world.replies.replies().sweep(world.clock.instant());
        assertEquals("opted-out", only().state());
        phones.getAll();
        assertEquals(List.of(), phones.inbox(ANN));
    }

    private OptOutView only() {
        return done(world.optOuts.list(world.admin, World.first(10))).items().getFirst();
    }

    @Test
    void dismissedWordingLetsGoWhatWaited() {
        var smith = smith();
        phones.says(ANN, desk, "Please stop texting me");
        world.post(smith, "Anybody?");
        done(world.optOuts.dismiss(world.admin, Long.parseLong(only().id())));
        phones.getAll();
        assertEquals(List.of("Anybody?"), phones.inbox(ANN));
        assertEquals(List.of("Anybody?"), phones.inbox(BOB));
    }

    // Leave

    @Test
    void leaveLeavesOneGroupAndJoinUndoesIt() {
        var smith = smith();
        var soccer = soccer();
        phones.says(ANN, desk, "#2 LEAVE");
        world.post(soccer, "Game at 5");
        world.post(smith, "Truck at 9");
        phones.getAll();
        assertEquals(List.of(AutomaticTexts.left(2, "Soccer"), "Truck at 9"), phones.inbox(ANN));
        phones.says(ANN, desk, "Fine");
        assertEquals("only-candidate", last(smith).routing().orElseThrow().how());
        phones.says(ANN, desk, "JOIN #2");
        world.post(soccer, "Game at 6");
        phones.getAll();
        assertEquals(AutomaticTexts.joined(2, "Soccer"), phones.inbox(ANN).get(2));
        assertEquals("[#2 Soccer] Game at 6", phones.inbox(ANN).get(3));
        assertEquals(List.of("Ann left the group.", "Ann is back in the group."), systemLines(soccer));
        assertEquals(List.of("Game at 5", "Game at 6"), phones.inbox(DAN));
    }

    @Test
    void leaveWithoutATagIsAskedAboutAndSendingWaits() {
        var smith = smith();
        var soccer = soccer();
        phones.says(ANN, desk, "Leave");
        world.post(soccer, "Game at 5");
        world.post(smith, "Truck at 9");
        phones.getAll();
        world.clock.advance(Duration.ofSeconds(1));
        assertEquals(
                List.of("Which group do you want to leave? Reply 1 for Smith move, 2 for Soccer"), phones.inbox(ANN));
        phones.says(ANN, desk, "2");
        phones.getAll();
        assertEquals(
                Set.of(
                        "Which group do you want to leave? Reply 1 for Smith move, 2 for Soccer",
                        AutomaticTexts.left(2, "Soccer"),
                        "[#1 Smith move] Truck at 9"),
                Set.copyOf(phones.inbox(ANN)));
        assertEquals(List.of("Game at 5"), phones.inbox(DAN));
    }

    @Test
    void whoDoesNotSayWhichGroupHasLeftThemAfterADay() {
        var smith = smith();
        soccer();
        phones.says(ANN, desk, "Leave");
        world.clock.advance(Duration.ofDays(1));
        world.replies.replies().sweep(world.clock.instant());
        world.post(smith, "Anybody?");
        phones.getAll();
        assertFalse(phones.inbox(ANN).contains("Anybody?"));
        assertTrue(systemLines(smith).contains("Ann left the group."));
    }

    // Users

    @Test
    void aMemberWhoMayNotSeeEveryCandidateSeesNoText() {
        var smith = smith();
        var soccer = world.create(titled(world.on(desk, number(ANN), number(DAN, "Dan")), "Soccer"));
        bothHeard(smith, soccer);
        var dan = world.user("dan", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        done(world.contacts.change(
                world.admin,
                world.bob.id(),
                new ContactChange(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Optional.of(dan.id())),
                        Optional.empty())));
        phones.says(ANN, desk, "A secret");
        var seen = done(world.threads.list(dan, id(smith), World.first(10))).items().stream()
                .filter(each -> each.conversation().isEmpty())
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.empty(), seen.text());
        assertEquals(List.of(smith.id()), seen.routing().orElseThrow().candidates());
        assertEquals("not-found", refusal(world.threads.list(dan, id(soccer), World.first(10))));
        assertEquals("forbidden", refusal(move(dan, seen, smith, true)));
        for (var event : world.eventsAfter(0)) {
            assertFalse(event.json().contains("A secret"), event.json());
        }
        assertTrue(said(smith).contains("+12025550111: A secret"));
    }

    private Outcome<MessageView> move(Account actor, MessageView message, ConversationView to, boolean relay) {
        return world.store.transaction(tx -> world.replies.moves().move(tx, actor, id(message), id(to), relay));
    }

    @Test
    void aMoveRelaysToThoseWhoDidNotGetIt() {
        var smith = smith();
        var soccer = world.create(
                titled(world.on(desk, contact(world.ann), contact(world.bob), number(DAN, "Dan")), "Soccer"));
        world.post(smith, "Truck at 9");
        phones.getAll();
        phones.says(ANN, desk, "Goal");
        phones.getAll();
        var moved = done(move(world.admin, last(smith), soccer, true));
        phones.getAll();
        assertEquals(Optional.of(soccer.id()), moved.conversation());
        assertEquals("moved", moved.routing().orElseThrow().how());
        assertEquals(List.of("Ann: Goal"), phones.inbox(DAN));
        assertEquals(List.of("[#1 Smith move] Truck at 9", "[#1 Smith move] Ann: Goal"), phones.inbox(BOB));
        assertEquals(List.of("admin: Truck at 9"), said(smith));
        assertEquals("sender-not-included", refusal(move(world.admin, moved, bobs(), true)));
        done(world.conversations.close(world.admin, id(smith)));
        assertEquals("conversation-closed", refusal(move(world.admin, moved, smith, true)));
    }

    private ConversationView bobs() {
        return world.create(world.on(desk, contact(world.bob), number(DAN)));
    }

    @Test
    void aMoveWithoutRelayTellsNobody() {
        var smith = smith();
        var soccer = soccer();
        bothHeard(smith, soccer);
        phones.says(ANN, desk, "Goal");
        done(move(world.admin, last(soccer), soccer, false));
        phones.getAll();
        assertEquals(List.of("Game at 5"), phones.inbox(DAN));
        assertEquals(List.of("admin: Game at 5", "Ann: Goal"), said(soccer));
        assertEquals(List.of("admin: Truck at 9"), said(smith));
    }

    // Loops

    @Test
    void loopsAreStoppedAndSaidSo() {
        var smith = smith();
        for (int i = 0; i < LoopGuard.RELAYED_MAX + 5; i++) {
            phones.says(ANN, desk, "Out of office " + i);
        }
        phones.getAll();
        assertEquals(LoopGuard.RELAYED_MAX, phones.inbox(BOB).size());
        assertEquals(1, systemLines(smith).size());
        assertTrue(systemLines(smith).getFirst().contains("loop"));
        phones.says(BOB, desk, "Ann: Out of office 3");
        assertEquals(2, systemLines(smith).size());
    }

    @Test
    void ourOwnLineIsShownAndNeverAnswered() {
        phones.says(world.sales.number(), desk, "HELP");
        phones.says(world.sales.number(), desk, "STOP");
        phones.getAll();
        assertEquals(List.of(), phones.inbox(world.sales.number()));
        assertEquals(1, systemLines(directs().getFirst()).size());
    }

    @Test
    void closedConversationsAreNoCandidates() {
        var smith = smith();
        var soccer = soccer();
        done(world.conversations.close(world.admin, id(smith)));
        phones.says(ANN, desk, "Goal");
        assertEquals("only-candidate", last(soccer).routing().orElseThrow().how());
        assertEquals(List.of(), said(smith));
    }
}
