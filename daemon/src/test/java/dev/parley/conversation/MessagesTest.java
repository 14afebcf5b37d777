package dev.parley.conversation;

import dev.parley.account.AccessScope;
import dev.parley.account.Role;
import dev.parley.link.FailureCode;
import dev.parley.problem.Problem;
import dev.parley.sms.NationalLanguage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.parley.conversation.World.ANN;
import static dev.parley.conversation.World.BOB;
import static dev.parley.conversation.World.CHLOE;
import static dev.parley.conversation.World.contact;
import static dev.parley.conversation.World.done;
import static dev.parley.conversation.World.id;
import static dev.parley.conversation.World.number;
import static dev.parley.conversation.World.problem;
import static dev.parley.conversation.World.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MessagesTest {
    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private ConversationView group() {
        return world.create(world.on(world.desk, contact(world.ann), contact(world.bob), number(CHLOE)));
    }

    @ParameterizedTest
    @CsvSource({"911,emergency-number", "112,emergency-number", "411,service-number", "+19005551234,premium-number"})
    void whatIsNoRecipientIsRefusedWithItsReason(String to, String code) {
        var refused = world.messages.postDirect(
                world.admin, new DirectMessage(Optional.of(world.desk.id()), to, NewMessage.now("Hello")));
        assertEquals(code, World.refusal(refused));
        assertEquals(Optional.of("to"), World.problem(refused).field());
    }

    @Test
    void aTextGoesToEachParticipantInItsOwnLane() {
        var group = group();
        var message = world.post(group, "x".repeat(400));
        assertEquals(Map.of("queued", 3), message.summary());
        assertEquals(Optional.of("admin"), message.author().name());
        var deliveries = world.outbox.all();
        assertEquals(
                3, deliveries.stream().map(OutgoingDelivery::lane).distinct().count());
        assertTrue(deliveries.stream().allMatch(each -> each.segments().size() == 3));
        assertEquals(3, message.deliveries().getFirst().parts());
        assertEquals("gsm7", message.deliveries().getFirst().encoding());
    }

    @Test
    void whatCannotBeSentIsRefused() {
        var group = id(group());
        var now = world.clock.instant();
        assertEquals("text-blank", refusal(world.messages.post(world.admin, group, NewMessage.now(" \n"))));
        assertEquals("text-broken", refusal(world.messages.post(world.admin, group, NewMessage.now("a\ud83d"))));
        var long256 = problem(world.messages.post(world.admin, group, NewMessage.now("x".repeat(255 * 153 + 1))));
        assertEquals("text-too-long", long256.code());
        assertEquals(422, long256.status());
        assertTrue(long256.detail().contains("256") && long256.detail().contains("255"), long256.detail());
        assertEquals(
                "expires-too-early",
                refusal(world.messages.post(
                        world.admin, group, new NewMessage("x", Optional.empty(), Optional.of(now)))));
        assertEquals(
                "expires-too-early",
                refusal(world.messages.post(
                        world.admin,
                        group,
                        new NewMessage("x", Optional.of(now.plusSeconds(60)), Optional.of(now.plusSeconds(60))))));
        assertEquals(
                "send-too-late",
                refusal(world.messages.post(
                        world.admin,
                        group,
                        new NewMessage("x", Optional.of(now.plus(Duration.ofDays(400))), Optional.empty()))));
        assertEquals("not-found", refusal(world.messages.post(world.admin, 999, NewMessage.now("x"))));
        assertEquals(List.of(), world.outbox.all());
        world.post(world.create(world.on(world.sales, contact(world.ann), contact(world.bob))), "x".repeat(255 * 153));
    }

    @Test
    void whenEverybodyIsBlockedNothingIsSaidAndTheyAreNamed() {
        var group = world.create(world.on(world.desk, contact(world.ann), contact(world.bob)));
        for (var each : List.of(ANN, BOB)) {
            world.store.transaction(tx -> world.optOuts.optOut(tx, world.desk.id(), each, 1, "STOP"));
        }
        var refused = problem(world.messages.post(world.admin, id(group), NewMessage.now("x")));
        assertEquals(409, refused.status());
        assertEquals("all-blocked", refused.code());
        assertTrue(refused.detail().contains("Ann, Bob"), refused.detail());
        assertEquals(
                List.of("opted-out", "opted-out"),
                refused.reasons().stream().map(Problem.Reason::code).toList());
        assertEquals(
                "all-blocked",
                refusal(world.messages.postDirect(
                        world.admin, new DirectMessage(Optional.of(world.desk.id()), ANN, NewMessage.now("x")))));
    }

    @Test
    void aPlainTextFindsItsLineAndItsConversation() {
        assertEquals("line-needed", refusal(direct(Optional.empty(), CHLOE)));
        var first = done(direct(Optional.of(world.sales.id()), "(202) 555-0113"));
        var second = done(direct(Optional.empty(), CHLOE));
        assertEquals(first.conversation(), second.conversation());
        assertEquals(List.of("Hi", "Hi"), world.outbox.textsTo(CHLOE));
        assertTrue(world.outbox.all().stream().allMatch(each -> each.lineId() == world.sales.id()));
        assertEquals("own-number", refusal(direct(Optional.of(world.desk.id()), world.sales.number())));
        assertEquals("alphanumeric", refusal(direct(Optional.of(world.desk.id()), "ACME")));
        var bad = problem(direct(Optional.of(world.desk.id()), "+1202"));
        assertEquals("bad-number", bad.code());
        assertEquals(Optional.of("to"), bad.field());
        assertEquals("unknown-line", refusal(direct(Optional.of(77L), CHLOE)));
        var member = world.user("member", Role.MEMBER, AccessScope.ASSIGNED, Set.of());
        var unassigned = problem(world.messages.postDirect(
                member, new DirectMessage(Optional.of(world.desk.id()), CHLOE, NewMessage.now("Hi"))));
        assertEquals("not-assigned", unassigned.code());
        assertEquals(Optional.of("to"), unassigned.field());
        done(direct(Optional.of(world.desk.id()), "12345"));
        assertEquals(List.of("Hi"), world.outbox.textsTo("12345"));
    }

    private dev.parley.problem.Outcome<MessageView> direct(Optional<Long> line, String to) {
        return world.messages.postDirect(world.admin, new DirectMessage(line, to, NewMessage.now("Hi")));
    }

    @Test
    void aStatusNeverGoesBackWhateverOrderReportsComeIn() {
        var message = world.post(group(), "Hi");
        long ann = world.deliveryTo(message, ANN);
        long bob = world.deliveryTo(message, BOB);
        var at = world.clock.instant();
        world.store.transaction(tx -> {
            world.deliveries.sending(tx, ann, "modem-1", 1, at);
            world.deliveries.begun(tx, ann, at.plusSeconds(1));
            world.deliveries.delivered(tx, ann, at.plusSeconds(3));
            return Boolean.TRUE;
        });
        assertEquals("delivered", world.statusOf(message, ANN));
        world.store.transaction(tx -> {
            world.deliveries.sent(tx, ann, at.plusSeconds(2));
            world.deliveries.sending(tx, ann, "modem-2", 2, at);
            world.deliveries.failed(tx, ann, FailureCode.EXPIRED, Optional.empty(), "late", at);
            return Boolean.TRUE;
        });
        var shown =
                done(world.messages.get(world.admin, id(message))).deliveries().getFirst();
        assertEquals("delivered", shown.status());
        assertEquals(Optional.of(at.plusSeconds(2)), shown.sentAt());
        assertEquals(Optional.of(at.plusSeconds(3)), shown.deliveredAt());
        assertEquals(Optional.of("modem-1"), shown.link());
        assertEquals(1, shown.attempts());
        assertEquals(Optional.empty(), shown.error());
        world.store.transaction(tx -> {
            world.deliveries.sending(tx, bob, "modem-1", 1, at);
            world.deliveries.postponed(tx, bob, FailureCode.NETWORK_TROUBLE, Optional.of(42), "busy");
            world.deliveries.failed(tx, bob, FailureCode.BARRED, Optional.of(10), "barred", at.plusSeconds(9));
            world.deliveries.delivered(tx, bob, at.plusSeconds(10));
            return Boolean.TRUE;
        });
        var failed =
                done(world.messages.get(world.admin, id(message))).deliveries().get(1);
        assertEquals("failed", failed.status());
        assertEquals(
                new DeliveryError("barred", Optional.of(10), "barred"),
                failed.error().orElseThrow());
    }

    /// A modem's report comes in on another thread than the result of `+CMGS`, often a millisecond earlier.
    @Test
    void nothingIsDeliveredOrFailedBeforeItWasSentWhicheverIsKnownFirst() {
        var message = world.post(group(), "Hi");
        var at = world.clock.instant();
        world.store.transaction(tx -> {
            world.deliveries.delivered(tx, world.deliveryTo(message, ANN), at.plusSeconds(1));
            world.deliveries.sent(tx, world.deliveryTo(message, ANN), at.plusSeconds(2));
            world.deliveries.sent(tx, world.deliveryTo(message, BOB), at.plusSeconds(2));
            world.deliveries.delivered(tx, world.deliveryTo(message, BOB), at.plusSeconds(1));
            world.deliveries.sent(tx, world.deliveryTo(message, CHLOE), at.plusSeconds(2));
            world.deliveries.failed(
                    tx,
                    world.deliveryTo(message, CHLOE),
                    FailureCode.UNREACHABLE,
                    Optional.empty(),
                    "off",
                    at.plusSeconds(1));
            return Boolean.TRUE;
        });
        var shown = done(world.messages.get(world.admin, id(message))).deliveries();
        assertEquals(Optional.of(at.plusSeconds(1)), shown.get(0).sentAt());
        assertEquals(Optional.of(at.plusSeconds(1)), shown.get(0).deliveredAt());
        assertEquals(Optional.of(at.plusSeconds(2)), shown.get(1).deliveredAt());
        assertEquals(Optional.of(at.plusSeconds(2)), shown.get(2).failedAt());
    }

    @Test
    void eachChangedDeliveryIsOneEventATransaction() {
        var message = world.post(group(), "Hi");
        long cursor = world.events.latest();
        var at = world.clock.instant();
        world.store.transaction(tx -> {
            for (var number : List.of(ANN, BOB)) {
                world.deliveries.sending(tx, world.deliveryTo(message, number), "modem-1", 1, at);
                world.deliveries.sent(tx, world.deliveryTo(message, number), at);
            }
            return Boolean.TRUE;
        });
        var events = world.eventsAfter(cursor);
        assertEquals(2, events.size());
        var told = world.json.readTree(events.getFirst().json());
        assertEquals(
                List.of(
                        "message",
                        "conversation",
                        "participant",
                        "number",
                        "display",
                        "status",
                        "queuedAt",
                        "sentAt",
                        "deliveredAt",
                        "failedAt",
                        "link",
                        "attempts",
                        "parts",
                        "encoding",
                        "error"),
                List.copyOf(told.propertyNames()));
        assertEquals("sent", told.path("status").asString(""));
        assertEquals(message.id(), told.path("message").asString(""));
        assertEquals(
                message.conversation().orElseThrow(),
                Long.toString(events.getFirst().scope().conversationId()));
    }

    @Test
    void cancellingTakesBackWhatWasNotHandedOver() {
        var message = world.post(group(), "Hi");
        world.outbox.handOver(world.deliveryTo(message, ANN));
        var cancelled = done(world.messages.cancel(world.admin, id(message)));
        assertEquals(Map.of("queued", 1, "cancelled", 2), cancelled.summary());
        var other = world.post(group(), "Too late");
        for (var each : List.of(ANN, BOB, CHLOE)) {
            world.outbox.handOver(world.deliveryTo(other, each));
        }
        assertEquals("too-late", refusal(world.messages.cancel(world.admin, id(other))));
    }

    @Test
    void failedDeliveriesAreTriedAgain() {
        var message = world.post(group(), "Hi");
        assertEquals("nothing-failed", refusal(world.messages.retry(world.admin, id(message))));
        long ann = world.deliveryTo(message, ANN);
        world.outbox.handOver(ann);
        world.store.transaction(tx -> {
            world.deliveries.failed(tx, ann, FailureCode.UNREACHABLE, Optional.empty(), "off", world.clock.instant());
            return Boolean.TRUE;
        });
        var again = done(world.messages.retry(world.admin, id(message)));
        assertEquals(Map.of("queued", 3), again.summary());
        assertEquals(Optional.empty(), again.deliveries().getFirst().error());
        assertEquals(Optional.empty(), again.deliveries().getFirst().failedAt());
    }

    @Test
    void threadsAreReadPageByPage() {
        var group = group();
        var said = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            said.add(world.post(group, "text " + i).id());
        }
        var first = done(world.threads.list(world.admin, id(group), World.first(3)));
        assertEquals(
                said.reversed().subList(0, 3),
                first.items().stream().map(MessageView::id).toList());
        var second = done(world.threads.list(world.admin, id(group), new PageRequest(3, first.next())));
        assertEquals(
                said.reversed().subList(3, 5),
                second.items().stream().map(MessageView::id).toList());
        assertEquals(Optional.empty(), second.next());
    }

    @Test
    void messagesAreFoundByTextParticipantStatusAndTime() {
        var group = group();
        var early = world.clock.instant();
        var first = world.post(group, "The lorry arrives on Friday, 10% off");
        world.clock.advance(Duration.ofMinutes(5));
        var second = world.post(group, "Ça va? Lorries are late, 東京で");
        long reply = RelayTest.reply(world, id(group), ANN, "Which lorry?");
        world.store.transaction(tx -> {
            world.deliveries.delivered(tx, world.deliveryTo(second, BOB), world.clock.instant());
            return Boolean.TRUE;
        });
        var replyId = Long.toString(reply);
        assertEquals(List.of(replyId, first.id()), found("LORRY"));
        assertEquals(List.of(replyId, second.id(), first.id()), found("lorr"));
        assertEquals(List.of(first.id()), found("the lorry off"));
        assertEquals(List.of(second.id()), found("京で"));
        assertEquals(List.of(first.id()), found("10%"));
        assertEquals(List.of(second.id()), found("ca va"));
        assertEquals(List.of(), found("nothing"));
        assertEquals(
                List.of(second.id()),
                found(
                        Optional.empty(),
                        Optional.of(BOB),
                        Optional.of(DeliveryStatus.DELIVERED),
                        Optional.empty(),
                        Optional.empty()));
        assertEquals(
                List.of(replyId, second.id(), first.id()),
                found(
                        Optional.empty(),
                        Optional.of("202-555-0111"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertEquals(
                List.of(first.id()),
                found(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(DeliveryStatus.QUEUED),
                        Optional.of(early),
                        Optional.of(early.plusSeconds(60))));
    }

    private List<String> found(String query) {
        return found(Optional.of(query), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private List<String> found(
            Optional<String> query,
            Optional<String> participant,
            Optional<DeliveryStatus> status,
            Optional<Instant> from,
            Optional<Instant> until) {
        var ids = new ArrayList<String>();
        Optional<String> cursor = Optional.empty();
        do {
            var page = done(world.services
                    .searches()
                    .search(
                            world.admin,
                            new MessageSearch(query, Optional.empty(), participant, status, from, until),
                            new PageRequest(2, cursor)));
            page.items().forEach(each -> ids.add(each.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        return ids;
    }

    @Test
    void aPreviewCountsThePrefixAndTheBlocked() {
        var plain = done(world.preview("Hello 😀", Optional.empty()));
        assertEquals("ucs2", plain.encoding());
        assertEquals(7, plain.characters());
        assertEquals(1, plain.parts());
        assertEquals(62, plain.remaining());
        assertEquals(1, plain.recipients());
        group();
        var second = world.create(World.titled(
                world.on(world.desk, contact(world.ann), contact(world.bob), number("+12025550139")), "Soccer"));
        var preview = done(world.preview("x".repeat(155), Optional.of(id(second))));
        assertEquals(2, preview.parts());
        assertEquals(3, preview.recipients());
        assertEquals(5, preview.totalParts());
        assertEquals(5, preview.estimatedSeconds());
        assertEquals("text-too-long", refusal(world.preview("x".repeat(255 * 153 + 1), Optional.empty())));
        assertEquals(0, done(world.preview("", Optional.empty())).characters());
    }

    @Test
    void aPreviewShowsWhatTheLineDoesToSaveParts() {
        var quoted = "\u201cSee you at 8\u201d \u2013 " + "x".repeat(100);
        var turkish = "ğüşıöç ".repeat(15);
        assertEquals(
                "ucs2", done(world.preview(quoted, Optional.of(id(group())))).encoding());
        var sales = world.create(world.on(world.sales, contact(world.ann), contact(world.bob)));

        var replaced = done(world.preview(quoted, Optional.of(id(sales))));
        assertTrue(replaced.replaced());
        assertEquals("gsm7", replaced.encoding());
        assertEquals(1, replaced.parts());
        var shifted = done(world.preview(turkish, Optional.of(id(sales))));
        assertFalse(shifted.replaced());
        assertEquals("gsm7", shifted.encoding());
        assertEquals(1, shifted.parts());

        world.post(sales, turkish);
        var segment = world.outbox.all().getLast().segments().getFirst();
        assertEquals(turkish, segment.text());
        assertTrue(segment.locking() == NationalLanguage.TURKISH || segment.single() == NationalLanguage.TURKISH);
    }

    @Test
    void oldMessagesAreDeletedInBites() {
        var group = group();
        var over = world.post(group, "done");
        world.store.transaction(tx -> {
            for (var each : List.of(ANN, BOB, CHLOE)) {
                world.deliveries.delivered(tx, world.deliveryTo(over, each), world.clock.instant());
            }
            return Boolean.TRUE;
        });
        var waiting = world.post(group, "waiting");
        world.clock.advance(Duration.ofDays(1));
        assertEquals(1, world.messages.deleteBite(world.clock.instant(), 100));
        assertEquals(0, world.messages.deleteBite(world.clock.instant(), 100));
        assertEquals("not-found", refusal(world.messages.get(world.admin, id(over))));
        done(world.messages.get(world.admin, id(waiting)));
    }
}
