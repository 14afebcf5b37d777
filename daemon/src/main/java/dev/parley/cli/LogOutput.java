package dev.parley.cli;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.parley.config.Config;
import dev.parley.config.LogSection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The form of this process' log, as the command line says it or else the configuration.
final class LogOutput {
    private static final String APPENDER = "stderr"; // of logback.xml

    private final Optional<LogSection.Form> asked;
    private @Nullable Encoder<ILoggingEvent> text; // of logback.xml, once another one is used

    /// @param asked on the command line
    LogOutput(Optional<LogSection.Form> asked) {
        this.asked = asked;
    }

    /// From the next line on.
    void follow(Config config) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)
                || !(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(APPENDER)
                        instanceof ConsoleAppender<ILoggingEvent> appender)) {
            throw new IllegalStateException("the log is set up without its appender " + APPENDER);
        }
        if (!(appender.getEncoder() instanceof JsonLog)) {
            text = appender.getEncoder();
        }
        if (asked.orElse(config.log().form()) == LogSection.Form.JSON) {
            var encoder = new JsonLog();
            encoder.setContext(context);
            encoder.start();
            appender.setEncoder(encoder);
        } else if (text != null) {
            appender.setEncoder(text);
        }
    }
}
