package dev.parley.at;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Which memories are read and emptied (TS 27.005 §3.2.2). `MT` is `SM` and `ME` together.
class CpmsTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            Huawei                    | ("SM","ME"),("SM","ME"),("SM","ME")                        | SM,ME
            Quectel                   | ("SM","ME","MT"),("SM","ME","MT"),("SM","ME","MT")         | SM,ME
            Quectel with reports      | ("ME","MT","SM","SR"),("ME","MT","SM"),("ME","MT","SM")    | SM,ME,SR
            Wavecom                   | (("SM","BM","SR"),("SM"))                                  | SM,SR,BM
            SIMCom, preferred forms   | ("SM","ME","SM_P","ME_P","MT"),("SM"),("SM")               | SM,ME
            the SIM's through MT only | ("ME","MT"),("ME","SM","MT"),("SM","MT")                   | MT
            arrivals where none looks | ("ME","MT"),"ME",("SM")                                    | MT
            MT and more               | ("MT","SR","BM"),("MT"),("MT")                             | MT,SR,BM
            Motorola                  | ("MT","IM","OM","BM","DM"),("OM","DM"),("IM")              | MT,IM,BM
            an adapter's own          | ("SM","TA"),("SM","TA"),("SM")                             | SM,TA
            one memory a purpose      | "ME","MT","SM"                                             | ME,SM
            broken quotes             | ("SM,"ME"),("SM"),("SM")                                   | SM,ME
            a bracket is not closed   | ("SM","ME",("SM","ME"),("SM")                              | SM,ME
            one without a name here   | ("SM","XX"),("SM"),("SM")                                  | SM
            """)
    void emptiesEachMemoryThatReceivesAndNoMessageTwice(String modem, String offered, String memories) {
        var offers = Cpms.offered(new Final.Ok(List.of(Answer.of(offered))));
        var choice = offers.choose().orElseThrow();
        assertEquals(List.of(memories.split(",", -1)), offers.toEmpty(choice), modem);
    }

    @ParameterizedTest(name = "{0} reading {1}")
    @CsvSource(delimiter = '|', textBlock = """
            MT   | SM,ME | true
            MT   | SM    | true
            MT   | MT    | false
            SM   | MT,SR | true
            ME   | MT    | true
            ME   | SM    | false
            SM_P | SM    | true
            SR   | SM    | false
            BM   | SM    | false
            """)
    void knowsWhatIsShownElsewhere(String memory, String read, boolean shown) {
        assertEquals(shown, Cpms.isShownBy(List.of(read.split(",", -1)), memory));
    }
}
