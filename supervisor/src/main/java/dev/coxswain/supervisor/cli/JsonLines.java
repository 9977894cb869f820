package dev.coxswain.supervisor.cli;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One JSON object a line for each log event: {@code time, level, logger, thread, message, error}, and what the text says as
 * {@code name={}} as a field of its own, called as the labels of the metrics are: {@code controlPlane={}} becomes
 * {@code control_plane}. The message is the text of the other form, so nothing is in one that is not in the other.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final int LONGEST_MESSAGE = 16 << 10;
    private static final int LONGEST_VALUE = 4 << 10;
    private static final int LONGEST_ERROR = 64 << 10;
    private static final int MOST_FIELDS = 32;
    private static final String TIME = "time";
    private static final String LEVEL = "level";
    private static final String LOGGER = "logger";
    private static final String THREAD = "thread";
    private static final String MESSAGE = "message";
    private static final String ERROR = "error";
    /** A message can't take the place of what is known. */
    private static final Set<String> OURS = Set.of(TIME, LEVEL, LOGGER, THREAD, MESSAGE, ERROR);
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX",
            Locale.ROOT);
    /** A place for an argument, with its name where it has one. */
    private static final Pattern PLACE = Pattern.compile("(?:(?<![\\w.-])([A-Za-z][A-Za-z0-9_]{0,62})=)?\\{}");
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])[A-Z]");

    private final JsonMapper mapper = JsonMapper.builder().build();

    @Override
    public byte @Nullable [] headerBytes() {
        return null;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ObjectNode line = mapper.createObjectNode();
        line.put(TIME, MILLIS.format(Instant.ofEpochMilli(event.getTimeStamp()).atOffset(ZoneOffset.UTC)));
        line.put(LEVEL, event.getLevel().toString().toLowerCase(Locale.ROOT));
        line.put(LOGGER, event.getLoggerName());
        line.put(THREAD, event.getThreadName());
        line.put(MESSAGE, cut(event.getFormattedMessage(), LONGEST_MESSAGE));
        fields(event, line);
        if (event.getThrowableProxy() != null) {
            line.put(ERROR, cut(ThrowableProxyUtil.asString(event.getThrowableProxy()), LONGEST_ERROR));
        }
        return (mapper.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] footerBytes() {
        return null;
    }

    private static void fields(ILoggingEvent event, ObjectNode line) {
        Object[] arguments = event.getArgumentArray();
        String pattern = event.getMessage();
        if (arguments == null || pattern == null) {
            return;
        }
        Matcher place = PLACE.matcher(pattern);
        for (int i = 0; i < arguments.length && place.find(); i++) {
            String name = place.group(1) == null ? null : snake(place.group(1));
            if (name != null && !OURS.contains(name) && !line.has(name) && line.size() < OURS.size() + MOST_FIELDS) {
                put(line, name, arguments[i]);
            }
        }
    }

    private static void put(ObjectNode line, String name, @Nullable Object value) {
        switch (value) {
            case null -> line.putNull(name);
            case Boolean truth -> line.put(name, truth);
            case Integer number -> line.put(name, number);
            case Long number -> line.put(name, number);
            case Double number when Double.isFinite(number) -> line.put(name, number);
            default -> line.put(name, cut(String.valueOf(value), LONGEST_VALUE));
        }
    }

    static String snake(String name) {
        return HUMP.matcher(name).replaceAll("_$0").toLowerCase(Locale.ROOT);
    }

    private static String cut(@Nullable String text, int most) {
        return text == null ? "" : text.length() <= most ? text : text.substring(0, most) + "…";
    }
}
