package dev.parley.sms;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// TP-ST by 3GPP TS 23.040 §9.2.3.15: the edges of its ranges.
class StatusTest {

    @ParameterizedTest(name = "{0} {4}")
    @CsvSource(delimiter = '|', useHeadersInDisplayName = true, textBlock = """
            octet | class                  | outcome      | final | sentence
            0x00  | COMPLETED              | DELIVERED    | true  | Delivered to the phone.
            0x01  | COMPLETED              | UNCONFIRMED  | true  | Forwarded, but the network cannot confirm that the phone got it.
            0x02  | COMPLETED              | FAILED       | true  | Replaced at the network by a later message before it was delivered.
            0x1F  | COMPLETED              | UNCONFIRMED  | true  | Completed, the network does not say how (0x1F); it is not known whether the phone got it.
            0x20  | TEMPORARY_STILL_TRYING | STILL_TRYING | false | Not delivered yet, the network keeps trying: it is congested.
            0x25  | TEMPORARY_STILL_TRYING | STILL_TRYING | false | Not delivered yet, the network keeps trying: the phone reported an error.
            0x3F  | TEMPORARY_STILL_TRYING | STILL_TRYING | false | Not delivered yet, the network keeps trying: a reason of the network's own (0x3F).
            0x40  | PERMANENT              | FAILED       | true  | Not delivered: the networks could not talk to each other (remote procedure error).
            0x46  | PERMANENT              | FAILED       | true  | Not delivered: its validity ended before the phone could be reached.
            0x5F  | PERMANENT              | FAILED       | true  | Not delivered: a reason of the network's own (0x5F).
            0x60  | TEMPORARY_STOPPED      | FAILED       | true  | Not delivered, and the network has stopped trying: it is congested.
            0x7F  | TEMPORARY_STOPPED      | FAILED       | true  | Not delivered, and the network has stopped trying: a reason of the network's own (0x7F).
            0x80  | RESERVED               | FAILED       | true  | Not delivered: the network gave a status that the standard does not define (0x80).
            """)
    void says(String octet, Status.StatusClass statusClass, Status.Outcome outcome, boolean isFinal, String sentence) {
        var status = new Status(Integer.decode(octet));
        assertAll(
                () -> assertEquals(statusClass, status.statusClass()),
                () -> assertEquals(outcome, status.outcome()),
                () -> assertEquals(isFinal, status.isFinal()),
                () -> assertEquals(sentence, status.sentence()));
    }

    @Test
    void eachOfThe256HasASentence() {
        for (int octet = 0; octet < 256; octet++) {
            var status = new Status(octet);
            assertTrue(status.sentence().endsWith("."));
            assertEquals(status.delivered(), status.outcome() == Status.Outcome.DELIVERED);
        }
    }
}
