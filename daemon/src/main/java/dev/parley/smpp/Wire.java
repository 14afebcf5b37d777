package dev.parley.smpp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jsmpp.session.connection.Connection;

/// The TCP connection of a session, perhaps inside TLS.
///
/// `TCP_NODELAY`, which jsmpp's own leaves off: with receipts in flight a submit would wait for
/// the delayed acknowledgement of the response before it.
final class Wire implements Connection {

    private static final int INPUT_OCTETS = 16 * 1024;

    /// How long a close may wait to say goodbye inside TLS: whoever is writing may wait for a peer that does not read.
    private static final int TLS_LINGER_SECONDS = 1;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Runnable closed;

    private Wire(Socket socket, Runnable closed) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), INPUT_OCTETS);
        this.out = socket.getOutputStream();
        this.closed = closed;
    }

    /// @param closed what to do when our side closes it
    static Wire connect(String host, int port, Optional<SmppSettings.Tls> tls, Duration timeout, Runnable closed)
            throws IOException {
        var plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.setKeepAlive(true);
            plain.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return new Wire(tls.isPresent() ? secured(plain, host, port, tls.get(), timeout) : plain, closed);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket secured(Socket plain, String host, int port, SmppSettings.Tls tls, Duration timeout)
            throws IOException {
        var secured = (SSLSocket) sockets(tls.authorities()).createSocket(plain, host, port, true);
        var parameters = secured.getSSLParameters();
        if (tls.checkHostName()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secured.setSSLParameters(parameters);
        secured.setSoTimeout((int) timeout.toMillis());
        secured.setSoLinger(true, TLS_LINGER_SECONDS);
        secured.startHandshake();
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

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public InetAddress getInetAddress() {
        return socket.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getPort() {
        return socket.getPort();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    /// Always the same object: whoever writes a PDU holds its monitor, as jsmpp's
    /// SynchronizedPDUSender does.
    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int timeout) throws IOException {
        socket.setSoTimeout(timeout);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        closed.run();
    }
}
