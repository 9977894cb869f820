package dev.coxswain.executors.function;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.Workspace.Stop;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** The time and the memory that a call may take. */
record CallLimits(Scheduler timer, Workspace workspace) {
    private static final Logger log = LoggerFactory.getLogger(CallLimits.class);
    /** Between looks at the memory: short enough for a host, and too long to cost a short call anything. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** Watches it as long as it owns that; {@code over} is told its end, and how what it runs in is stopped. */
    void watch(Call call, BiConsumer<JobResult, Stop> over) {
        FunctionJob job = call.job;
        Duration limit = job.limit();
        if (limit != null) {
            // a function's caller waits, so it is killed; a job may put its things in order
            Stop how = job.kind() == FunctionJob.Kind.FUNCTION ? Stop.KILL : Stop.TERM;
            call.owned.add(timer.schedule(() -> over.accept(tooLate(limit), how), limit.toMillis(),
                    TimeUnit.MILLISECONDS));
        }
        if (job.memoryBytes() > 0) {
            call.owned.add(Flux.interval(LOOK, timer).onBackpressureDrop().concatMap(tick -> workspace.usage(), 1)
                    .filter(usage -> usage.memoryBytes() > job.memoryBytes())
                    .subscribe(usage -> over.accept(tooMuch(usage.memoryBytes(), job.memoryBytes()), Stop.KILL),
                            e -> log.warn("the memory of a process can't be watched any more: {}", e.toString())));
        }
    }

    private static JobResult tooLate(Duration limit) {
        return new JobResult.TimedOut(Reason.TIMEOUT.message("it did not end within "
                + limit.toString().substring(2).toLowerCase(Locale.ROOT) + ", which is its limit, and was stopped"));
    }

    private static JobResult tooMuch(long bytes, long limit) {
        return new JobResult.Failed(Reason.OUT_OF_MEMORY
                .message("it held " + (bytes >> 20) + " MiB of memory and may hold " + (limit >> 20) + " MiB"));
    }
}
