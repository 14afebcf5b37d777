package dev.parley.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/// Reads HTTP/1.1 and refuses what two readers could understand differently (RFC 9112 §6.1,
/// request smuggling).
final class StrictRequestDecoder extends HttpRequestDecoder {

    StrictRequestDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpServer.LINE_OCTETS_MAX)
                .setMaxHeaderSize(HttpServer.HEADER_OCTETS_MAX)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("it has both Transfer-Encoding and Content-Length");
    }

    private boolean inHead = true;
    private boolean inFields; // the request line was read
    private boolean folded;
    private boolean loose; // its request line has other blanks than its two

    /// A field that goes on in a second line is understood differently by different readers, and is
    /// refused (RFC 9112 §5.2). The decoder reads whole lines and stops behind a head, so that what it
    /// read while there was no head yet is lines of one.
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        int from = buffer.readerIndex();
        int before = out.size();
        boolean head = inHead;
        super.decode(ctx, buffer, out);
        if (head) {
            look(buffer, from, buffer.readerIndex());
        }
        for (var piece : out.subList(before, out.size())) {
            if (piece instanceof HttpRequest request) {
                if ((folded || loose) && request.decoderResult().isSuccess()) {
                    request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(
                            folded
                                    ? "it has a header that goes on in a second line"
                                    : "its request line has other blanks than the two single ones")));
                }
                inHead = false;
                inFields = false;
                folded = false;
                loose = false;
            }
            if (piece instanceof LastHttpContent) {
                inHead = true;
            }
        }
    }

    private void look(ByteBuf buffer, int from, int to) {
        int line = from;
        while (line < to) {
            int end = buffer.indexOf(line, to, (byte) '\n');
            int next = end < 0 ? to : end + 1;
            byte first = buffer.getByte(line);
            if (inFields) {
                folded |= first == ' ' || first == '\t';
            } else {
                inFields = first != '\r' && first != '\n'; // empty lines may stand before a request
                loose |= inFields && !isRequestLine(buffer, line, next);
            }
            line = next;
        }
    }

    /// `method SP request-target SP HTTP-version CRLF` (RFC 9112 §3). Some readers split at any blank,
    /// some at the first and the last.
    private static boolean isRequestLine(ByteBuf buffer, int from, int to) {
        int spaces = 0;
        for (int at = from; at < to; at++) {
            byte octet = buffer.getByte(at);
            if (octet == ' ') {
                spaces++;
            } else if (octet >= 0 && octet < ' ' && at < to - 2) {
                return false;
            }
        }
        return spaces == 2;
    }
}
