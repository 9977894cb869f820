package dev.coxswain.executors.function;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace.Stop;
import reactor.core.scheduler.Scheduler;

/** The time that a call may take. */
record CallTime(Scheduler timer) {
    /** Watches it as long as the call owns that; {@code over} is told its end, and how what it runs in is stopped. */
    void watch(Call call, BiConsumer<JobResult, Stop> over) {
        FunctionJob job = call.job;
        Duration limit = job.limit();
        if (limit != null) {
            // a function's caller waits, so it is killed; a job may put its things in order
            Stop how = job.kind() == FunctionJob.Kind.FUNCTION ? Stop.KILL : Stop.TERM;
            call.owned.add(timer.schedule(() -> over.accept(tooLate(limit), how), limit.toMillis(),
                    TimeUnit.MILLISECONDS));
        }
    }

    private static JobResult tooLate(Duration limit) {
        return new JobResult.TimedOut(Reason.TIMEOUT.message("it did not end within "
                + limit.toString().substring(2).toLowerCase(Locale.ROOT) + ", which is its limit, and was stopped"));
    }
}
