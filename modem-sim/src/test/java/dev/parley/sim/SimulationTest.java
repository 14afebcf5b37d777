package dev.parley.sim;

import dev.parley.sms.Address;
import dev.parley.sms.Decoded;
import dev.parley.sms.Deliver;
import dev.parley.sms.Octets;
import dev.parley.sms.Pdu;
import dev.parley.sms.Segment;
import dev.parley.sms.Segmenter;
import dev.parley.sms.Split;
import dev.parley.sms.SplitOptions;
import dev.parley.sms.StatusReport;
import dev.parley.sms.Submit;
import dev.parley.sms.Tpdu;
import dev.parley.sms.UserData;
import dev.parley.sms.ValidityPeriod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SimulationTest {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String FRONT = "+12025550100";
    private static final String SALES = "+12025550101";
    private static final String ANN = "+12025550111";
    private static final String BOB = "+12025550112";

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final Pattern REPORT = Pattern.compile("\\+CDS: [0-9]+\r\n([0-9A-F]+)\r\n");
    private static final Pattern LISTED = Pattern.compile("\\+CMGL: [^\r]+\r\n([0-9A-F]+)\r\n");

    private int reportsSeen;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Simulation simulation;

    @SuppressWarnings("NullAway.Init")
    private Control control;

    @SuppressWarnings("NullAway.Init")
    private Serial serial;

    @BeforeEach
    void start() throws IOException {
        var modems = new LinkedHashMap<String, String>();
        modems.put("modem-1", FRONT);
        modems.put("modem-2", SALES);
        simulation = Simulation.start(ANY, ANY, modems, directory);
        control = new Control(simulation.control());
        control.put("/modems/modem-1", "{\"airTimeMs\": 0}");
        serial = new Serial(directory.resolve("modem-1"));
        serial.command("ATE0");
        serial.command("AT+CMEE=1;+CMGF=0;+CNMI=2,1,0,1,0");
    }

    @AfterEach
    void stop() throws IOException {
        serial.close();
        control.close();
        simulation.close();
    }

    // ---- helpers ----

    private static List<Submit> submits(String text, String to, ValidityPeriod validity) {
        var parts = (Split.Parts) Segmenter.split(text, SplitOptions.plain(7));
        var submits = new ArrayList<Submit>();
        for (Segment segment : parts.segments()) {
            submits.add(Submit.of(segment, Address.ofNumber(to), true, validity));
        }
        return submits;
    }

    private static String send(Serial port, Submit submit) {
        var tpdu = submit.encode();
        return port.submit("AT+CMGS=" + tpdu.length, "00" + HEX.formatHex(tpdu));
    }

    /// @return the TP-MR of the last part
    private int send(String text, String to) {
        return send(text, to, new ValidityPeriod.SmscDefault());
    }

    private int send(String text, String to, ValidityPeriod validity) {
        int mr = -1;
        for (var submit : submits(text, to, validity)) {
            var answer = Pattern.compile("\\+CMGS: ([0-9]+)").matcher(send(serial, submit));
            assertTrue(answer.find());
            mr = Integer.parseInt(answer.group(1));
        }
        return mr;
    }

    private static Tpdu decoded(String pdu) {
        return ((Decoded.Ok) Pdu.decodeFromModem(HEX.parseHex(pdu))).tpdu();
    }

    private StatusReport expectReport() {
        int wanted = reportsSeen++;
        var shown = Await.until("report " + wanted, this::reports, reports -> reports.size() > wanted);
        return (StatusReport) decoded(shown.get(wanted));
    }

    /// They may come within the answer to another command.
    private List<String> reports() {
        return REPORT.matcher(serial.transcript())
                .results()
                .map(shown -> shown.group(1))
                .toList();
    }

    /// The messages in the current memory, oldest first.
    private static List<Tpdu> listed(Serial port) {
        var list = new ArrayList<Tpdu>();
        LISTED.matcher(port.command("AT+CMGL=4")).results().forEach(line -> list.add(decoded(line.group(1))));
        return list;
    }

    private static String joined(List<Tpdu> delivers) {
        return UserData.joined(
                delivers.stream().map(tpdu -> ((Deliver) tpdu).userData()).toList());
    }

    private long stored(String modem) {
        return control.get("/modems/" + modem).path("stored").asLong();
    }

    private void awaitStored(String modem, long messages) {
        Await.until(messages + " stored in " + modem, () -> stored(modem), n -> n == messages);
    }

    private void awaitTexts(String number, List<String> texts) {
        Await.until("texts at " + number, () -> control.texts(number), texts::equals);
    }

    // ---- the program ----

    @Test
    void theStreamTellsWhatHappensFromTheBeginning() {
        control.put("/handsets/" + BOB, "{\"reach\": \"off\"}");
        control.text(ANN, FRONT, "Is anybody there?");
        control.fault("modem-1", "no-network");
        var lines = control.eventsUntil("no-network");
        assertTrue(lines.contains("event: handset"), lines::toString);
        assertTrue(
                lines.stream()
                        .anyMatch(line -> line.startsWith("data: ")
                                && line.contains("\"direction\":\"out\"")
                                && line.contains("Is anybody there?")),
                lines::toString);
    }

    @Test
    void thePageIsServedWithItsStylesAndAPolicy() {
        var page = control.page("/?phones=Ann:" + ANN);
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("<h1>Simulated network</h1>"), page::body);
        assertTrue(
                page.headers().firstValue("Content-Security-Policy").orElse("").contains("script-src 'self'"));
        for (var asset : List.of("/page/network.js", "/page/network.css", "/page/tokens.css", "/page/base.css")) {
            assertEquals(200, control.page(asset).statusCode(), asset);
        }
    }

    @Test
    @DisplayName("sim.json says where all is, and each port is where it says")
    void writesWhereAllIs() throws IOException {
        var state = JsonMapper.shared().readTree(Files.readAllBytes(directory.resolve("sim.json")));
        assertEquals(simulation.control(), state.path("control").asString());
        assertEquals(ProcessHandle.current().pid(), state.path("pid").asLong());
        var port = Path.of(state.path("modems").path("modem-2").asString());
        assertEquals(directory.resolve("modem-2"), port);
        assertEquals(
                control.get("/modems/modem-2").path("pty").asString(),
                port.toRealPath().toString());
        var smsc = state.path("smsc").asString();
        assertEquals(
                ANY.getHostString() + ":" + control.get("/smsc").path("port").asInt(), smsc);
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(),
                control.get("/smsc").path("port").asInt())) {
            assertTrue(socket.isConnected());
        }
    }

    // ---- the AT interpreter ----

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            AT                          | OK
            at+cgmi                     | SIMCOM_Ltd
            AT+CPIN?                    | +CPIN: READY
            AT+CREG=2;+CREG?            | +CREG: 2,1,"00A1","1F2E"
            AT+COPS?                    | +COPS: 0,0,"Parley Mobile"
            AT+COPS=3,2;+COPS?          | +COPS: 0,2,"00101"
            AT+CSCA?                    | +CSCA: "+12025550199",145
            AT+CSCS="UCS2";+CSCA?       | +CSCA: "002B00310032003000320035003500350030003100390039",145
            AT+CNUM                     | +CNUM: "","+12025550100",145,7,4
            AT+CPMS="SM","SM","SR"      | +CPMS: 0,30,0,30,0,30
            AT+CNMI?                    | +CNMI: 2,1,0,1,0
            AT+CMGF=?                   | +CMGF: (0,1)
            AT+CMGR=1                   | +CMS ERROR: 321
            AT+CMGS=0                   | +CMS ERROR: 304
            AT+CNMA                     | +CMS ERROR: 340
            AT+NONSENSE                 | +CME ERROR: 4
            AT+CMEE=0;+NONSENSE         | ERROR
            """)
    @DisplayName("answers as a SIM900 does")
    void answers(String command, String answer) {
        assertTrue(serial.command(command).contains("\r\n" + answer + "\r\n"));
    }

    @Test
    @DisplayName("echoes what is typed while ATE1 holds")
    void echoes() {
        assertEquals("\r\nOK\r\n", serial.command("ATE1"));
        assertEquals("AT+CPAS\r\r\n+CPAS: 0\r\n\r\nOK\r\n", serial.command("AT+CPAS"));
        assertEquals("AT+CSQ;+CPAS\r\r\n+CSQ: 22,0\r\n\r\n+CPAS: 0\r\n\r\nOK\r\n", serial.command("AT+CSQ;+CPAS"));
    }

    @Test
    @DisplayName("ESC leaves the prompt, and nothing is sent")
    void escapes() {
        serial.write("AT+CMGS=20\r");
        serial.expect("> ");
        serial.write("0011\u001b");
        serial.expect("\r\nOK\r\n");
        assertEquals("\r\nOK\r\n", serial.command("AT"));
        assertEquals(0, control.get("/smsc").path("submitted").asInt());
    }

    @Test
    @DisplayName("a program that ends within a prompt leaves the modem ready for the next one")
    void forgetsWhatWasBegun() throws IOException {
        serial.write("AT+CMGS=20\r");
        serial.expect("> ");
        serial.write("001100");
        serial.close();
        Await.until(
                "hang-up", () -> control.get("/modems/modem-1").path("inUse").asBoolean(), inUse -> !inUse);
        serial = new Serial(directory.resolve("modem-1"));
        assertEquals("\r\nOK\r\n", serial.command("AT"));
    }

    @Test
    @DisplayName("a URC waits until the line that is being typed is whole")
    void keepsLinesWhole() {
        serial.command("ATE1");
        serial.write("AT+C");
        serial.expect("AT\\+C");
        control.text(ANN, FRONT, "hello");
        awaitStored("modem-1", 1);
        serial.write("PAS\r");
        assertEquals(
                "PAS\r\r\n+CPAS: 0\r\n\r\nOK\r\n\r\n+CMTI: \"SM\",1\r\n", serial.expect("\\+CMTI: \"SM\",[0-9]+\r\n"));
    }

    @Test
    @DisplayName("text mode sends and shows messages too")
    void speaksTextMode() {
        serial.command("AT+CMGF=1;+CSCS=\"IRA\";+CSMP=49,167,0,0");
        assertTrue(serial.submit("AT+CMGS=\"" + ANN + "\"", "plain text").contains("+CMGS: 0"));
        awaitTexts(ANN, List.of("plain text"));
        serial.expect("\\+CDS: 6,0,\"\\" + ANN + "\",145,\"[^\"]+\",\"[^\"]+\",0\r\n");
        control.text(ANN, FRONT, "back");
        serial.expect("\\+CMTI: \"SM\",1\r\n");
        assertTrue(serial.command("AT+CMGL=\"ALL\"").contains("+CMGL: 1,\"REC UNREAD\",\"" + ANN + "\",,\""));
        assertTrue(serial.command("AT+CMGR=1").contains("+CMGR: \"REC READ\",\"" + ANN + "\",,\""));
        serial.command("AT+CSCS=\"UCS2\"");
        assertTrue(serial.command("AT+CMGR=1").contains("\r\n006200610063006B\r\n"));
    }

    @Test
    @DisplayName("a stored message is sent by AT+CMSS")
    void sendsWhatIsStored() {
        var tpdu = submits("from the SIM", ANN, new ValidityPeriod.SmscDefault())
                .getFirst()
                .encode();
        assertTrue(serial.submit("AT+CMGW=" + tpdu.length, "00" + HEX.formatHex(tpdu))
                .contains("+CMGW: 1"));
        assertTrue(serial.command("AT+CMSS=1").contains("+CMSS: 0"));
        awaitTexts(ANN, List.of("from the SIM"));
        assertTrue(serial.command("AT+CMGR=1").contains("+CMGR: 3,,"));
    }

    // ---- out ----

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            one part with the extension table | Hello {Ann} [€]~                       | 1 | gsm7
            an emoji                          | I am fine 😱                           | 1 | ucs2
            """)
    @DisplayName("texts reach a handset whole, and the report says so")
    void reachesHandsets(String name, String text, int parts, String encoding) {
        int mr = send(text, ANN);
        var report = expectReport();
        assertEquals(mr, report.mr());
        assertEquals(ANN, report.recipient().number());
        assertTrue(report.status().delivered());
        var message = control.inbox(ANN).getFirst();
        assertEquals(FRONT, message.path("from").asString());
        assertEquals(text, message.path("text").asString());
        assertEquals(parts, message.path("parts").asInt());
        assertEquals(encoding, message.path("encoding").asString());
        assertTrue(Instant.parse(message.path("receivedAt").asString()).isBefore(Instant.now()));
    }

    @Test
    @DisplayName("a long text is one message at the handset, and each part has its report")
    void reassembles() {
        var text = "A text of four hundred characters. ".repeat(12).substring(0, 400);
        int last = send(text, ANN);
        for (int mr = last - 2; mr <= last; mr++) {
            assertEquals(mr, expectReport().mr());
        }
        assertEquals(List.of(text), control.texts(ANN));
        assertEquals(3, control.inbox(ANN).getFirst().path("parts").asInt());
    }

    @Test
    @DisplayName("the SMSC keeps texts in order for a handset that is off, and reports when it is on again")
    void keepsForHandsetsThatAreOff() {
        control.put("/handsets/" + ANN, "{\"reach\": \"off\"}");
        send("one", ANN);
        send("two", ANN);
        send("other", BOB);
        assertEquals(BOB, expectReport().recipient().number());
        assertEquals(List.of(), control.texts(ANN));
        control.put("/handsets/" + ANN, "{\"reach\": \"on\"}");
        assertEquals(0, expectReport().mr());
        assertEquals(1, expectReport().mr());
        assertEquals(List.of("one", "two"), control.texts(ANN));
    }

    @Test
    @DisplayName("a text whose validity ends before the handset is on fails as expired")
    void expires() {
        control.put("/handsets/" + ANN, "{\"reach\": \"off\"}");
        // TP-VP in the enhanced format: one second (3GPP TS 23.040 §9.2.3.12.3).
        send("too late", ANN, new ValidityPeriod.Enhanced(Octets.of(new byte[] {2, 1, 0, 0, 0, 0, 0})));
        assertEquals(0x46, expectReport().status().octet());
        control.put("/handsets/" + ANN, "{\"reach\": \"on\"}");
        send("in time", ANN);
        assertTrue(expectReport().status().delivered());
        assertEquals(List.of("in time"), control.texts(ANN));
    }

    @Test
    @DisplayName("a handset that rejects fails each text for good")
    void rejects() {
        control.put("/handsets/" + ANN, "{\"reach\": \"reject\"}");
        send("no", ANN);
        assertEquals(0x42, expectReport().status().octet());
        assertEquals(List.of(), control.texts(ANN));
    }

    @Test
    @DisplayName("the SMSC tells that it still tries, where it is told to")
    void tellsThatItStillTries() {
        control.put("/smsc", "{\"temporaryReports\": true}");
        control.put("/handsets/" + ANN, "{\"reach\": \"off\"}");
        send("later", ANN);
        assertEquals(0x22, expectReport().status().octet());
        control.put("/handsets/" + ANN, "{\"reach\": \"on\"}");
        assertEquals(0x00, expectReport().status().octet());
    }

    @Test
    @DisplayName("delivery takes deliveryDelayMs, the report receiptDelayMs, the answer airTimeMs")
    void takesItsTime() {
        control.put("/handsets/" + ANN, "{\"deliveryDelayMs\": 150}");
        control.put("/smsc", "{\"receiptDelayMs\": 150}");
        control.put("/modems/modem-1", "{\"airTimeMs\": 100}");
        var begin = Instant.now();
        send("slow", ANN);
        assertTrue(Duration.between(begin, Instant.now()).toMillis() >= 100);
        expectReport();
        assertTrue(Duration.between(begin, Instant.now()).toMillis() >= 350);
    }

    @Test
    @DisplayName("without air time a modem sends hundreds of messages a second")
    void isFast() {
        var tpdu = submits("fast", ANN, new ValidityPeriod.SmscDefault()).getFirst();
        serial.command("AT+CNMI=2,1,0,1,0");
        var begin = Instant.now();
        for (int i = 0; i < 500; i++) {
            send(serial, tpdu);
        }
        assertTrue(Duration.between(begin, Instant.now()).toSeconds() < 10);
        assertEquals(500, control.inbox(ANN).size());
    }

    // ---- in ----

    @Test
    @DisplayName("a handset's long text comes in parts, which are listed, read and deleted")
    void receives() {
        var text = "Grüße 😱 " + "ж".repeat(150);
        control.text(ANN, FRONT, text);
        serial.expect("\\+CMTI: \"SM\",3\r\n");
        assertTrue(serial.command("AT+CPMS?").contains("+CPMS: \"SM\",3,30,\"SM\",3,30,\"SM\",3,30"));
        var parts = listed(serial);
        assertEquals(text, joined(parts));
        assertEquals(ANN, ((Deliver) parts.getFirst()).from().number());
        assertTrue(serial.command("AT+CMGR=2").contains("+CMGR: 1,,"));
        serial.command("AT+CMGD=2");
        assertTrue(serial.command("AT+CMGR=2").contains("+CMS ERROR: 321"));
        serial.command("AT+CMGD=1,4");
        assertEquals(0, stored("modem-1"));
    }

    @Test
    @DisplayName("8-bit data comes for the port that it is for, in parts where it is long")
    void receivesData() {
        control.call("POST", "/handsets/" + ANN + "/messages", """
                {"to": "%s", "data": "%s", "port": 2948}""".formatted(FRONT, "0A".repeat(200)));
        control.call("POST", "/handsets/" + ANN + "/messages", """
                {"to": "%s", "data": "00ff", "pid": 64}""".formatted(FRONT));
        awaitStored("modem-1", 3);
        var parts = listed(serial).stream().map(Deliver.class::cast).toList();
        assertTrue(parts.get(0).userData().isWapPush());
        assertEquals(2, parts.get(1).userData().concat().orElseThrow().seq());
        assertEquals(
                200,
                parts.get(0).userData().data().length + parts.get(1).userData().data().length);
        assertEquals("WAP push", parts.get(1).machine().orElse(""));
        assertEquals(64, parts.get(2).pid());
        assertEquals("00FF", HEX.formatHex(parts.get(2).userData().data()));
    }

    @Test
    @DisplayName("each modem has an IMEI and an IMSI of its own, which the control API tells too")
    void knowsWhoItIs() throws IOException {
        try (var other = new Serial(directory.resolve("modem-2"))) {
            other.command("ATE0");
            for (var each : Map.of("modem-1", serial, "modem-2", other).entrySet()) {
                var shown = control.get("/modems/" + each.getKey());
                var imei = shown.path("imei").asString();
                var imsi = shown.path("imsi").asString();
                assertTrue(imei.matches("[0-9]{15}") && imsi.matches("00101[0-9]{10}"), shown.toString());
                assertEquals("\r\n" + imei + "\r\n\r\nOK\r\n", each.getValue().command("AT+CGSN"));
                assertEquals("\r\n" + imsi + "\r\n\r\nOK\r\n", each.getValue().command("AT+CIMI"));
            }
        }
        var one = control.get("/modems/modem-1");
        var other = control.get("/modems/modem-2");
        assertNotEquals(one.path("imei"), other.path("imei"));
        assertNotEquals(one.path("imsi"), other.path("imsi"));
        // The same from run to run: configurations name them.
        assertEquals("867198023398393", one.path("imei").asString());
    }

    @Test
    @DisplayName("with AT+CSMS=1 nothing more is shown before AT+CNMA")
    void waitsForAcknowledgement() throws IOException {
        serial.command("AT+CSMS=1;+CNMI=2,2,0,1,0");
        control.text(ANN, FRONT, "first");
        control.text(ANN, FRONT, "second");
        serial.expect("\\+CMT: ,[0-9]+\r\n[0-9A-F]+\r\n");
        assertEquals(1, control.get("/smsc").path("delivered").asInt() + 1);
        assertEquals("\r\nOK\r\n", serial.command("AT"));
        assertFalse(serial.heard().contains("+CMT"));
        serial.command("AT+CNMA");
        serial.expect("\\+CMT: ,[0-9]+\r\n[0-9A-F]+\r\n");
        // What nobody acknowledged is not lost: the network brings it again.
        serial.close();
        awaitStored("modem-1", 1);
        serial = new Serial(directory.resolve("modem-1"));
        assertEquals("second", joined(listed(serial)));
    }

    @ParameterizedTest(name = "+CNMI ds={0}, +CPMS {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            0 | SM | SM
            2 | SM | SM
            2 | SR | SR
            0 | SR | SR
            """)
    @DisplayName("status reports are kept where +CNMI and +CPMS say, in SM where they say nothing")
    void keepsReports(int ds, String receive, String memory) {
        serial.command("AT+CNMI=2,1,0," + ds + ",0;+CPMS=\"SM\",\"SM\",\"" + receive + "\"");
        int mr = send("report, please", ANN);
        if (ds == 2) {
            serial.expect("\\+CDSI: \"" + memory + "\",1\r\n");
        }
        serial.command("AT+CPMS=\"" + memory + "\"");
        var kept = Await.until("a report", () -> listed(serial), list -> !list.isEmpty());
        assertEquals(mr, ((StatusReport) kept.getFirst()).mr());
        assertFalse(serial.heard().contains("+CDSI"));
    }

    @Test
    @DisplayName("what does not fit the SIM waits at the SMSC until there is room")
    void waitsForRoom() {
        for (int i = 0; i < 32; i++) {
            control.text(ANN, FRONT, "text " + i);
        }
        awaitStored("modem-1", 30);
        assertEquals(2, control.get("/smsc").path("waiting").asInt());
        serial.command("AT+CMGD=1");
        serial.command("AT+CMGD=2");
        Await.until("room for all", () -> control.get("/smsc").path("waiting").asInt(), waiting -> waiting == 0);
        assertEquals("text 30", joined(List.of(listed(serial).get(0))));
    }

    @Test
    @DisplayName("one modem texts another, and a handset answers by itself")
    void otherEnds() throws IOException {
        send("to sales", SALES);
        try (var sales = new Serial(directory.resolve("modem-2"))) {
            awaitStored("modem-2", 1);
            assertEquals("to sales", joined(listed(sales)));
        }
        control.put("/handsets/" + BOB, "{\"autoReply\": \"I am driving\"}");
        send("where are you?", BOB);
        awaitStored("modem-1", 1);
        assertEquals("I am driving", joined(listed(serial)));
        control.text(ANN, BOB, "and you?");
        awaitTexts(ANN, List.of("I am driving"));
    }

    // ---- faults ----

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            no-network   | +CREG: 0,2          | 331
            pin-required | +CPIN: SIM PIN      | 311
            refuse:38    | +CPIN: READY        | 38
            """)
    @DisplayName("a fault refuses what is sent, and keeps nothing from coming in afterwards")
    void refuses(String fault, String state, int cause) {
        control.fault("modem-1", fault);
        assertEquals(fault, control.get("/modems/modem-1").path("fault").asString());
        control.text(ANN, FRONT, "meanwhile");
        assertTrue(serial.command("AT+CPIN?;+CREG?").contains(state));
        var tpdu =
                submits("no", ANN, new ValidityPeriod.SmscDefault()).getFirst().encode();
        serial.write("AT+CMGS=" + tpdu.length + "\r");
        if (cause != 311) {
            serial.expect("> ");
            serial.write("00" + HEX.formatHex(tpdu) + "\u001a");
        }
        serial.expect("\\+CMS ERROR: " + cause + "\r\n");
        control.fault("modem-1", "none");
        send("yes", ANN);
        awaitTexts(ANN, List.of("yes"));
        awaitStored("modem-1", 1);
        assertEquals("meanwhile", joined(listed(serial)));
    }

    @Test
    @DisplayName("the SIM takes its PIN, and locks after three wrong ones")
    void wantsItsPin() {
        control.put("/modems/modem-1", "{\"fault\": \"pin-required\", \"pin\": \"4711\"}");
        assertTrue(serial.command("AT+CPIN=\"1234\"").contains("+CME ERROR: 16"));
        assertTrue(serial.command("AT+CPIN=\"4711\"").contains("OK"));
        assertEquals("none", control.get("/modems/modem-1").path("fault").asString());
        control.put("/modems/modem-1", "{\"fault\": \"pin-required\", \"pin\": \"4711\"}");
        for (int i = 0; i < 3; i++) {
            assertTrue(serial.command("AT+CPIN=\"0000\"").contains("+CME ERROR: 16"));
        }
        assertTrue(serial.command("AT+CPIN?").contains("+CPIN: SIM PUK"));
        control.fault("modem-1", "none");
        assertTrue(serial.command("AT+CPIN?").contains("+CPIN: READY"));
    }

    @Test
    @DisplayName("with a full SIM nothing can be stored, and the network keeps what comes")
    void hasNoRoom() {
        control.fault("modem-1", "storage-full");
        control.text(ANN, FRONT, "later");
        assertTrue(serial.command("AT+CPMS?").contains("+CPMS: \"SM\",30,30"));
        var tpdu =
                submits("x", ANN, new ValidityPeriod.SmscDefault()).getFirst().encode();
        assertTrue(serial.submit("AT+CMGW=" + tpdu.length, "00" + HEX.formatHex(tpdu))
                .contains("+CMS ERROR: 322"));
        assertEquals(1, control.get("/smsc").path("waiting").asInt());
        control.fault("modem-1", "none");
        awaitStored("modem-1", 1);
    }

    @Test
    @DisplayName("a hung modem says nothing until it comes back")
    void hangs() {
        control.fault("modem-1", "hung");
        control.text(ANN, FRONT, "later");
        serial.write("AT\r");
        assertEquals(1, control.get("/smsc").path("waiting").asInt());
        assertEquals("", serial.heard());
        control.fault("modem-1", "none");
        serial.expect("\\+CMTI: \"SM\",1\r\n");
        assertEquals("\r\nOK\r\n", serial.command("AT"));
    }

    @Test
    @DisplayName("an unplugged modem has no port; plugged in again it has a new one and gets what waited")
    void unplugs() throws IOException {
        control.fault("modem-1", "unplugged");
        assertFalse(Files.exists(directory.resolve("modem-1"), LinkOption.NOFOLLOW_LINKS));
        assertTrue(control.get("/modems/modem-1").path("pty").isNull());
        Await.until("the port to end", serial::isOpen, open -> !open);
        control.text(ANN, FRONT, "later");
        assertEquals(1, control.get("/smsc").path("waiting").asInt());
        serial.close();
        control.fault("modem-1", "none");
        serial = new Serial(directory.resolve("modem-1"));
        awaitStored("modem-1", 1);
        assertEquals("later", joined(listed(serial)));
    }

    // ---- the control API ----

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /nothing                            |                            | 404
            DELETE | /handsets                           |                            | 405
            GET    | /modems/modem-9                     |                            | 404
            PUT    | /modems/modem-1                     | {"fault": "broken"}        | 400
            PUT    | /modems/modem-1                     | {"airTimeMs": -1}          | 400
            PUT    | /modems/modem-1                     | {"airtime": 1}             | 400
            PUT    | /handsets/+12025550111              | {"reach": "maybe"}         | 400
            PUT    | /handsets/+12025550111              | [1]                        | 400
            PUT    | /handsets/+12025550111              | {"reach"                   | 400
            PUT    | /handsets/Ann                       | {}                         | 400
            PUT    | /handsets/+12025550100              | {}                         | 400
            POST   | /handsets/+12025550111/messages     | {"text": "to nobody"}      | 400
            POST   | /handsets/+12025550111/messages     | {"to": "x", "text": "y"}   | 400
            POST   | /handsets/+12025550111/messages     | {"to": "+12025550100"}     | 400
            POST   | /handsets/+12025550111/messages     | {"to": "+12025550100", "data": "0"}                | 400
            POST   | /handsets/+12025550111/messages     | {"to": "+12025550100", "data": "00", "text": "y"}  | 400
            POST   | /handsets/+12025550111/messages     | {"to": "+12025550100", "text": "y", "port": 2948}  | 400
            POST   | /handsets/+12025550111/messages     | {"to": "+12025550100", "data": "00", "port": 65536} | 400
            PUT    | /smsc                               | {"submitted": 1}           | 400
            """)
    @DisplayName("mistakes are refused with a reason")
    void refusesMistakes(String method, String path, String body, int status) {
        var answer = control.call(method, path, body == null ? "" : body);
        assertEquals(status, answer.status());
        assertFalse(answer.body().path("error").asString().isEmpty());
    }

    @Test
    @DisplayName("a PUT keeps what it does not name, and %2B is a plus")
    void keepsWhatIsNotNamed() {
        control.put("/handsets/%2B12025550111", "{\"reach\": \"off\", \"autoReply\": \"x\"}");
        control.put("/handsets/+12025550111", "{\"deliveryDelayMs\": 5}");
        var handset = control.get("/handsets").get(0);
        assertEquals(ANN, handset.path("number").asString());
        assertEquals("off", handset.path("reach").asString());
        assertEquals(5, handset.path("deliveryDelayMs").asInt());
        assertEquals("x", handset.path("autoReply").asString());
        assertTrue(control.put("/handsets/" + ANN, "{\"autoReply\": null}")
                .path("autoReply")
                .isNull());
        assertEquals(List.of(), control.texts("+12025559999"));
    }
}
