package dev.parley.modem;

import dev.parley.modem.FieldCase.Paced;
import dev.parley.modem.FieldCase.Sent1;
import dev.parley.modem.FieldCase.Sick;
import dev.parley.modem.FieldCase.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The odd modems of the field, each by the id of its row. A letter is a kind; what a kind is stands in
/// the rows.
final class FieldCases {
    private static final String UNCLOSED = "+CUSD: 2,\"Balance 12,34 USD, good until 2030-01-02 03:04:05. Plus5";

    private FieldCases() {}

    static Map<String, Supplier<FieldCase>> all() {
        var cases = new TreeMap<String, Supplier<FieldCase>>();
        cases.put("A1_StaysAfterOk", A1_StaysAfterOk::new);
        cases.put("A2_StaysAfterError", A2_StaysAfterError::new);
        cases.put("A3_MovesUp", A3_MovesUp::new);
        cases.put("A4_SaysThatNothingIsDeleted", A4_SaysThatNothingIsDeleted::new);
        cases.put("A5_AliasedMemories", A5_AliasedMemories::new);
        cases.put("A6_SaysThatOkDeletesNothing", A6_SaysThatOkDeletesNothing::new);
        cases.put("B1_UnclosedUssdWhileSending", B1_UnclosedUssdWhileSending::new);
        cases.put("B2_UnclosedUssdThenText", B2_UnclosedUssdThenText::new);
        cases.put("B3_UnclosedUssdBeforeThePrompt", B3_UnclosedUssdBeforeThePrompt::new);
        cases.put("B4_UnclosedUssdBeforeAResultAlone", B4_UnclosedUssdBeforeAResultAlone::new);
        cases.put("C1_NoSim", C1_NoSim::new);
        cases.put("C2_PinIsAskedLate", C2_PinIsAskedLate::new);
        cases.put("C3_BusyAndTalkative", C3_BusyAndTalkative::new);
        cases.put("C4_NoNetworkForTexts", C4_NoNetworkForTexts::new);
        cases.put("D1_SimBusyAtStart", D1_SimBusyAtStart::new);
        cases.put("D2_CannotTell", D2_CannotTell::new);
        cases.put("D3_BusyInOtherWords", D3_BusyInOtherWords::new);
        cases.put("D4_SaysThatItTells", D4_SaysThatItTells::new);
        cases.put("E1_AsksForItsPinAgain", E1_AsksForItsPinAgain::new);
        cases.put("E2_ForgetsItsSettings", E2_ForgetsItsSettings::new);
        cases.put("E3_SimIsTakenOutAndPutBack", E3_SimIsTakenOutAndPutBack::new);
        cases.put("E4_ForgetsToTell", E4_ForgetsToTell::new);
        cases.put("F1_EveryNumberUnknown", F1_EveryNumberUnknown::new);
        cases.put("F2_EveryPduInvalid", F2_EveryPduInvalid::new);
        cases.put("F3_PassesByItself", F3_PassesByItself::new);
        cases.put("F4_InNoWords", F4_InNoWords::new);
        cases.put("F5_ThreeWrongNumbersFirst", F5_ThreeWrongNumbersFirst::new);
        cases.put("G1_HandedOverAndStored", G1_HandedOverAndStored::new);
        cases.put("G2_NetworkRepeats", G2_NetworkRepeats::new);
        cases.put("G3_ByAnotherSmsc", G3_ByAnotherSmsc::new);
        cases.put("G4_TwoPeopleAtOnce", G4_TwoPeopleAtOnce::new);
        cases.put("H1_NoPlacesInSim", H1_NoPlacesInSim::new);
        cases.put("H2_NoPlacesWhenAsked", H2_NoPlacesWhenAsked::new);
        cases.put("H3_NoPlacesInTheModem", H3_NoPlacesInTheModem::new);
        cases.put("I1_ReferenceComesAgain", I1_ReferenceComesAgain::new);
        cases.put("I2_LeftOverComesLast", I2_LeftOverComesLast::new);
        cases.put("I3_HalfAnHourBetween", I3_HalfAnHourBetween::new);
        cases.put("J1_ToldTooEarly", J1_ToldTooEarly::new);
        cases.put("J2_LiesInAnotherMemory", J2_LiesInAnotherMemory::new);
        cases.put("J3_NotListedEither", J3_NotListedEither::new);
        cases.put("J4_ErrorInPlaceOfIt", J4_ErrorInPlaceOfIt::new);
        cases.put("K1_ThreeNames", K1_ThreeNames::new);
        cases.put("K2_ThreeAlike", K2_ThreeAlike::new);
        cases.put("K3_TwoAreTooFewAndThreeTooMany", K3_TwoAreTooFewAndThreeTooMany::new);
        cases.put("L1_ReportsByIndex", L1_ReportsByIndex::new);
        cases.put("L2_ReportsOfAWrongMemory", L2_ReportsOfAWrongMemory::new);
        cases.put("L3_ReportsByALargeIndex", L3_ReportsByALargeIndex::new);
        cases.put("M1_ReportsSwitchedOff", M1_ReportsSwitchedOff::new);
        cases.put("M2_NetworkRefusesReports", M2_NetworkRefusesReports::new);
        cases.put("M3_NetworkHasNoReports", M3_NetworkHasNoReports::new);
        cases.put("M4_RefusesReportsInNoWords", M4_RefusesReportsInNoWords::new);
        cases.put("M5_CallsTheRequestInvalid", M5_CallsTheRequestInvalid::new);
        cases.put("N1_PacketOnly", N1_PacketOnly::new);
        cases.put("N2_FifthGenerationOnly", N2_FifthGenerationOnly::new);
        cases.put("N3_WithoutTheSetting", N3_WithoutTheSetting::new);
        cases.put("O1_Backwards", O1_Backwards::new);
        cases.put("O2_ToldBackwards", O2_ToldBackwards::new);
        cases.put("P1_RadioHasToBeSwitched", P1_RadioHasToBeSwitched::new);
        cases.put("P2_NoSmsc", P2_NoSmsc::new);
        cases.put("P3_NoMemory", P3_NoMemory::new);
        cases.put("P4_LittleEndian", P4_LittleEndian::new);
        cases.put("P5_CutOff", P5_CutOff::new);
        cases.put("P6_UssdInHex", P6_UssdInHex::new);
        cases.put("P7_SmscIsSetLater", P7_SmscIsSetLater::new);
        cases.put("X1_Ordinary", X1_Ordinary::new);
        cases.put("X2_TwoEqualTexts", X2_TwoEqualTexts::new);
        cases.put("X3_UssdOfThreeLines", X3_UssdOfThreeLines::new);
        cases.put("X4_OneWrongNumber", X4_OneWrongNumber::new);
        cases.put("X5_NoListing", X5_NoListing::new);
        cases.put("X6_PlaceTakenAgain", X6_PlaceTakenAgain::new);
        cases.put("X7_ReferenceZeroOneByOne", X7_ReferenceZeroOneByOne::new);
        cases.put("X8_NoNetworkAtAll", X8_NoNetworkAtAll::new);
        cases.put("X9_NetworkGoneForAWhile", X9_NetworkGoneForAWhile::new);
        cases.put("X10_OkBeforeThePdu", X10_OkBeforeThePdu::new);
        return cases;
    }

