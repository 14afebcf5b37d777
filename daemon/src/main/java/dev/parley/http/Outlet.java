package dev.parley.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Where a stream is written. Each write waits until the socket took it, so that a slow reader
/// holds one piece in memory and the rest stays where it is.
final class Outlet {

    /// How long a reader may take for one step before it counts as gone.
    static final Duration WRITE_MAX = Duration.ofSeconds(30);

    /// Octets that are handed to the socket at once. They are copied there to where the kernel takes them from, so
    /// that what a reader does not take costs so much and no more.
    static final int STEP = 16 * 1024;

    /// The reader is not there any more, or reads nothing.
    static final class Gone extends Exception {
        private static final long serialVersionUID = 1L;

        Gone() {
            super(null, null, false, false);
        }
    }

    private final Channel channel;
    private final BooleanSupplier closing;

    /// @param closing whether the server is
    Outlet(Channel channel, BooleanSupplier closing) {
        this.channel = channel;
        this.closing = closing;
    }

    /// Whether there is a reader, and a server. To be asked now and then while there is nothing
    /// to write: nobody interrupts a stream, because an interrupt in the middle of a query would
    /// cost the connection to the database.
    boolean isOpen() {
        return channel.isActive() && !closing.getAsBoolean();
    }

    void write(String text) throws InterruptedException, Gone {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] octets) throws InterruptedException, Gone {
        for (int from = 0; from < octets.length; from += STEP) {
            if (!isOpen()) {
                throw new Gone();
            }
            var piece = Unpooled.wrappedBuffer(octets, from, Math.min(STEP, octets.length - from));
            var written = channel.writeAndFlush(new DefaultHttpContent(piece));
            if (!written.await(WRITE_MAX.toMillis(), TimeUnit.MILLISECONDS) || !written.isSuccess()) {
                throw new Gone();
            }
        }
    }
}
