package dev.parley.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// Makes answers small for who takes them so (RFC 9110 §12.5.3): fifty messages of nine people are 113 kB of
/// JSON, and a tenth of that packed.
final class Gzip {

    /// What fits one segment of TCP goes as fast as it is.
    private static final int OCTETS_MIN = 1_400;

    private Gzip() {}

    /// The same answer, packed where that is wanted and worth it. To be called on the thread of the request.
    static Response packed(Request request, Response response) {
        if (response.stream().isPresent()
                || response.body().length < OCTETS_MIN
                || !response.contentType().contains("json")
                || response.header("Content-Encoding").isPresent()) {
            return response;
        }
        var varying = response.with("Vary", "Accept-Encoding");
        if (!isWanted(request.header("Accept-Encoding").orElse(""))) {
            return varying;
        }
        return varying.withBody(packed(response.body())).with("Content-Encoding", "gzip");
    }

    static byte[] packed(byte[] octets) {
        var out = new ByteArrayOutputStream(octets.length / 4);
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(octets);
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory does not fail", e);
        }
        return out.toByteArray();
    }

    /// `gzip` or `*` is named, and not with `q=0`.
    private static boolean isWanted(String accepted) {
        return Arrays.stream(accepted.toLowerCase(Locale.ROOT).split(","))
                .map(coding -> coding.replaceAll("\\s", ""))
                .filter(coding -> coding.matches("(gzip|x-gzip|\\*)(;q=.*)?"))
                .anyMatch(coding -> !coding.matches(".*;q=0(\\.0*)?"));
    }
}
