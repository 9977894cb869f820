package dev.coxswain.supervisor.cli;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

/** Whether the log is text, as {@code logback.xml} has it, or JSON lines. */
final class LogFormat {
    static final List<String> ALL = List.of("text", "json");
    private static final String APPENDER = "console";
    private static @Nullable Encoder<ILoggingEvent> text;

    private LogFormat() {}

    /** From the next event on; {@code format} is one of {@link #ALL}. */
    static synchronized void choose(String format) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        if (!(root.getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> console)) {
            // whoever runs us with a logback.xml of their own has a format of their own
            return;
        }
        boolean json = format.equals("json");
        if (json == console.getEncoder() instanceof JsonLines) {
            return;
        }
        Encoder<ILoggingEvent> next = text;
        if (json) {
            text = console.getEncoder();
            next = new JsonLines();
            next.setContext(console.getContext());
        }
        if (next != null) {
            next.start();
            console.setEncoder(next);
        }
    }
}
