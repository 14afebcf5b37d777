package dev.parley.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@DisplayName("A log of JSON lines")
class LogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ch.qos.logback.classic.Logger log = logger();

    private ch.qos.logback.classic.Logger logger() {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        var encoder = new JsonLog();
        encoder.setContext(context);
        encoder.start();
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.setOutputStream(written);
        appender.start();
        var logger = context.getLogger("dev.parley.smpp.SmppLink");
        logger.addAppender(appender);
        return logger;
    }

    private JsonNode line() {
        var lines = written.toString(StandardCharsets.UTF_8);
        assertEquals(1, lines.lines().count(), lines);
        return JsonMapper.builder().build().readTree(lines);
    }

    @Test
    @DisplayName("has what a message names as keys beside it, numbers as numbers")
    void keys() {
        log.warn("link={} part={} was lost: {}", "modem-1", 42L, "\"why\"\nnot");
        var line = line();
        assertEquals("WARN", line.path("level").asString());
        assertEquals("dev.parley.smpp.SmppLink", line.path("logger").asString());
        assertEquals(
                "link=modem-1 part=42 was lost: \"why\"\nnot",
                line.path("message").asString());
        assertEquals("modem-1", line.path("link").asString());
        assertEquals(42, line.path("part").asLong());
        assertTrue(line.path("part").isNumber());
        assertTrue(line.path("time").asString().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z"));
        assertEquals(Thread.currentThread().getName(), line.path("thread").asString());
        assertFalse(line.has("error"));
    }

    @Test
    @DisplayName("keeps a stack trace within the line")
    void error() {
        log.error(
                "part={} met a mistake of ours", 1, new IllegalStateException("no part", new RuntimeException("deep")));
        var line = line();
        assertEquals(1, line.path("part").asInt());
        assertTrue(line.path("error").asString().startsWith("java.lang.IllegalStateException: no part"));
        assertTrue(line.path("error").asString().contains("Caused by: java.lang.RuntimeException: deep"));
    }

    @Test
    @DisplayName("never lets a message take the place of what a line always has")
    void reserved() {
        log.info("level={} of {} and {}", "low", "one");
        assertEquals("INFO", line().path("level").asString());
    }
}
