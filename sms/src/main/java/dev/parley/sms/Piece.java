package dev.parley.sms;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One of several parts as octets that are read only when they are joined, written into a text: its
/// [Reading], then two
/// characters an octet, all of them noncharacters (Unicode 16 §23.7), which no text holds.
final class Piece {
    private Piece() {}

    private static final char OCTETS = '\uFDD0';
    private static final char READINGS = '\uFDE0';

    static String of(Reading reading, byte[] octets) {
        var piece = new StringBuilder(1 + 2 * octets.length);
        piece.append((char) (READINGS + reading.code));
        for (byte octet : octets) {
            piece.append((char) (OCTETS + ((octet & 0xFF) >> 4))).append((char) (OCTETS + (octet & 0x0F)));
        }
        return piece.toString();
    }

    /// Reads what stands between ordinary characters in pieces of the same reading, joined.
    ///
    /// @param pieces of all parts, one after the other
    static String read(String pieces) {
        int at = 0;
        while (at < pieces.length() && !begins(pieces, at)) {
            at++;
        }
        if (at == pieces.length()) {
            return pieces;
        }
        var text = new StringBuilder(pieces.substring(0, at));
        while (at < pieces.length()) {
            if (!begins(pieces, at)) {
                text.append(pieces.charAt(at++));
                continue;
            }
            char mark = pieces.charAt(at);
            int begin = at;
            var octets = new StringBuilder(); // a character an octet
            while (at < pieces.length() && pieces.charAt(at) == mark) {
                at = collect(pieces, at + 1, octets);
            }
            boolean gaps = begin > 0 || at < pieces.length();
            text.append(
                    reading(mark).orElseThrow().read(octets.toString().getBytes(StandardCharsets.ISO_8859_1), gaps));
        }
        return text.toString();
    }

    private static boolean begins(String pieces, int at) {
        return reading(pieces.charAt(at)).isPresent();
    }

    private static Optional<Reading> reading(char mark) {
        if (mark < READINGS) {
            return Optional.empty();
        }
        for (var reading : Reading.values()) {
            if (mark == READINGS + reading.code) {
                return Optional.of(reading);
            }
        }
        return Optional.empty();
    }

    /// Adds the octets of one part.
    ///
    /// @return where the part ends
    private static int collect(String pieces, int from, StringBuilder octets) {
        int at = from;
        while (at + 1 < pieces.length() && isNibble(pieces.charAt(at)) && isNibble(pieces.charAt(at + 1))) {
            octets.append((char) (((pieces.charAt(at) - OCTETS) << 4) | (pieces.charAt(at + 1) - OCTETS)));
            at += 2;
        }
        return at;
    }

    private static boolean isNibble(char c) {
        return c >= OCTETS && c < READINGS;
    }
}
