package dev.parley.sms;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;

/// TP-VP: how long the SMSC keeps trying (3GPP TS 23.040 §9.2.3.12).
public sealed interface ValidityPeriod {

    /// No TP-VP: as long as the SMSC likes.
    record SmscDefault() implements ValidityPeriod {}

    /// One octet with four ranges of steps (§9.2.3.12.1). What is between two steps is cut to the lower
    /// one, so that nothing arrives later than asked; below five minutes is five minutes, above 63 weeks
    /// is 63 weeks.
    record Relative(Duration atMost) implements ValidityPeriod {

        private static final int HALF_DAY_MINUTES = 12 * 60;
        private static final int DAY_MINUTES = 24 * 60;
        private static final int WEEK_MINUTES = 7 * DAY_MINUTES;

        public Relative {
            if (atMost.isNegative()) {
                throw new IllegalArgumentException("a validity of " + atMost);
            }
        }

        public static Relative ofOctet(int octet) {
            long minutes;
            if (octet <= 143) {
                minutes = (octet + 1) * 5L;
            } else if (octet <= 167) {
                minutes = HALF_DAY_MINUTES + (octet - 143) * 30L;
            } else if (octet <= 196) {
                minutes = (octet - 166) * (long) DAY_MINUTES;
            } else {
                minutes = (octet - 192) * (long) WEEK_MINUTES;
            }
            return new Relative(Duration.ofMinutes(minutes));
        }

        /// The octet on the wire, 0 to 255.
        public int octet() {
            long minutes = atMost.toMinutes();
            if (minutes < 5) {
                return 0;
            }
            if (minutes < HALF_DAY_MINUTES + 30) {
                return (int) Math.min(minutes / 5 - 1, 143);
            }
            if (minutes < 2 * DAY_MINUTES) {
                return (int) Math.min(143 + (minutes - HALF_DAY_MINUTES) / 30, 167);
            }
            if (minutes < 5L * WEEK_MINUTES) {
                return (int) Math.min(166 + minutes / DAY_MINUTES, 196);
            }
            return (int) Math.min(192 + minutes / WEEK_MINUTES, 255);
        }
    }

    /// §9.2.3.12.2
    record Absolute(OffsetDateTime until) implements ValidityPeriod {}

    /// §9.2.3.12.3, seven octets, kept as they came.
    record Enhanced(Octets octets) implements ValidityPeriod {}

    /// An absolute time that is none, kept as it came.
    record NoTime(Octets octets) implements ValidityPeriod {}

    /// TP-VPF (§9.2.3.3): 0 none, 1 enhanced, 2 relative, 3 absolute.
    default int format() {
        return switch (this) {
            case SmscDefault _ -> 0b00;
            case Enhanced _ -> 0b01;
            case Relative _ -> 0b10;
            case Absolute _, NoTime _ -> 0b11;
        };
    }

    static ValidityPeriod read(OctetReader in, int format) {
        return switch (format) {
            case 0b00 -> new SmscDefault();
            case 0b10 -> Relative.ofOctet(in.octet("TP-VP"));
            case 0b01 -> new Enhanced(Octets.of(in.octets("TP-VP", Timestamp.OCTETS)));
            default -> {
                var octets = in.octets("TP-VP", Timestamp.OCTETS);
                yield Timestamp.of(octets)
                        .<ValidityPeriod>map(time -> new Absolute(time.at()))
                        .orElseGet(() -> new NoTime(Octets.of(octets)));
            }
        };
    }

    /// How many octets [#write] takes.
    default int size() {
        return switch (this) {
            case SmscDefault _ -> 0;
            case Relative _ -> 1;
            case Absolute _, Enhanced _, NoTime _ -> Timestamp.OCTETS;
        };
    }

    /// Writes it at an index of the TPDU.
    ///
    /// @return the index behind it
    default int write(byte[] out, int at) {
        return switch (this) {
            case SmscDefault _ -> at;
            case Relative relative -> {
                out[at] = (byte) relative.octet();
                yield at + 1;
            }
            case Absolute(var until) -> new Timestamp(until).write(out, at);
            case Enhanced(var octets) -> copy(octets, out, at);
            case NoTime(var octets) -> copy(octets, out, at);
        };
    }

    private static int copy(Octets octets, byte[] out, int at) {
        var seven = Arrays.copyOf(octets.toArray(), Timestamp.OCTETS);
        System.arraycopy(seven, 0, out, at, seven.length);
        return at + seven.length;
    }
}
