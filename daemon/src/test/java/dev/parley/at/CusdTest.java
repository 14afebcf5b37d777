package dev.parley.at;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// USSD as modems write it. The answers of networks are from logs and issue trackers, the modem beside
/// them where it is told; numbers in them are as their owners published them.
class CusdTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            plain                         | false | 0,"Service not allowed.",15 | Service not allowed.
            plain, from a stick that packs | true | 0,"Balance 5 EUR",15 | Balance 5 EUR
            packed, Latvia                | true  | 0,"D074192E0FCFD3EA7A7B0EA2A7CB6B50183EA7CBC3E4307DEE6A",15 | Pieprasijums tiek apstradats.
            packed, Tele2 Russia (E171)   | true  | 0,"CF2135487D2E4131DCCD25A381E02E",15 | OCTATOK 187.24 p.
            packed, Poland (E3131)        | true  | 0,"C135BD1E66BBF3A0393DEC06ADDF6E7A1844668741EE7ABB2CAF8368B85C2E97CBE572B91C48078AB160301094E97481966F37FD0DBA87F5EE3288FC0691DDE93048866BC1722D192C9603C5623A1A4D378301",15 | Aktualny stan konta dla numeru 48999999999 : 1,00 PLN. Konto wazne do dnia 28-09-2019 11:44:30
            packed, though nobody said so | false | 0,"CE325C1EB6A7D9EE7C1AE47EB7CB72507DCEAE9FD3",15 | Nepravilnyi nomer uslugi
            packed, in small letters      | false | 0,"ce325c1eb6a7d9ee7c1ae47eb7cb72507dceae9fd3",1 | Nepravilnyi nomer uslugi
            packed, without a scheme      | true  | 0,"CE325C1EB6A7D9EE7C1AE47EB7CB72507DCEAE9FD3" | Nepravilnyi nomer uslugi
            UCS-2, MTS Russia (sms_tool 4) | true | 0,"04110430043B0430043D0441003A0032003200320030002C003700360440",72 | Баланс:2220,76р
            UCS-2, and the scheme says 7 bits (gammu 358) | false | 2,"0048006100760069",15 | Havi
            UCS-2, Syria                  | false | 0,"0645063306280642",72 | مسبق
            UCS-2, in Chinese             | false | 0,"4F59989D",72 | 余额
            UCS-2, in Chinese, and the scheme says 7 bits | false | 0,"60A876844F59989D4E3A00350030002E003000305143",15 | 您的余额为50.00元
            UCS-2, in Chinese, of a stick that packs | true | 0,"60A876844F59989D4E3A00350030002E003000305143" | 您的余额为50.00元
            UCS-2, in Japanese            | false | 0,"6B8B9AD8306F003100200047004230673059",15 | 残高は1 GBです
            UCS-2, in Korean              | false | 0,"C794C561003A00200035C6D0",15 | 잔액: 5원
            UCS-2, in Georgian            | true  | 0,"10D110D010DA10D010DC10E110D8",15 | ბალანსი
            a number longer than others   | false | 0,"12345678901234567890",15 | 12345678901234567890
            one octet a character (plugin of 3) | true | 0,"3037373935353033333035",0 | 07795503305
            a number                      | false | 0,"07795503305",15 | 07795503305
            a number of even length       | true  | 0,"380501234567",15 | 380501234567
            a number like a UCS-2 string  | false | 0,"00417912",15 | 00417912
            a word of hexadecimal letters | false | 0,"FACE",15 | FACE
            hexadecimal that is no text   | true  | 0,"0102030405060708090A0B0C0D0E0F",15 | 0102030405060708090A0B0C0D0E0F
            hexadecimal that was cut      | true  | 0,"C2303BEC1E97413D90140473C162A0221E9E96E741E430BD0CD452816",15 | C2303BEC1E97413D90140473C162A0221E9E96E741E430BD0CD452816
            a scheme that cannot be       | true  | 0,"OK",4711 | OK
            nothing                       | true  | 2 | ''
            """)
    void isReadForAPerson(String what, boolean packs, String value, String text) {
        assertEquals(text, Cusd.of(value).readable(packs), what);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            PLAIN  | *100#   | AT+CUSD=1,"*100#",15
            PACKED | *100#   | AT+CUSD=1,"AA180C3602",15
            PACKED | *144#   | AT+CUSD=1,"AA188D3602",15
            PACKED | *141*1# | AT+CUSD=1,"AA182DA68A8D1A",15
            UCS2   | *100#   | AT+CUSD=1,"002A0031003000300023",15
            """)
    void isAskedInTheFormThatTheModemTakes(UssdForm form, String code, String command) {
        assertEquals(command, form.command(code).text());
    }

    /// A menu of several lines.
    @Test
    void keepsTheLinesOfAMenu() {
        assertEquals(
                "bKash\n1 M2M Transfer\n",
                Cusd.of("1,\"0062004B006100730068000A00310020004D0032004D0020005400720061006E0073006600650072000A\",72")
                        .readable(false));
    }
}