    static class A1_StaysAfterOk extends Texts {
        A1_StaysAfterOk() {
            super(25, false, "stuck");
        }

        @Override
        void cmgd(int index) {
            ok();
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "stuck", Instant.now()));
            later(6, () -> rig.restart(this));
            later(12, () -> rig.restart(this));
        }
    }

    static class A2_StaysAfterError extends A1_StaysAfterOk {
        @Override
        void cmgd(int index) {
            error("+CMS ERROR: 321");
        }
    }

    static class A3_MovesUp extends Texts {
        A3_MovesUp() {
            super(25, false, "up 0", "up 1", "up 2", "up 3");
        }

        @Override
        void before() {
            for (int i = 0; i < 4; i++) {
                store(FieldPdus.deliver(ANN, "up " + i, ago(60 - i)), "SM");
            }
        }

        @Override
        void cmgd(int index) {
            if (place().remove(index) == null) {
                error("+CMS ERROR: 321");
                return;
            }
            var left = List.copyOf(place().values());
            place().clear();
            left.forEach(kept -> place().put(place().size(), kept));
            ok();
        }

        @Override
        void act(Rig rig) {
            later(4, () -> rig.restart(this));
            later(10, () -> rig.restart(this));
        }
    }

    static class A4_SaysThatNothingIsDeleted extends Texts {
        A4_SaysThatNothingIsDeleted() {
            super(45, true, "for ever");
        }

        @Override
        void cmgd(int index) {
            error("ERROR");
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "for ever", Instant.now()));
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return super.wrong(seen)
                    .or(() -> unless(seen.sentence(this).contains("deleted"), "the sentence " + seen.sentence(this)));
        }
    }

    static class A5_AliasedMemories extends Texts {
        A5_AliasedMemories() {
            super(15, false, "one", "two");
        }

        @Override
        void before() {
            store(FieldPdus.deliver(ANN, "one", ago(5)), "SM");
            stored.put("ME", place("SM"));
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "two", Instant.now()));
            later(5, () -> rig.restart(this));
        }
    }

    static class A6_SaysThatOkDeletesNothing extends A4_SaysThatNothingIsDeleted {
        @Override
        void cmgd(int index) {
            ok();
        }
    }

    static class B1_UnclosedUssdWhileSending extends Sent1 {
        B1_UnclosedUssdWhileSending() {
            super(20);
        }

        @Override
        void pdu(String digits) {
            say(UNCLOSED);
            super.pdu(digits);
        }
    }

    static class B2_UnclosedUssdThenText extends Texts {
        B2_UnclosedUssdThenText() {
            super(15, true, "after the balance");
        }

        {
            offersCnmi = "(2),(2),(0),(1),(0)";
        }

        @Override
        void act(Rig rig) {
            say(UNCLOSED);
            receive(FieldPdus.deliver(ANN, "after the balance", Instant.now()));
        }
    }

    static class B3_UnclosedUssdBeforeThePrompt extends Sent1 {
        B3_UnclosedUssdBeforeThePrompt() {
            super(20);
        }

        @Override
        void cmgs(String value) {
            say(UNCLOSED);
            prompt();
        }
    }

    static class B4_UnclosedUssdBeforeAResultAlone extends Sent1 {
        B4_UnclosedUssdBeforeAResultAlone() {
            super(30);
        }

        @Override
        void csq() {
            say(UNCLOSED);
            ok();
        }
    }

    static class C1_NoSim extends Paced {
        @Override
        void cpin(String value) {
            error("+CME ERROR: 10");
        }
    }

    static class C2_PinIsAskedLate extends FieldCase {
        double asksAfter = 3;

        C2_PinIsAskedLate() {
            readyFirst = false;
            early = true;
            within = 30;
            pin = Optional.of("1234");
            config = ", pin: \"1234\"";
        }

        @Override
        void cpin(String value) {
            if (value.equals("?") && age() < asksAfter) {
                error("ERROR");
            } else {
                super.cpin(value);
            }
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(!locked && seen.state(this).equals("ready"), "locked " + locked + ", " + seen.state(this));
        }
    }

    static class C3_BusyAndTalkative extends Paced {
        @Override
        void cpin(String value) {
            error("+CME ERROR: 14");
        }

        @Override
        void act(Rig rig) {
            for (int i = 1; i < 200; i++) {
                later(i / 10.0, () -> say("^RSSI:20", "SMS Ready"));
            }
        }
    }

    static class C4_NoNetworkForTexts extends Paced {
        {
            readyFirst = true;
            paced = "AT+CMGS=";
        }

        @Override
        void pdu(String digits) {
            refuse("+CMS ERROR: 331");
        }

        @Override
        void act(Rig rig) {
            rig.send(this, BOB, "waits");
        }
    }

    static class D1_SimBusyAtStart extends Texts {
        D1_SimBusyAtStart() {
            super(45, true, "after busy");
        }

        String refusal = "+CMS ERROR: 314";

        {
            readyFirst = false;
        }

        final boolean refuses() {
            if (age() < 10) {
                error(refusal);
                return true;
            }
            return false;
        }

        @Override
        void cpms(String value) {
            if (!refuses()) {
                super.cpms(value);
            }
        }

        @Override
        void cmgl(String value) {
            if (!refuses()) {
                super.cmgl(value);
            }
        }

        @Override
        void cnmi(String value) {
            if (value.equals("=?") || !refuses()) {
                super.cnmi(value);
            }
        }

        @Override
        void act(Rig rig) {
            while (age() < 13) {
                pause(0.2);
            }
            receive(FieldPdus.deliver(ANN, "after busy", Instant.now()));
        }
    }

    static class D2_CannotTell extends Texts {
        D2_CannotTell() {
            super(20, true, "polled");
        }

        @Override
        void cnmi(String value) {
            error("ERROR");
        }

        @Override
        void act(Rig rig) {
            store(FieldPdus.deliver(ANN, "polled", Instant.now()), "SM");
        }
    }

    static class D3_BusyInOtherWords extends D1_SimBusyAtStart {
        {
            refusal = "+CMS ERROR: 500";
        }
    }

    static class D4_SaysThatItTells extends D2_CannotTell {
        @Override
        void cnmi(String value) {
            switch (value) {
                case "=?" -> ok("+CNMI: " + offersCnmi);
                case "?" -> ok("+CNMI: 2,1,0,1,0");
                default -> ok();
            }
        }
    }

    static class E1_AsksForItsPinAgain extends C2_PinIsAskedLate {
        {
            readyFirst = true;
            within = 75;
            asksAfter = 0;
        }

        @Override
        void act(Rig rig) {
            switchOn();
        }
    }

    static class E2_ForgetsItsSettings extends FieldCase {
        private List<Integer> were = List.of();

        E2_ForgetsItsSettings() {
            early = true;
            within = 60;
        }

        @Override
        void act(Rig rig) {
            were = settings();
            switchOn();
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(settings().equals(were), settings() + ", wanted " + were);
        }
    }

    static class E3_SimIsTakenOutAndPutBack extends FieldCase {
        private volatile boolean gone;
        private volatile String sentence = "";

        E3_SimIsTakenOutAndPutBack() {
            early = true;
            within = 75;
        }

        @Override
        void cpin(String value) {
            if (gone) {
                error("+CME ERROR: 10");
            } else {
                super.cpin(value);
            }
        }

        @Override
        void act(Rig rig) {
            gone = true;
        }

        @Override
        Optional<String> wrong(Seen seen) {
            if (gone && seen.state(this).equals("locked")) {
                sentence = seen.sentence(this);
                gone = false;
            }
            return unless(
                    sentence.contains("no SIM") && seen.state(this).equals("ready"),
                    seen.state(this) + " after \"" + sentence + "\"");
        }
    }

    static class E4_ForgetsToTell extends Texts {
        E4_ForgetsToTell() {
            super(45, true, "after");
        }

        @Override
        void act(Rig rig) {
            cnmi = new int[5];
            store(FieldPdus.deliver(ANN, "after", Instant.now()), "SM");
        }
    }

    static class F1_EveryNumberUnknown extends Sick {
        F1_EveryNumberUnknown() {
            super("+CMS ERROR: 1", true);
        }
    }

    static class F2_EveryPduInvalid extends Sick {
        F2_EveryPduInvalid() {
            super("+CMS ERROR: 304", true);
        }
    }

    static class F3_PassesByItself extends Sick {
        F3_PassesByItself() {
            super("+CMS ERROR: 28", false);
        }
    }

    static class F4_InNoWords extends Sick {
        F4_InNoWords() {
            super("ERROR", true);
        }
    }

    static class F5_ThreeWrongNumbersFirst extends X4_OneWrongNumber {
        {
            within = 60;
            bad = Set.of(0, 1, 2);
        }
    }

    static class G1_HandedOverAndStored extends Texts {
        G1_HandedOverAndStored() {
            super(12, false, "both ways");
        }

        @Override
        void act(Rig rig) {
            var pdu = FieldPdus.deliver(ANN, "both ways", Instant.now());
            int index = store(pdu, "SM");
            handOver(pdu);
            say("+CMTI: \"SM\"," + index);
        }
    }

    static class G2_NetworkRepeats extends Texts {
        G2_NetworkRepeats() {
            super(12, false, "once");
        }

        @Override
        void act(Rig rig) {
            var pdu = FieldPdus.deliver(ANN, "once", Instant.now());
            receive(pdu);
            later(4, () -> receive(pdu));
        }
    }

    static class G3_ByAnotherSmsc extends Texts {
        G3_ByAnotherSmsc() {
            super(15, false, "once");
        }

        @Override
        void act(Rig rig) {
            var now = Instant.now();
            receive(FieldPdus.deliver(ANN, "once", now));
            later(3, () -> handOver(FieldPdus.byAnotherSmsc(ANN, "once", now)));
            later(5, () -> rig.restart(this));
            later(10, () -> receive(FieldPdus.deliver(ANN, "once", now)));
        }
    }

    static class G4_TwoPeopleAtOnce extends Texts {
        G4_TwoPeopleAtOnce() {
            super(10, false, "same", "same");
        }

        @Override
        void act(Rig rig) {
            var now = Instant.now();
            receive(FieldPdus.deliver(ANN, "same", now));
            receive(FieldPdus.deliver(BOB, "same", now));
        }
    }

    static class H1_NoPlacesInSim extends Texts {
        H1_NoPlacesInSim() {
            super(15, true, "to ME");
        }

        {
            memories = Map.of("SM", 0, "ME", 50);
            offers = "(\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")";
        }

        @Override
        void receive(String pdu) {
            if (!mem.get(2).equals("SM")) { // else the network is told that there is no room
                super.receive(pdu);
            }
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "to ME", Instant.now()));
        }
    }

    static class H2_NoPlacesWhenAsked extends H1_NoPlacesInSim {
        @Override
        void cpms(String value) {
            if (value.startsWith("=\"")) {
                mem = List.of(value.substring(1).replace("\"", "").split(",", -1));
                mem = mem.size() == 3 ? mem : List.of(mem.getFirst(), mem.getFirst(), mem.getFirst());
                ok();
            } else {
                super.cpms(value);
            }
        }
    }

    static class H3_NoPlacesInTheModem extends H1_NoPlacesInSim {
        {
            memories = Map.of("SM", 20, "ME", 0);
            wanted = List.of("to SM");
        }

        @Override
        void receive(String pdu) {
            if (mem.get(2).equals("SM")) {
                say("+CMTI: \"SM\"," + store(pdu, "SM"));
            }
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "to SM", Instant.now()));
        }
    }

    static class I1_ReferenceComesAgain extends FieldCase {
        I1_ReferenceComesAgain() {
            within = 10;
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.part(ANN, "old-1 ", 7, 2, 1, ago(3 * 3600)));
            pause(1);
            receive(FieldPdus.part(ANN, "new-2", 7, 2, 2, ago(0)));
            pause(0.5);
            receive(FieldPdus.part(ANN, "new-1 ", 7, 2, 1, ago(0)));
        }

        @Override
        Optional<String> wrong(Seen seen) {
            var got = seen.texts(this);
            return unless(
                    Collections.frequency(got, "new-1 new-2") == 1
                            && got.stream().noneMatch(text -> text.contains("old") && text.contains("new")),
                    "the texts " + got);
        }
    }

    static class I2_LeftOverComesLast extends I1_ReferenceComesAgain {
        @Override
        void act(Rig rig) {
            receive(FieldPdus.part(ANN, "new-1 ", 7, 2, 1, ago(1)));
            pause(1);
            receive(FieldPdus.part(ANN, "old-2", 7, 2, 2, ago(40 * 3600)));
            pause(0.5);
            receive(FieldPdus.part(ANN, "new-2", 7, 2, 2, ago(0)));
        }
    }

    static class I3_HalfAnHourBetween extends Texts {
        I3_HalfAnHourBetween() {
            super(15, true, "slow network");
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.part(ANN, "slow ", 8, 2, 1, ago(1_800)));
            pause(1);
            receive(FieldPdus.part(ANN, "network", 8, 2, 2, ago(0)));
        }
    }

    static class J1_ToldTooEarly extends Texts {
        J1_ToldTooEarly() {
            super(30, true, "late");
        }

        private volatile long since;
        double hides = 3;

        @Override
        void act(Rig rig) {
            since = System.nanoTime();
            receive(FieldPdus.deliver(ANN, "late", Instant.now()));
        }

        final boolean hidden() {
            return since != 0 && System.nanoTime() - since < hides * 1e9;
        }

        @Override
        void cmgr(int index) {
            if (hidden()) {
                error("+CMS ERROR: 321");
            } else {
                super.cmgr(index);
            }
        }
    }

    static class J2_LiesInAnotherMemory extends Texts {
        J2_LiesInAnotherMemory() {
            super(30, true, "elsewhere");
        }

        @Override
        void act(Rig rig) {
            say("+CMTI: \"SM\"," + store(FieldPdus.deliver(ANN, "elsewhere", Instant.now()), "ME"));
        }
    }

    static class J3_NotListedEither extends J1_ToldTooEarly {
        {
            hides = 10;
        }

        @Override
        void cmgl(String value) {
            if (hidden()) {
                ok();
            } else {
                super.cmgl(value);
            }
        }
    }

    static class J4_ErrorInPlaceOfIt extends J3_NotListedEither {
        {
            hides = 5;
        }

        @Override
        void cmgr(int index) {
            if (hidden()) {
                error("ERROR");
            } else {
                super.cmgr(index);
            }
        }
    }

    static class K1_ThreeNames extends Texts {
        K1_ThreeNames() {
            super(20, true, "in SM", "in ME");
        }

        {
            memories = Map.of("SM", 20, "ME", 50);
            offers = "(\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")";
        }

        @Override
        boolean takes(List<String> names) {
            return names.size() == 3;
        }

        @Override
        void before() {
            store(FieldPdus.deliver(ANN, "in SM", ago(9)), "SM");
            store(FieldPdus.deliver(BOB, "in ME", ago(8)), "ME");
        }
    }

    static class K2_ThreeAlike extends K1_ThreeNames {
        @Override
        boolean takes(List<String> names) {
            return names.size() == 3 && Set.copyOf(names).size() == 1;
        }
    }

    static class K3_TwoAreTooFewAndThreeTooMany extends K1_ThreeNames {
        @Override
        boolean takes(List<String> names) {
            return names.size() != 2;
        }
    }

    static class L1_ReportsByIndex extends Sent1 {
        L1_ReportsByIndex() {
            super(30);
        }

        {
            firstIndex = 1;
        }

        @Override
        void report(int reference, String recipient) {
            say("+CDSI: \"SR\"," + store(FieldPdus.statusReport(reference, recipient, Instant.now()), "SR"));
        }

        @Override
        void cmgl(String value) {
            if (mem.getFirst().equals("SR")) {
                ok();
            } else {
                super.cmgl(value);
            }
        }
    }

    static class L2_ReportsOfAWrongMemory extends Sent1 {
        L2_ReportsOfAWrongMemory() {
            super(30);
        }

        @Override
        void report(int reference, String recipient) {
            store(FieldPdus.statusReport(reference, recipient, Instant.now()), "SR");
            say("+CDSI: \"SM\",0");
        }
    }

    static class L3_ReportsByALargeIndex extends L1_ReportsByIndex {
        {
            firstIndex = 7;
            offers = "(\"SM\",\"ME\"),(\"SM\",\"ME\"),(\"SM\",\"ME\")";
        }
    }

    static class M1_ReportsSwitchedOff extends FieldCase {
        String message = "";

        M1_ReportsSwitchedOff() {
            within = 10;
            config = ", statusReports: false";
        }

        @Override
        void act(Rig rig) {
            message = rig.send(this, BOB, "no report, please");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(
                    sent.size() == 1
                            && sent.stream().noneMatch(one -> FieldPdus.asksReport(one.digits()))
                            && seen.status(message).equals("sent"),
                    sent + " " + seen.status(message));
        }
    }

    static class M2_NetworkRefusesReports extends M1_ReportsSwitchedOff {
        {
            config = "";
        }

        @Override
        void pdu(String digits) {
            if (FieldPdus.asksReport(digits)) {
                refuse("+CMS ERROR: 50");
            } else {
                super.pdu(digits);
            }
        }
    }

    static class M3_NetworkHasNoReports extends M2_NetworkRefusesReports {
        @Override
        void pdu(String digits) {
            if (FieldPdus.asksReport(digits)) {
                refuse("+CMS ERROR: 69");
            } else {
                super.pdu(digits);
            }
        }
    }

    static class M4_RefusesReportsInNoWords extends M2_NetworkRefusesReports {
        @Override
        void pdu(String digits) {
            if (FieldPdus.asksReport(digits)) {
                refuse("ERROR");
            } else {
                super.pdu(digits);
            }
        }
    }

    static class M5_CallsTheRequestInvalid extends M2_NetworkRefusesReports {
        @Override
        void pdu(String digits) {
            if (FieldPdus.asksReport(digits)) {
                refuse("+CMS ERROR: 304");
            } else {
                super.pdu(digits);
            }
        }
    }

    static class N1_PacketOnly extends Sent1 {
        N1_PacketOnly() {
            super(15);
        }

        @Override
        void creg(String value) {
            ok(value.equals("?") ? "+CREG: 0,0" : "");
        }

        @Override
        void cereg(String value) {
            error("ERROR");
        }

        @Override
        void cgreg(String value) {
            ok(value.equals("?") ? "+CGREG: 0,5" : "");
        }
    }

    static class N2_FifthGenerationOnly extends N1_PacketOnly {
        @Override
        void cgreg(String value) {
            error("ERROR");
        }

        @Override
        void c5greg(String value) {
            ok(value.equals("?") ? "+C5GREG: 0,1,\"00C3\",\"0000A1B2C\",11" : "");
        }
    }

    static class N3_WithoutTheSetting extends N1_PacketOnly {
        @Override
        void cgreg(String value) {
            ok(value.equals("?") ? "+CGREG: 6" : "");
        }
    }

    static class O1_Backwards extends Texts {
        O1_Backwards() {
            super(15, true, "one", "two", "three", "four");
        }

        @Override
        void before() {
            store(FieldPdus.deliver(ANN, "four", ago(10)), "SM");
            store(FieldPdus.deliver(ANN, "two", ago(30)), "SM");
            store(FieldPdus.deliver(ANN, "three", ago(20)), "ME");
            store(FieldPdus.deliver(ANN, "one", ago(40)), "ME");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(seen.texts(this).equals(wanted), "in the order " + seen.texts(this));
        }
    }

    static class O2_ToldBackwards extends O1_Backwards {
        @Override
        void before() {}

        @Override
        void act(Rig rig) {
            var told = new StringBuilder();
            for (int i = wanted.size() - 1; i >= 0; i--) {
                int index = store(FieldPdus.deliver(ANN, wanted.get(i), ago(40 - 10 * i)), "SM");
                told.append("\r\n+CMTI: \"SM\",").append(index).append("\r\n");
            }
            write(told.toString());
        }
    }

    static class P1_RadioHasToBeSwitched extends FieldCase {
        private volatile boolean lost;

        P1_RadioHasToBeSwitched() {
            early = true;
            within = 200;
        }

        private void net(String name, String value) {
            ok(value.equals("?") ? name + ": 0," + (lost ? 2 : 1) : "");
        }

        @Override
        void creg(String value) {
            net("+CREG", value);
        }

        @Override
        void cereg(String value) {
            net("+CEREG", value);
        }

        @Override
        void radio() {
            lost = false;
        }

        @Override
        void act(Rig rig) {
            lost = true;
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(!lost && seen.state(this).equals("ready"), "lost " + lost + ", " + seen.state(this));
        }
    }

    static class P2_NoSmsc extends Sent1 {
        P2_NoSmsc() {
            super(25);
        }

        {
            smsc = "";
        }

        @Override
        void pdu(String digits) {
            if (smsc.isEmpty()) {
                refuse("+CMS ERROR: 330");
            } else {
                super.pdu(digits);
            }
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(
                    seen.sentence(this).contains("SMSC")
                            && Set.of("queued", "sending").contains(seen.status(message)),
                    seen.sentence(this) + " " + seen.status(message));
        }
    }

    static class P3_NoMemory extends FieldCase {
        P3_NoMemory() {
            early = true;
            within = 20;
        }

        @Override
        void cpms(String value) {
            ok(value.equals("=?") ? "+CPMS: (),(),()" : "");
        }

        @Override
        void cnmi(String value) {
            error("ERROR");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(
                    seen.sentence(this).contains("memory") && seen.state(this).equals("ready"),
                    seen.state(this) + " " + seen.sentence(this));
        }
    }

    static class P4_LittleEndian extends Texts {
        P4_LittleEndian() {
            super(15, true, "Hello");
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.ucs2(ANN, ("\uFEFF" + "Hello").getBytes(StandardCharsets.UTF_16LE), Instant.now()));
        }
    }

    static class P5_CutOff extends FieldCase {
        P5_CutOff() {
            early = true;
            within = 15;
        }

        @Override
        void act(Rig rig) {
            var pdu = FieldPdus.ucs2(ANN, "this text is cut off".getBytes(StandardCharsets.UTF_16BE), Instant.now());
            receive(pdu.substring(0, pdu.length() - 4));
        }

        @Override
        Optional<String> wrong(Seen seen) {
            var got = seen.texts(this);
            return unless(got.size() == 1 && got.getFirst().startsWith("this text is cut"), "the texts " + got);
        }
    }

    static class P6_UssdInHex extends FieldCase {
        private volatile String answer = "";

        P6_UssdInHex() {
            early = true;
            within = 30;
        }

        @Override
        void cusd(String value) {
            ok();
            if (value.startsWith("=1,")) {
                later(0.5, () -> say("+CUSD: 0,\"60A876844F59989D4E3A00350030002E003000305143\",15"));
            }
        }

        @Override
        void act(Rig rig) {
            answer = rig.ussd(this, "*100#");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(answer.equals("您的余额为50.00元"), answer);
        }
    }

    static class P7_SmscIsSetLater extends P2_NoSmsc {
        {
            within = 45;
        }

        @Override
        void act(Rig rig) {
            super.act(rig);
            later(12, () -> smsc = "+12025550199");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(sent.size() == 1 && seen.status(message).equals("delivered"), seen.status(message));
        }
    }

    static class X1_Ordinary extends Sent1 {
        X1_Ordinary() {
            super(30);
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "plain", Instant.now()));
            super.act(rig);
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return super.wrong(seen)
                    .or(() -> unless(
                            seen.texts(this).equals(List.of("plain")),
                            seen.texts(this).toString()))
                    .or(() -> unless(seen.sentence(this).isEmpty(), seen.sentence(this)));
        }
    }

    static class X2_TwoEqualTexts extends Texts {
        X2_TwoEqualTexts() {
            super(15, false, "yes", "yes");
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "yes", ago(4)));
            pause(2);
            receive(FieldPdus.deliver(ANN, "yes", ago(0)));
            later(5, () -> rig.restart(this));
        }
    }

    static class X3_UssdOfThreeLines extends Texts {
        X3_UssdOfThreeLines() {
            super(30, true, "behind the menu");
        }

        private static final String MENU = "+CUSD: 0,\"Balance: 5.00 USD\r\n1. Top up\r\n2. More\",15";
        private volatile String answer = "";

        @Override
        void cusd(String value) {
            ok();
            if (value.startsWith("=1,")) {
                later(0.5, () -> say(MENU));
            }
        }

        @Override
        void act(Rig rig) {
            answer = rig.ussd(this, "*100#");
            say(MENU);
            receive(FieldPdus.deliver(ANN, "behind the menu", Instant.now()));
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(answer.lines().toList().equals(List.of("Balance: 5.00 USD", "1. Top up", "2. More")), answer)
                    .or(() -> super.wrong(seen));
        }
    }

    static class X4_OneWrongNumber extends FieldCase {
        Set<Integer> bad = Set.of(3);
        private List<String> messages = List.of();

        X4_OneWrongNumber() {
            early = true;
            within = 40;
        }

        @Override
        void pdu(String digits) {
            var recipient = FieldPdus.recipient(digits);
            if (bad.stream().anyMatch(number -> Sick.person(number).equals(recipient))) {
                refuse("+CMS ERROR: 1");
            } else {
                super.pdu(digits);
            }
        }

        @Override
        void act(Rig rig) {
            messages = IntStream.range(0, 10)
                    .mapToObj(i -> rig.send(this, Sick.person(i), "to " + i))
                    .toList();
        }

        @Override
        Optional<String> wrong(Seen seen) {
            var got = messages.stream().map(seen::status).toList();
            return unless(
                    got.equals(IntStream.range(0, 10)
                            .mapToObj(i -> bad.contains(i) ? "failed" : "delivered")
                            .toList()),
                    got.toString());
        }
    }

    static class X5_NoListing extends Texts {
        X5_NoListing() {
            super(30, true, "before", "told");
        }

        @Override
        void before() {
            store(FieldPdus.deliver(ANN, "before", ago(9)), "ME");
        }

        @Override
        void cmgl(String value) {
            error("+CMS ERROR: 303");
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "told", Instant.now()));
        }
    }

    static class X6_PlaceTakenAgain extends Texts {
        X6_PlaceTakenAgain() {
            super(15, false, "race", "raced 1", "raced 2");
        }

        private int taken;

        @Override
        void cmgd(int index) {
            place().remove(index);
            if (taken < 2) {
                taken++;
                place().put(index, new Kept(0, FieldPdus.deliver(ANN, "raced " + taken, Instant.now())));
                say("+CMTI: \"" + mem.getFirst() + "\"," + index);
            }
            ok();
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.deliver(ANN, "race", Instant.now()));
        }
    }

    static class X7_ReferenceZeroOneByOne extends Texts {
        X7_ReferenceZeroOneByOne() {
            super(20, true, "first second third");
        }

        @Override
        void act(Rig rig) {
            receive(FieldPdus.part(ANN, "first ", 0, 3, 1, ago(200)));
            pause(1);
            receive(FieldPdus.part(ANN, "second ", 0, 3, 2, ago(110)));
            pause(1);
            receive(FieldPdus.part(ANN, "third", 0, 3, 3, ago(0)));
        }
    }

    static class X8_NoNetworkAtAll extends Sent1 {
        X8_NoNetworkAtAll() {
            super(20);
        }

        {
            readyFirst = false;
            early = false;
        }

        @Override
        void creg(String value) {
            ok(value.equals("?") ? "+CREG: 0,2" : "");
        }

        @Override
        void cereg(String value) {
            ok(value.equals("?") ? "+CEREG: 0,2" : "");
        }

        @Override
        void cgreg(String value) {
            ok(value.equals("?") ? "+CGREG: 0,2" : "");
        }

        @Override
        void c5greg(String value) {
            ok(value.equals("?") ? "+C5GREG: 0,2" : "");
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return unless(sent.isEmpty() && seen.state(this).equals("searching"), sent.size() + " " + seen.state(this));
        }
    }

    static class X9_NetworkGoneForAWhile extends P1_RadioHasToBeSwitched {
        private volatile boolean switched;

        {
            within = 65;
            early = false;
        }

        @Override
        void radio() {
            switched |= acted;
        }

        @Override
        void act(Rig rig) {
            super.act(rig);
            later(40, super::radio);
        }

        @Override
        Optional<String> wrong(Seen seen) {
            return super.wrong(seen).or(() -> unless(!switched, "the radio was switched"));
        }
    }

    static class X10_OkBeforeThePdu extends Sent1 {
        X10_OkBeforeThePdu() {
            super(30);
        }

        @Override
        void cmgs(String value) {
            prompt();
            write("\r\nOK\r\n");
        }

        @Override
        void pdu(String digits) {
            swallowed();
            mr++;
            sent.add(new Sent(mr, digits));
            int own = mr;
            later(1.5, () -> report(own, FieldPdus.recipient(digits)));
        }
    }
}
