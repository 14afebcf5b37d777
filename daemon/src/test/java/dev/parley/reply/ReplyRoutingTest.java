package dev.parley.reply;

import dev.parley.conversation.InboundText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// Times are seconds before (−) or after the arrival of the reply.
class ReplyRoutingTest {
    private static final ReplyRouting.Settings SETTINGS =
            new ReplyRouting.Settings(Duration.ofDays(2), Duration.ofMinutes(2));
    private static final Instant ARRIVAL = Instant.parse("2026-03-01T12:00:00Z");

    private static final long SMITH = 101;
    private static final long SOCCER = 102;
    private static final long DIRECT = 100;

    private static Instant at(long seconds) {
        return ARRIVAL.plusSeconds(seconds);
    }

    private static InboundText reply(String text) {
        return reply(text, Optional.empty());
    }

    private static InboundText reply(String text, Optional<Instant> scts) {
        return new InboundText(1, "+12025550111", text, scts, ARRIVAL, "modem-1");
    }

    private static ReplyRouting.HandedOver text(long seconds) {
        return new ReplyRouting.HandedOver(at(seconds), Optional.empty());
    }

    private static ReplyRouting.HandedOver delivered(long seconds, long reported) {
        return new ReplyRouting.HandedOver(at(seconds), Optional.of(at(reported)));
    }

    private static ReplyRouting.Candidate smith(ReplyRouting.HandedOver... texts) {
        return new ReplyRouting.Candidate(SMITH, 1, List.of(texts));
    }

    private static ReplyRouting.Candidate soccer(ReplyRouting.HandedOver... texts) {
        return new ReplyRouting.Candidate(SOCCER, 2, List.of(texts));
    }

    private static ReplyRouting.Candidate direct(ReplyRouting.HandedOver... texts) {
        return new ReplyRouting.Candidate(DIRECT, 0, List.of(texts));
    }

    private static String decided(InboundText reply, ReplyRouting.Candidate... candidates) {
        return shown(ReplyRouting.decide(reply, List.of(candidates), Optional.empty(), SETTINGS));
    }

    private static String shown(ReplyRouting.Placement placement) {
        return switch (placement) {
            case ReplyRouting.Placement.To(long conversation, var how, var text, var _) ->
                conversation + " " + how.label() + ": " + text;
            case ReplyRouting.Placement.ToNewDirect(var how, var text, var _) -> "new " + how.label() + ": " + text;
            case ReplyRouting.Placement.Unrouted(var why, var _, var _) -> "unrouted " + why.label();
        };
    }

    @Test
    void whoHasNoConversationGetsADirectOne() {
        assertEquals("new new-direct: hi", decided(reply("hi")));
        assertEquals("new new-direct: #2 hi", decided(reply("#2 hi")));
    }

    @Test
    void oneCandidateGetsItWhateverWasHeard() {
        assertEquals("101 only-candidate: hi", decided(reply("hi"), smith()));
        assertEquals("101 only-candidate: hi", decided(reply("#1 hi"), smith()));
        assertEquals("101 only-candidate: #2 hi", decided(reply("#2 hi"), smith()));
        assertEquals("101 only-candidate: #1", decided(reply("#1"), smith()));
        assertEquals("100 only-candidate: hi", decided(reply("#0 hi"), direct()));
    }

    @Test
    void aTagBeatsAllEvidence() {
        assertEquals("102 tag: hi", decided(reply("#2 hi"), smith(text(-5)), soccer()));
        assertEquals("102 tag: hi", decided(reply("[#2 Soccer] hi"), smith(text(-5)), soccer()));
        assertEquals("100 tag: hi", decided(reply("#0 hi"), smith(text(-5)), direct()));
        assertEquals("101 inferred: #3 hi", decided(reply("#3 hi"), smith(text(-5)), soccer()));
    }

    @Test
    void aPrivateTextOpensADirectConversationRatherThanReachAGroup() {
        assertEquals("new tag: hi", decided(reply("#0 hi"), smith(text(-5))));
        assertEquals("new tag: hi", decided(reply("#0 hi"), smith(text(-5)), soccer()));
    }

    @Test
    void theOnlyConversationHeardIsInferred() {
        assertEquals("101 inferred: hi", decided(reply("hi"), smith(text(-5)), soccer()));
        assertEquals("100 inferred: hi", decided(reply("hi"), direct(text(-5)), soccer(), smith()));
    }

    @Test
    void severalOrNoneHeardIsInDoubt() {
        assertEquals("unrouted several-heard", decided(reply("hi"), smith(text(-5)), soccer(text(-3600))));
        assertEquals("unrouted none-heard", decided(reply("hi"), smith(), soccer()));
        assertEquals("unrouted none-heard", decided(reply("hi"), smith(text(0)), soccer(text(1))));
    }

