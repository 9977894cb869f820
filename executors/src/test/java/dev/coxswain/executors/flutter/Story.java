package dev.coxswain.executors.flutter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;

/** All that a build emitted. */
record Story(List<ExecutionEvent> events) {
    JobResult result() {
        return ((ExecutionEvent.Ended) events.getLast()).result();
    }

    String failure() {
        return ((JobResult.Failed) result()).message();
    }

    String document() {
        return result() instanceof JobResult.Succeeded done ? done.document() : "no success: " + result();
    }

    /** Names of the steps that began, in order. */
    List<String> steps() {
        return events.stream().filter(ExecutionEvent.StepStarted.class::isInstance)
                .map(event -> ((ExecutionEvent.StepStarted) event).name()).toList();
    }

    /** {@code name exit code} of the steps that ended, in order. */
    List<String> ends() {
        return events.stream().filter(ExecutionEvent.StepEnded.class::isInstance)
                .map(ExecutionEvent.StepEnded.class::cast).map(end -> end.name() + " " + end.exitCode()).toList();
    }

    String stdout() {
        return text(CommandEvent.Stream.STDOUT);
    }

    String text(CommandEvent.Stream stream) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (ExecutionEvent event : events) {
            if (event instanceof ExecutionEvent.Output output && output.stream() == stream) {
                bytes.writeBytes(output.bytes());
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
