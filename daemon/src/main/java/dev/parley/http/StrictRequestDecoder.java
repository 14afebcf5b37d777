package dev.parley.http;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

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
}