    /// The window of 48 h ends with the last text heard, not with the reply.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            smith   | soccer  | placement
            -5      | -172806 | 101 inferred: hi
            -5      | -172805 | unrouted several-heard
            -900000 | -72800  | 102 inferred: hi
            -900000 | -800000 | unrouted several-heard
            """, useHeadersInDisplayName = true)
    void theWindowEndsWithTheLastTextHeard(long smith, long soccer, String placement) {
        assertEquals(placement, decided(reply("hi"), smith(text(smith)), soccer(text(soccer))));
    }

    /// Smith was heard an hour ago. Soccer's text was handed over 600 s before the reply arrived and
    /// its report came at `report`; the reply's SCTS is `scts`.
    @ParameterizedTest
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            case                                           | scts   | report | placement
            written before the margin                      | -1000  | -500   | 101 inferred: hi
            one second past the margin                     | -621   | -500   | 101 inferred: hi
            the margin itself is doubt                     | -620   | -500   | unrouted several-heard
            written after the report                       | -400   | -500   | unrouted several-heard
            a report after the arrival still counts        | -300   | 30     | 101 inferred: hi
            an SCTS of 24 h ago counts                     | -86400 | -500   | 101 inferred: hi
            an older one does not, the arrival stands      | -86401 | -500   | unrouted several-heard
            an SCTS ahead by the margin counts             | 120    | 240    | unrouted several-heard
            one further ahead does not                     | 121    | 240    | 101 inferred: hi
            """)
    void aReplyWrittenWellBeforeATextArrivedIsNoReplyToIt(String name, long scts, long report, String placement) {
        var reply = reply("hi", Optional.of(at(scts)));
        assertEquals(placement, decided(reply, smith(text(-3600)), soccer(delivered(-600, report))), name);
    }

    @Test
    void overSmppTheArrivalStandsForTheScts() {
        assertEquals("unrouted several-heard", decided(reply("hi"), smith(text(-3600)), soccer(delivered(-600, 120))));
        assertEquals("101 inferred: hi", decided(reply("hi"), smith(text(-3600)), soccer(delivered(-600, 121))));
    }

    @Test
    void aTextWithoutReportIsTakenAsHeard() {
        var reply = reply("hi", Optional.of(at(-1000)));
        assertEquals("unrouted several-heard", decided(reply, smith(text(-3600)), soccer(text(-600))));
    }

    @Test
    void oneTextHeardIsEnoughThoughAnotherCameLate() {
        var reply = reply("hi", Optional.of(at(-1000)));
        assertEquals(
                "unrouted several-heard",
                decided(reply, smith(text(-3600)), soccer(delivered(-600, -500), delivered(-5000, -4990))));
    }

    @Test
    void theEvidenceIsKept() {
        var placement = ReplyRouting.decide(
                reply("hi"), List.of(smith(text(-5), text(-60)), soccer()), Optional.empty(), SETTINGS);
        assertEquals(
                List.of(
                        new ReplyRouting.Weighed(SMITH, 1, Optional.of(at(-5))),
                        new ReplyRouting.Weighed(SOCCER, 2, Optional.empty())),
                placement.candidates());
    }

    private static String answered(long seconds, ReplyRouting.Candidate... candidates) {
        return shown(ReplyRouting.decide(
                reply("hi"),
                List.of(candidates),
                Optional.of(new ReplyRouting.Answered(SOCCER, at(seconds))),
                SETTINGS));
    }

    @Test
    void anAnswerIsEvidenceUntilAnotherCandidateReachesThatPhone() {
        assertEquals("102 answer: hi", answered(-50, smith(text(-60)), soccer(text(-60))));
        assertEquals("102 answer: hi", answered(-50, smith(text(-60)), soccer(text(-10))));
        assertEquals("102 answer: hi", answered(-50, smith(delivered(-60, -51)), soccer()));
        assertEquals("unrouted several-heard", answered(-50, smith(text(-40)), soccer(text(-60))));
        assertEquals("unrouted several-heard", answered(-50, smith(delivered(-60, -40)), soccer(text(-60))));
        assertEquals("101 inferred: hi", answered(-50, smith(text(-40)), soccer()));
        assertEquals("101 inferred: hi", answered(-50, smith(text(-40)), direct()));
    }

    @Test
    void anAnswerForAConversationThatIsNoCandidateAnyMoreIsNone() {
        assertEquals("unrouted several-heard", answered(-50, smith(text(-60)), direct(text(-70))));
    }

    @Test
    void aTagBeatsAnAnswer() {
        var placement = ReplyRouting.decide(
                reply("#1 hi"),
                List.of(smith(text(-60)), soccer(text(-60))),
                Optional.of(new ReplyRouting.Answered(SOCCER, at(-50))),
                SETTINGS);
        assertEquals(
                SMITH,
                assertInstanceOf(ReplyRouting.Placement.To.class, placement).conversation());
    }
}
