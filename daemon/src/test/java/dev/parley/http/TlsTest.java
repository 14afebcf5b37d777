package dev.parley.http;

import dev.parley.store.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path dir;

    /// A self-signed certificate and its key, as PEM files.
    private KeyStore certificate(String name) throws IOException, GeneralSecurityException, InterruptedException {
        var store = dir.resolve(name + ".p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int status = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "parley",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=IP:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(name + ".log").toFile())
                .start()
                .waitFor();
        assertEquals(0, status);
        var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        Files.writeString(
                dir.resolve("cert.pem"),
                pem("CERTIFICATE", keys.getCertificate("parley").getEncoded()));
        Files.writeString(
                dir.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("parley", PASSWORD).getEncoded()));
        return keys;
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
    }

    private HttpSettings settings() {
        return new HttpSettings(
                HttpSettings.loopback().listen(),
                Optional.of(new HttpSettings.Tls(dir.resolve("cert.pem"), dir.resolve("key.pem"))));
    }

    /// The name in the certificate that the server shows.
    private static String served(String url, KeyStore trusted)
            throws IOException, GeneralSecurityException, InterruptedException {
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (var http = HttpClient.newBuilder().sslContext(context).build()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/healthz")).build(), BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertEquals(
                    "max-age=31536000",
                    answer.headers().firstValue("Strict-Transport-Security").orElse(""));
            var peer = (X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0];
            return peer.getSubjectX500Principal().getName();
        }
    }

    private static KeyStore trusting(KeyStore... stores) throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (int i = 0; i < stores.length; i++) {
            trusted.setCertificateEntry("trusted" + i, stores[i].getCertificate("parley"));
        }
        return trusted;
    }

    @Test
    void anotherCertificateIsTakenWhileItRunsAndABrokenOneIsNot() throws Exception {
        var first = certificate("first");
        try (var daemon = new Daemon(TestDatabase.fresh(), settings())) {
            var url = daemon.server.url();
            assertTrue(url.startsWith("https://127.0.0.1:"), url);
            assertEquals("CN=first", served(url, trusting(first)));
            var second = certificate("second");
            var both = trusting(first, second);
            var deadline = Instant.now().plus(Duration.ofSeconds(30));
            while (!served(url, both).equals("CN=second")) {
                assertTrue(Instant.now().isBefore(deadline), "the new certificate was not taken");
            }
            Files.writeString(dir.resolve("cert.pem"), "no certificate");
            var looked = Instant.now().plus(TlsFiles.LOOK.multipliedBy(2));
            while (Instant.now().isBefore(looked)) {
                assertEquals("CN=second", served(url, both));
            }
        }
    }

    @Test
    void whatCannotBeUsedIsSaidAtTheStart() throws Exception {
        var e = assertThrows(UncheckedIOException.class, () -> new Daemon(TestDatabase.fresh(), settings()).close());
        assertTrue(String.valueOf(e.getMessage()).contains("cert.pem"), e.getMessage());
        certificate("good");
        Files.writeString(dir.resolve("key.pem"), "no key");
        var other =
                assertThrows(UncheckedIOException.class, () -> new Daemon(TestDatabase.fresh(), settings()).close());
        assertTrue(String.valueOf(other.getMessage()).contains("key.pem"), other.getMessage());
    }
}
