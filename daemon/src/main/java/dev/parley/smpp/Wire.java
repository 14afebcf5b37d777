package dev.parley.smpp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/// The TCP connection of a session, perhaps inside TLS.
///
/// With `TCP_NODELAY`: with receipts in flight a submit would wait for the delayed acknowledgement of
/// the response before it.
final class Wire {
    private Wire() {}

    private static final int CONNECT_MILLIS_MAX = 10_000;

    /// How long a close may wait to say goodbye inside TLS: whoever is writing may wait for a peer
    /// that does not read.
    private static final int TLS_LINGER_SECONDS = 1;

    static Socket connect(SmppSettings settings) throws IOException {
        var plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(new InetSocketAddress(settings.host(), settings.port()), CONNECT_MILLIS_MAX);
            return settings.tls().isPresent()
                    ? secured(plain, settings, settings.tls().get())
                    : plain;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, SmppSettings settings, SmppSettings.Tls tls) throws IOException {
        var secured =
                (SSLSocket) sockets(tls.authorities()).createSocket(plain, settings.host(), settings.port(), true);
        var parameters = secured.getSSLParameters();
        if (tls.checkHostName()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secured.setSSLParameters(parameters);
        secured.setSoTimeout(CONNECT_MILLIS_MAX);
        secured.setSoLinger(true, TLS_LINGER_SECONDS);
        secured.startHandshake();
        secured.setSoTimeout(0); // silence is the session's affair
        return secured;
    }

    private static SSLSocketFactory sockets(Optional<Path> authorities) throws IOException {
        if (authorities.isEmpty()) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        try (var pem = Files.newInputStream(authorities.get())) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int count = 0;
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("authority-" + count++, certificate);
            }
            if (count == 0) {
                throw new IOException(authorities.get() + " holds no certificate");
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(authorities.get() + " cannot be used: " + e.getMessage(), e);
        }
    }
}
