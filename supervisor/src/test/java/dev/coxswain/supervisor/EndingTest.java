package dev.coxswain.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.LimitWatch.Seen;
import dev.coxswain.supervisor.config.RunLimits;
import dev.coxswain.supervisor.runner.RunnerState;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** When a run ends by itself, and how long its jobs may go on. */
class EndingTest {
    private static final Duration GRACE = Duration.ofMinutes(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String POLLS = "RUNNER_JOB_MAX_EMPTY_POLLS";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final List<Seen> runners = new ArrayList<>();
    private final Sinks.Empty<Void> asked = Sinks.empty();
    private final Sinks.Empty<Void> signalled = Sinks.empty();
    private final Sinks.Empty<Void> jobsEnd = Sinks.empty();
    private final List<Duration> graces = new ArrayList<>();

    @Test
    void withoutLimitsItNeverEndsByItself() {
        runners.add(new Seen(1_000_000, RunnerState.IDLE));

        verify(RunLimits.NONE).then(() -> time.advanceTimeBy(DAY)).expectNoEvent(Duration.ZERO).thenCancel().verify();
    }

    @Test
    void theLongestTimeCountsFromTheStart() {
        verify(new RunLimits(Duration.ofMinutes(5), OptionalInt.empty()))
                .then(() -> time.advanceTimeBy(Duration.ofMinutes(5).minusMillis(1))).expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1))).expectNext("RUNNER_JOB_MAX_RUNTIME_MS")
                .verifyComplete();
    }

    @Test
    void everyRunnerHasItsOwnEmptyRequestsAndOneAtWorkIsWaitedFor() {
        runners.add(new Seen(7, RunnerState.IDLE));
        runners.add(new Seen(0, RunnerState.RUNNING));

        verify(polls(3)).then(() -> time.advanceTimeBy(DAY)).expectNoEvent(Duration.ZERO)
                .then(() -> runners.set(1, new Seen(2, RunnerState.IDLE))).then(() -> time.advanceTimeBy(DAY))
                .expectNoEvent(Duration.ZERO).then(() -> runners.set(1, new Seen(3, RunnerState.POLLING)))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(100))).expectNext(POLLS).verifyComplete();
    }

    @Test
    void aRefusedKeyIsNotWaitedForUnlessThereIsNoOther() {
        runners.add(new Seen(0, RunnerState.QUARANTINED));

        verify(polls(1)).then(() -> time.advanceTimeBy(DAY)).expectNoEvent(Duration.ZERO)
                .then(() -> runners.add(new Seen(1, RunnerState.IDLE)))
                .then(() -> time.advanceTimeBy(Duration.ofMillis(100))).expectNext(POLLS).verifyComplete();
    }

    @Test
    void whoAsksForADrainGivesTheUsualGrace() {
        StepVerifier.create(ending(Mono.never())).then(asked::tryEmitEmpty).then(jobsEnd::tryEmitEmpty).expectNext(0)
                .verifyComplete();

        assertThat(graces).containsExactly(GRACE);
    }

    @Test
    void atALimitJobsEndInTheirOwnTime() {
        StepVerifier.create(ending(Mono.just(POLLS))).then(() -> time.advanceTimeBy(DAY))
                .expectNoEvent(Duration.ZERO).then(jobsEnd::tryEmitEmpty).expectNext(0).verifyComplete();

        assertThat(graces).singleElement().satisfies(grace -> assertThat(grace).isGreaterThan(DAY));
    }

    @Test
    void aSignalDuringThatBeginsTheGrace() {
        StepVerifier.create(ending(Mono.just(POLLS))).then(signalled::tryEmitEmpty)
                .then(() -> time.advanceTimeBy(GRACE.minusMillis(1))).expectNoEvent(Duration.ZERO)
                .then(() -> time.advanceTimeBy(Duration.ofMillis(1))).expectNext(2).verifyComplete();
    }

    private StepVerifier.FirstStep<String> verify(RunLimits limits) {
        return StepVerifier.create(new LimitWatch(limits, () -> List.copyOf(runners), time).reached());
    }

    private static RunLimits polls(int most) {
        return new RunLimits(null, OptionalInt.of(most));
    }

    /** Of a fleet with two jobs, which are cancelled when the grace is over. */
    private Mono<Integer> ending(Mono<String> limit) {
        return new Ending(asked.asMono(), limit, signalled.asMono(), () -> GRACE, grace -> {
            graces.add(grace);
            return Mono.firstWithSignal(jobsEnd.asMono().thenReturn(0), Mono.delay(grace, time).thenReturn(2));
        }).ended();
    }
}
