package dev.parley.world;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.Logger;

/// A log of a test's own, and what was written to it.
public final class Logged {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ch.qos.logback.classic.Logger logger = new LoggerContext().getLogger("test");

    public Logged() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    public Logger logger() {
        return logger;
    }

    /// `LEVEL message`, in their order, and forgotten with that.
    public List<String> taken() {
        var taken = lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
        lines.list.clear();
        return taken;
    }
}
