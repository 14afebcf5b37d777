package dev.parley.sms;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A time as the SMSC writes it: TP-SCTS, TP-DT, an absolute TP-VP (3GPP TS 23.040 §9.2.3.11). Local
/// time to the second, with its distance from UTC in quarters of an hour.
///
/// @param at within 1990 to 2089, because the year has two digits and no short message is older
public record Timestamp(OffsetDateTime at) {

    static final int OCTETS = 7;

    private static final int QUARTER_SECONDS = 900;
    private static final int FIRST_YEAR = 1990;

    public Timestamp {
        int quarters = at.getOffset().getTotalSeconds() / QUARTER_SECONDS;
        at = at.truncatedTo(ChronoUnit.SECONDS)
                .withOffsetSameInstant(ZoneOffset.ofTotalSeconds(quarters * QUARTER_SECONDS));
        if (at.getYear() < FIRST_YEAR || at.getYear() >= FIRST_YEAR + 100) {
            throw new IllegalArgumentException("year " + at.getYear() + " (1990 to 2089)");
        }
    }

    public Instant instant() {
        return at.toInstant();
    }

    /// Seven octets that are no time (all zero, all FF, month 99) are no reason to lose the text behind
    /// them.
    static Optional<Timestamp> read(OctetReader in, String field) {
        return of(in.octets(field, OCTETS));
    }

    static Optional<Timestamp> of(byte[] octets) {
        for (int i = 0; i < OCTETS - 1; i++) {
            if (swapped(octets[i]) < 0) {
                return Optional.empty();
            }
        }
        int year = swapped(octets[0]);
        // Bit 3 of the first semi-octet is the sign of the zone, the other seven bits are two digits.
        int quarters = swapped((byte) (octets[6] & ~0x08));
        if (quarters < 0) {
            return Optional.empty();
        }
        boolean west = (octets[6] & 0x08) != 0;
        try {
            var zone = ZoneOffset.ofTotalSeconds((west ? -quarters : quarters) * QUARTER_SECONDS);
            return Optional.of(new Timestamp(OffsetDateTime.of(
                    year < FIRST_YEAR % 100 ? 2000 + year : 1900 + year,
                    swapped(octets[1]),
                    swapped(octets[2]),
                    swapped(octets[3]),
                    swapped(octets[4]),
                    swapped(octets[5]),
                    0,
                    zone)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// The number of two swapped digits, or -1 if they are none.
    private static int swapped(byte octet) {
        int tens = octet & 0xF;
        int units = (octet >> 4) & 0xF;
        return tens > 9 || units > 9 ? -1 : tens * 10 + units;
    }

    /// Writes it at an index of the TPDU.
    ///
    /// @return the index behind it
    int write(byte[] out, int at) {
        out[at] = swap(this.at.getYear() % 100);
        out[at + 1] = swap(this.at.getMonthValue());
        out[at + 2] = swap(this.at.getDayOfMonth());
        out[at + 3] = swap(this.at.getHour());
        out[at + 4] = swap(this.at.getMinute());
        out[at + 5] = swap(this.at.getSecond());
        int quarters = this.at.getOffset().getTotalSeconds() / QUARTER_SECONDS;
        out[at + 6] = (byte) (swap(Math.abs(quarters)) | (quarters < 0 ? 0x08 : 0));
        return at + OCTETS;
    }

    private static byte swap(int number) {
        return (byte) (((number % 10) << 4) | (number / 10));
    }
}
