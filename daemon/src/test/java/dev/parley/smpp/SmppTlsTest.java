package dev.parley.smpp;

import dev.parley.link.Inbound;
import dev.parley.link.Link;
import dev.parley.link.LinkListener;
import dev.parley.link.LinkState;
import dev.parley.link.LinkStatus;
import dev.parley.link.OutboundPart;
import dev.parley.link.SubmitOutcome;
import dev.parley.sms.Alphabet;
import dev.parley.sms.NationalLanguage;
import dev.parley.sms.Segment;
import dev.parley.world.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The link inside TLS: an SMSC with a certificate that it signed itself for `localhost`.
@DisplayName("The SMPP link inside TLS")
@Timeout(60)
class SmppTlsTest {

    private static final String SECRET = "changeit";

    @TempDir
    private static Path directory;

    private static Path store;
    private static Path certificate;

    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void certificate() throws Exception {
        store = directory.resolve("smsc.p12");
        certificate = directory.resolve("smsc.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "smsc",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost");
        keytool("-exportcert", "-rfc", "-alias", "smsc", "-file", certificate.toString());
    }

    private static void keytool(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", SECRET));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
    }

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    private static ServerSocket secured() throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(new ByteArrayInputStream(Files.readAllBytes(store)), SECRET.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, SECRET.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private TestSmsc smsc(ServerSocket socket) {
        var smsc = new TestSmsc(socket);
        open.add(smsc);
        return smsc;
    }

    private SmppLink link(String host, int port, Optional<Path> authorities, boolean checkHostName) {
        var settings = new SmppSettings(
                host,
                port,
                SmppSettings.Bind.TRANSCEIVER,
                "parley",
                "secret",
                "",
                10,
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(3),
                "+12025550101",
                1,
                0x34,
                SmppSettings.LongMessages.UDH,
                SmppSettings.DefaultAlphabet.GSM7,
                MessageIds.Form.AS_WRITTEN,
                SmppSettings.AddressRules.USUAL,
                Optional.of(new SmppSettings.Tls(authorities, checkHostName)),
                true);
        var link = new SmppLink("secured", settings, Clock.systemUTC(), new SimpleMeterRegistry());
        open.add(link);
        link.start(new LinkListener() {
            @Override
            public long received(Inbound inbound) {
                heard.add("" + inbound.link());
                return heard.size();
            }

            @Override
            public void released(long receipt) {}

            @Override
            public void stateChanged(Link changed, LinkStatus status) {}
        });
        return link;
    }

    private static void ready(SmppLink link) {
        Await.until(
                "the link is ready",
                () -> link.status().state() == LinkState.READY,
                () -> link.status().toString());
    }

    /// Waits until the link says why it does not connect.
    private static String refusal(SmppLink link) {
        Await.until("a refusal", () -> !link.status().sentence().isEmpty());
        assertEquals(LinkState.DISCONNECTED, link.status().state());
        return link.status().sentence();
    }

    private static SubmitOutcome submitted(SmppLink link) throws InterruptedException {
        return Outcome.of(
                link,
                new OutboundPart(
                        1,
                        "+12025550111",
                        new Segment(
                                Alphabet.GSM7,
                                NationalLanguage.DEFAULT,
                                NationalLanguage.DEFAULT,
                                "Hello",
                                Optional.empty()),
                        true,
                        Optional.empty(),
                        false));
    }

    @Test
    @DisplayName("binds to a host whose certificate it is told to trust, submits and receives")
    void trusted() throws Exception {
        var smsc = smsc(secured());
        var link = link("localhost", smsc.port(), Optional.of(certificate), true);
        ready(link);
        assertInstanceOf(SubmitOutcome.Accepted.class, submitted(link));
        smsc.latest().send(TestSmsc.text(7, "12025550111", "hello back"));
        assertEquals(0, smsc.response().status());
        assertEquals(List.of("secured"), heard);
        smsc.latest().cut();
        Await.until("bound again", () -> smsc.binds.size() == 2);
        ready(link);
    }

    @Test
    @DisplayName("refuses a certificate that nobody vouches for, and does not send its password")
    void untrusted() throws Exception {
        var smsc = smsc(secured());
        var why = refusal(link("localhost", smsc.port(), Optional.empty(), false));
        assertTrue(why.contains("certification path") || why.contains("PKIX"), why);
        assertEquals(List.of(), smsc.binds);
    }

    @Test
    @DisplayName("refuses the certificate of another host, unless it is told not to look at the name")
    void anotherHost() throws Exception {
        var smsc = smsc(secured());
        var why = refusal(link("127.0.0.1", smsc.port(), Optional.of(certificate), true));
        assertTrue(why.contains("127.0.0.1"), why);
        assertEquals(List.of(), smsc.binds);
        var careless = link("127.0.0.1", smsc.port(), Optional.of(certificate), false);
        ready(careless);
        assertInstanceOf(SubmitOutcome.Accepted.class, submitted(careless));
    }

    @Test
    @DisplayName("says so when the SMSC does not speak TLS")
    void plain() throws Exception {
        var smsc = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(smsc);
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    try (var accepted = smsc.accept()) {
                        accepted.getOutputStream().write(new byte[] {0, 0, 0, 16, (byte) 0x80, 0, 0, 0});
                        accepted.getOutputStream().flush();
                        accepted.getInputStream().readNBytes(16);
                    }
                }
            } catch (IOException _) {
                // closed
            }
        });
        var why = refusal(link("localhost", smsc.getLocalPort(), Optional.of(certificate), true));
        assertTrue(why.contains("localhost:" + smsc.getLocalPort()), why);
    }

    @Test
    @DisplayName("says which file of authorities cannot be used")
    void noCertificate() throws Exception {
        var smsc = smsc(secured());
        var empty = Files.writeString(directory.resolve("empty.pem"), "");
        var why = refusal(link("localhost", smsc.port(), Optional.of(empty), true));
        assertTrue(why.contains("empty.pem holds no certificate"), why);
    }
}
