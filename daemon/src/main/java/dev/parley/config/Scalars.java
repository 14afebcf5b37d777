package dev.parley.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/// How single values are written in the file. Each function answers empty for what is not written so.
public final class Scalars {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|w|y)");
    private static final Pattern RATE = Pattern.compile("([0-9]{1,9})/(s|m|h|d)");
    private static final Pattern LISTEN = Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[^:\\[\\]\\s]+):([0-9]{1,5})");
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,18}");
    private static final int PORT_MAX = 65_535;

    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "y", Duration.ofDays(365));

    private Scalars() {}

    public static Optional<Duration> duration(String text) {
        var match = DURATION.matcher(text);
        return match.matches()
                ? Optional.of(unit(match.group(2)).multipliedBy(Long.parseLong(match.group(1))))
                : Optional.empty();
    }

    /// So many a second; none is no rate.
    static Optional<Double> perSecond(String text) {
        var match = RATE.matcher(text);
        return match.matches()
                ? Optional.of(Long.parseLong(match.group(1))
                                * 1e9
                                / unit(match.group(2)).toNanos())
                        .filter(rate -> rate > 0)
                : Optional.empty();
    }

    /// Underscores may group the digits, as in `115_200`.
    static Optional<Integer> integer(String text) {
        var digits = text.replace("_", "");
        if (!INTEGER.matcher(digits).matches()) {
            return Optional.empty();
        }
        long value = Long.parseLong(digits);
        return value == (int) value ? Optional.of((int) value) : Optional.empty();
    }

    /// Not resolved here: a host name that does not exist is trouble of the network, not of the file.
    static Optional<InetSocketAddress> listen(String text) {
        var match = LISTEN.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(2)) > PORT_MAX) {
            return Optional.empty();
        }
        var host = match.group(1);
        var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return Optional.of(InetSocketAddress.createUnresolved(bare, Integer.parseInt(match.group(2))));
    }

    static Optional<Boolean> flag(String text) {
        return switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /// The largest unit that says it without a fraction, so that a mistake quotes limits as the file writes
    /// them.
    static String written(Duration duration) {
        for (var unit : new String[] {"y", "d", "h", "m", "s"}) {
            long millis = unit(unit).toMillis();
            if (duration.toMillis() >= millis && duration.toMillis() % millis == 0) {
                return duration.toMillis() / millis + unit;
            }
        }
        return duration.toMillis() + "ms";
    }

    /// A value as the file writes it; empty for one that is no value.
    static Optional<String> shown(Object value) {
        return Optional.of(
                        switch (value) {
                            case Duration duration -> written(duration);
                            case Enum<?> choice -> Section.label(choice);
                            case InetSocketAddress address ->
                                "\"" + address.getHostString() + ":" + address.getPort() + "\"";
                            case Secret _ -> "";
                            default -> value.toString();
                        })
                .filter(text -> !text.isEmpty());
    }

    private static Duration unit(String name) {
        return Objects.requireNonNull(UNITS.get(name));
    }
}
