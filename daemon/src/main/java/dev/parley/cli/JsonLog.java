package dev.parley.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A log line as a JSON object: `time`, `level`, `thread`, `logger`, `message`, whatever the message
/// names (`link=modem-1` is a key `link` too), and `error` with the stack trace of a mistake of ours.
final class JsonLog extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    /// A place in a message for an argument, with the name in front of it if there is one.
    private static final Pattern PLACE = Pattern.compile("(?:([A-Za-z][A-Za-z0-9]*)=)?\\{}");

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        var line = new LinkedHashMap<String, Object>();
        line.put("time", event.getInstant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("level", event.getLevel().toString());
        line.put("thread", event.getThreadName());
        line.put("logger", event.getLoggerName());
        line.put("message", event.getFormattedMessage());
        var arguments = event.getArgumentArray();
        var place = PLACE.matcher(event.getMessage());
        for (int i = 0; arguments != null && i < arguments.length && place.find(); i++) {
            if (place.group(1) != null) {
                line.putIfAbsent(
                        place.group(1), arguments[i] instanceof Number number ? number : String.valueOf(arguments[i]));
            }
        }
        if (event.getThrowableProxy() != null) {
            line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return (JsonMapper.shared().writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
