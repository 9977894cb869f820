package dev.coxswain.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.coxswain.supervisor.config.RunLimits;
import dev.coxswain.supervisor.fleet.Fleet;
import dev.coxswain.supervisor.runner.RunnerState;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks whether a process that was started for a while has done its part (contract xenonflare-workspace 11). What the
 * official worker counts for its one token counts here for each runner: with empty requests in a row, the process is done
 * when every runner had so many of them, since one runner's queue says nothing of another one's. A runner whose key is
 * refused is not waited for, as long as there is another one.
 */
final class LimitWatch {
    /** Much less than the shortest pause between two requests of one runner. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** What counts of one runner. */
    record Seen(int emptyPolls, RunnerState state) {}

    private final RunLimits limits;
    private final Supplier<List<Seen>> runners;
    private final Scheduler timer;

    LimitWatch(RunLimits limits, Fleet fleet, Scheduler timer) {
        this(limits, () -> fleet.plan().pools().stream().flatMap(pool -> pool.runners().stream())
                .map(runner -> new Seen(runner.emptyPolls(), runner.state())).toList(), timer);
    }

    LimitWatch(RunLimits limits, Supplier<List<Seen>> runners, Scheduler timer) {
        this.limits = limits;
        this.runners = runners;
        this.timer = timer;
    }

    /** Emits the name of the first limit that is reached; never, without limits. Cancelling is safe. */
    Mono<String> reached() {
        return Mono.firstWithSignal(runtime(), emptyPolls());
    }

    private Mono<String> runtime() {
        Duration longest = limits.longest();
        return longest == null ? Mono.never() : Mono.delay(longest, timer).thenReturn("RUNNER_JOB_MAX_RUNTIME_MS");
    }

    private Mono<String> emptyPolls() {
        if (limits.emptyPolls().isEmpty()) {
            return Mono.never();
        }
        int most = limits.emptyPolls().getAsInt();
        return Flux.interval(LOOK, timer).onBackpressureDrop().filter(tick -> allDone(most)).next()
                .thenReturn("RUNNER_JOB_MAX_EMPTY_POLLS");
    }

    private boolean allDone(int most) {
        List<Seen> all = runners.get();
        Stream<Seen> waitedFor = all.stream().filter(runner -> runner.state() != RunnerState.QUARANTINED);
        return all.stream().anyMatch(runner -> isDone(runner, most))
                && waitedFor.allMatch(runner -> isDone(runner, most));
    }

    private static boolean isDone(Seen runner, int most) {
        return runner.emptyPolls() >= most && runner.state() != RunnerState.QUARANTINED;
    }
}
