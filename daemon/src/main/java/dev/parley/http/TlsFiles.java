package dev.parley.http;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate and its key, read again when one of their files changes. New ones that cannot
/// be used change nothing: half a renewal must not take the server off the net.
final class TlsFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    /// How often the files are looked at, at most; connections wait for the look.
    static final Duration LOOK = Duration.ofSeconds(1);

    private record State(FileTime certificate, long certificateOctets, FileTime key, long keyOctets) {}

    private final HttpSettings.Tls files;
    private State seen;
    private SslContext context;
    private long lookedAt = System.nanoTime();

    private TlsFiles(HttpSettings.Tls files, State seen, SslContext context) {
        this.files = files;
        this.seen = seen;
        this.context = context;
    }

    /// @throws IOException with a sentence that names the file
    static TlsFiles open(HttpSettings.Tls files) throws IOException {
        return new TlsFiles(files, stateOf(files), contextOf(files));
    }

    synchronized SslContext context() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK.toNanos()) {
            lookedAt = now;
            try {
                renew();
            } catch (IOException e) {
                LOG.warn("the TLS certificate stays as it was: {}", e.getMessage());
            }
        }
        return context;
    }

    /// Reads the files if they have changed.
    ///
    /// @return whether there is another certificate now
    /// @throws IOException with a sentence that names the file, when it cannot be used; told once for
    /// each change
    synchronized boolean renew() throws IOException {
        var state = stateOf(files);
        if (state.equals(seen)) {
            return false;
        }
        seen = state;
        context = contextOf(files);
        LOG.info("the TLS certificate was read again file={}", files.certificate());
        return true;
    }

    private static State stateOf(HttpSettings.Tls files) throws IOException {
        return new State(
                Files.getLastModifiedTime(readable(files.certificate())),
                Files.size(files.certificate()),
                Files.getLastModifiedTime(readable(files.key())),
                Files.size(files.key()));
    }

    private static Path readable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("Cannot read " + file + ". Check that it exists and who may read it.");
        }
        return file;
    }

    private static SslContext contextOf(HttpSettings.Tls files) throws IOException {
        try {
            return SslContextBuilder.forServer(
                            files.certificate().toFile(), files.key().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IOException(
                    "Cannot use " + files.certificate() + " with " + files.key() + ": " + e.getMessage()
                            + ". Expected a certificate and its key in PEM, the key without a passphrase.",
                    e);
        }
    }
}
