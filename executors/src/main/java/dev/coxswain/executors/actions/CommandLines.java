package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.Annotation;

/** What the lines of one step say that are meant for the runner ({@code ::name key=value::text}). */
final class CommandLines {
    /** A mask costs time for each byte that follows; a stranger's text may ask for many. */
    static final int MOST_MASKS = 200;
    /** Less would let a stranger's text make a log unreadable. */
    static final int LEAST_SECRET = 6;
    static final String TOO_SHORT = "::warning::add-mask got less than " + LEAST_SECRET
            + " characters, which are not hidden\n";

    private @Nullable String stopped;
    private int masks;
    private boolean warned;

    /** Nothing when it is no such line. */
    List<ExecutionEvent> meaning(CommandEvent.Stream stream, byte[] bytes) {
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
            case "add-mask" -> masks(stream, plain(text, false));
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
    private List<ExecutionEvent> masks(CommandEvent.Stream stream, String secret) {
        List<ExecutionEvent> learnt = new ArrayList<>();
        if (!secret.isBlank() && secret.length() < LEAST_SECRET && !warned) {
            warned = true;
            learnt.add(new ExecutionEvent.Output(stream, TOO_SHORT.getBytes(StandardCharsets.UTF_8)));
        }
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
}
