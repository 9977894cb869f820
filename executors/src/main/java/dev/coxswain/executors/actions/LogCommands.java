package dev.coxswain.executors.actions;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.Annotation;
import reactor.core.publisher.Flux;

/**
 * Reads the lines of one step that are meant for the runner ({@code ::name key=value::text}) and passes all bytes on as they
 * are. Only a line that begins with two colons waits for its end, at most {@value #MOST_HELD} bytes of it: what it asks to
 * hide must be known before the line itself is shown.
 */
final class LogCommands {
    static final int MOST_HELD = 16 * 1024;
    /** A mask costs time for each byte that follows; a stranger's text may ask for many. */
    static final int MOST_MASKS = 200;

    private static final int LEAST_SECRET = 6;
    private static final int MOST_BLANKS = 64;

    private final Map<CommandEvent.Stream, Line> lines = new EnumMap<>(CommandEvent.Stream.class);
    private @Nullable String stopped;
    private int masks;

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
        List<ExecutionEvent> meant = mayBeCommand(bytes) ? meaning(bytes) : List.of();
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

    private List<ExecutionEvent> meaning(byte[] bytes) {
        String line = new String(bytes, StandardCharsets.UTF_8).strip();
        int close = line.startsWith("::") ? line.indexOf("::", 2) : -1;
        if (close < 0) {
            return List.of();
        }
        String head = line.substring(2, close).strip();
        String text = line.substring(close + 2);
        if (stopped != null) {
            if (head.equals(stopped)) {
                stopped = null;
            }
            return List.of();
        }
        int space = head.indexOf(' ');
        String name = (space < 0 ? head : head.substring(0, space)).toLowerCase(Locale.ROOT);
        String properties = space < 0 ? "" : head.substring(space + 1);
        return switch (name) {
            case "add-mask" -> masks(plain(text, false));
            case "stop-commands" -> {
                stopped = text.isBlank() ? null : text.strip();
                yield List.of();
            }
            case "notice" -> List.of(remark(Annotation.Level.NOTICE, text, properties));
            case "warning" -> List.of(remark(Annotation.Level.WARNING, text, properties));
            case "error" -> List.of(remark(Annotation.Level.ERROR, text, properties));
            // ::group:: and the like are for whoever shows the log
            default -> List.of();
        };
    }

    /** The whole text, and each of its lines: a log shows them one by one. */
    private List<ExecutionEvent> masks(String secret) {
        List<ExecutionEvent> learnt = new ArrayList<>();
        List<String> texts = new ArrayList<>(List.of(secret));
        secret.lines().map(String::strip).filter(line -> !line.equals(secret)).forEach(texts::add);
        for (String each : texts) {
            if (each.length() >= LEAST_SECRET && masks < MOST_MASKS) {
                masks++;
                learnt.add(new ExecutionEvent.SecretLearnt(each));
            }
        }
        return learnt;
    }

    private static Annotation remark(Annotation.Level level, String text, String properties) {
        Map<String, String> said = new HashMap<>();
        for (String each : properties.split(",", -1)) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                said.put(each.substring(0, equals).strip(), plain(each.substring(equals + 1), true));
            }
        }
        String line = said.getOrDefault("line", "").strip();
        return new Annotation(level, plain(text, false), said.getOrDefault("file", ""),
                line.matches("\\d{1,9}") ? Integer.parseInt(line) : 0);
    }

    /** Line ends come escaped, since a command is one line. */
    private static String plain(String text, boolean property) {
        String plain = text.replace("%0D", "\r").replace("%0A", "\n");
        return (property ? plain.replace("%3A", ":").replace("%2C", ",") : plain).replace("%25", "%");
    }

    /** A line of ours in the log, that the control plane makes an annotation of: it has no other place for our words. */
    static ExecutionEvent error(String text) {
        String escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
        return new ExecutionEvent.Output(CommandEvent.Stream.STDERR,
                ("::error::" + escaped + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
