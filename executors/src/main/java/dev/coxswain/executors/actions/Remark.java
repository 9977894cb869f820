package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.Annotation;

/** Words of ours about a step: one line in its log, that the control plane makes an annotation of; it has no other place for them. */
final class Remark {
    private Remark() {}

    static List<ExecutionEvent> error(String text) {
        return of(Annotation.Level.ERROR, text);
    }

    static List<ExecutionEvent> warning(String text) {
        return of(Annotation.Level.WARNING, text);
    }

    private static List<ExecutionEvent> of(Annotation.Level level, String text) {
        String line = "::" + level.name().toLowerCase(Locale.ROOT) + "::"
                + text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A") + "\n";
        return List.of(new Annotation(level, text, "", 0), new ExecutionEvent.Output(CommandEvent.Stream.STDERR,
                line.getBytes(StandardCharsets.UTF_8)));
    }
}
