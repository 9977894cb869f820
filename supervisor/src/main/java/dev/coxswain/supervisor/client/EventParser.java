package dev.coxswain.supervisor.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.coxswain.supervisor.client.AdminException.Kind;

/** Server-sent events out of the pieces of an answer: names and data, comments left out. For one reader. */
final class EventParser {
    private static final int LONGEST_LINE = 4 << 20;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String name = "";
    private final StringBuilder data = new StringBuilder();

    /** The events that end in this piece. */
    List<Event> next(byte[] piece) {
        List<Event> ended = new ArrayList<>();
        for (byte each : piece) {
            if (each != '\n') {
                if (line.size() + data.length() >= LONGEST_LINE) {
                    throw new AdminException(Kind.FAILED, "an event of the supervisor is too long");
                }
                line.write(each);
                continue;
            }
            String raw = line.toString(StandardCharsets.UTF_8);
            String text = raw.endsWith("\r") ? raw.substring(0, raw.length() - 1) : raw;
            line.reset();
            if (!text.isEmpty()) {
                take(text);
            } else if (!data.isEmpty()) {
                ended.add(new Event(name, data.toString()));
                name = "";
                data.setLength(0);
            }
        }
        return ended;
    }

    private void take(String text) {
        if (text.startsWith("event:")) {
            name = text.substring("event:".length()).strip();
        } else if (text.startsWith("data:")) {
            data.append(data.isEmpty() ? "" : "\n").append(text.substring("data:".length()).strip());
        }
    }

    /** One event. */
    record Event(String name, String data) {}
}
