package dev.coxswain.executors.actions;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import reactor.core.publisher.Flux;

/**
 * Finds the lines of one step that are meant for the runner ({@link CommandLines}) and passes all bytes on as they are. Only a
 * line that begins with two colons waits for its end, at most {@value #MOST_HELD} bytes of it: what it asks to hide must be
 * known before the line itself is shown.
 */
final class LogCommands {
    static final int MOST_HELD = 16 * 1024;

    private static final int MOST_BLANKS = 64;

    private final Map<CommandEvent.Stream, Line> lines = new EnumMap<>(CommandEvent.Stream.class);
    private final CommandLines commands = new CommandLines();

    /** One stream's line, as far as it has come. */
    private static final class Line {
        final ByteArrayOutputStream held = new ByteArrayOutputStream();
        boolean passing;
    }

    /** The same bytes in the same order, and between them what they say. */
    Flux<ExecutionEvent> read(Flux<ExecutionEvent> output) {
        return output.<ExecutionEvent>concatMapIterable(
                event -> event instanceof ExecutionEvent.Output(var stream, var bytes)
                        ? take(stream, bytes)
                        : List.of(event),
                1).concatWith(Flux.defer(() -> Flux.fromIterable(rest())));
    }

    List<ExecutionEvent> take(CommandEvent.Stream stream, byte[] bytes) {
        Line line = lines.computeIfAbsent(stream, each -> new Line());
        List<ExecutionEvent> events = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        int from = 0;
        while (from < bytes.length) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            boolean whole = to < bytes.length;
            int end = whole ? to + 1 : to;
            if (line.passing) {
                out.write(bytes, from, end - from);
                line.passing = !whole;
            } else {
                line.held.write(bytes, from, end - from);
                if (whole) {
                    said(stream, line, out, events);
                } else if (!mayBeCommand(line.held.toByteArray())) {
                    out.writeBytes(line.held.toByteArray());
                    line.held.reset();
                    line.passing = true;
                }
            }
            from = end;
        }
        flush(stream, out, events);
        return events;
    }

    /** What is still held at the end: a last line needs no end. */
    List<ExecutionEvent> rest() {
        List<ExecutionEvent> events = new ArrayList<>();
        lines.forEach((stream, line) -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            said(stream, line, out, events);
            flush(stream, out, events);
        });
        return events;
    }

    private void said(CommandEvent.Stream stream, Line line, ByteArrayOutputStream out, List<ExecutionEvent> events) {
        byte[] bytes = line.held.toByteArray();
        line.held.reset();
        List<ExecutionEvent> meant = mayBeCommand(bytes) ? commands.meaning(stream, bytes) : List.of();
        if (!meant.isEmpty()) {
            flush(stream, out, events);
            events.addAll(meant);
        }
        out.writeBytes(bytes);
    }

    private static void flush(CommandEvent.Stream stream, ByteArrayOutputStream out, List<ExecutionEvent> events) {
        if (out.size() > 0) {
            events.add(new ExecutionEvent.Output(stream, out.toByteArray()));
            out.reset();
        }
    }

    private static boolean mayBeCommand(byte[] line) {
        int at = 0;
        while (at < line.length && at < MOST_BLANKS && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return line.length <= MOST_HELD && (at == line.length || line[at] == ':')
                && (at + 1 >= line.length || line[at + 1] == ':');
    }
}
