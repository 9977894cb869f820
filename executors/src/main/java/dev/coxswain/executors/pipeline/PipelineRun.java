package dev.coxswain.executors.pipeline;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.StderrTail;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One run of the command. Every command event becomes exactly one execution event, so that demand and output pass through
 * untouched; what the end needs is remembered on the way.
 */
final class PipelineRun {
    private final PipelineConfig config;
    private final ResultFile resultFile;
    private final SummaryFile summaryFile;
    private final String step;
    private final StderrTail stderr = new StderrTail();
    private CommandEvent.@Nullable Exited exited;

    PipelineRun(PipelineConfig config, ResultFile resultFile, SummaryFile summaryFile) {
        this.config = config;
        this.resultFile = resultFile;
        this.summaryFile = summaryFile;
        String program = config.command().getFirst();
        this.step = program.substring(program.lastIndexOf('/') + 1);
    }

    ExecutionEvent translate(CommandEvent event) {
        return switch (event) {
            case CommandEvent.Started started -> new ExecutionEvent.StepStarted(step);
            case CommandEvent.Output output -> {
                if (output.stream() == CommandEvent.Stream.STDERR) {
                    stderr.add(output.bytes());
                }
                yield new ExecutionEvent.Output(output.stream(), output.bytes());
            }
            case CommandEvent.Exited exit -> {
                exited = exit;
                yield new ExecutionEvent.StepEnded(step, exit.code());
            }
        };
    }

    /** The summary, if one was wanted and made, and the job's end, when the command's events are over. */
    Flux<ExecutionEvent> end(Job job, Workspace workspace) {
        Briefing told = job.briefing();
        return told != null && told.summaryWanted()
                ? Flux.concat(summaryFile.read(workspace).map(ExecutionEvent.Summarised::new), end(workspace))
                : Flux.from(end(workspace));
    }

    private Mono<ExecutionEvent> end(Workspace workspace) {
        CommandEvent.Exited exit = exited;
        if (exit == null) {
            return Mono.error(new IllegalStateException("the executor did not tell how the command ended"));
        }
        return result(exit, workspace).map(ExecutionEvent.Ended::new);
    }

    private Mono<JobResult> result(CommandEvent.Exited exit, Workspace workspace) {
        if (exit.timedOut()) {
            return Mono.just(new JobResult.TimedOut(step + " did not end within " + text(config.timeout())));
        }
        if (exit.code() != 0 && exit.outOfMemory()) {
            return Mono.just(new JobResult.Failed(CommandEvent.Exited.TOO_LARGE));
        }
        if (exit.code() != 0) {
            String line = stderr.lastLine();
            return Mono.just(new JobResult.Failed(line.isEmpty() ? "exit code " + exit.code() : line));
        }
        return resultFile.read(workspace);
    }

    /** As the configuration writes it: {@code 30m}, {@code 1h30m}, {@code 500ms}. */
    static String text(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        append(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }
}
