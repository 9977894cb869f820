package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** One lease request: what the runner is seen doing, what is counted, and that the slot comes back once. */
class RunnerTest {
    private final TestBench bench = new TestBench();
    private final Slots slots = new Slots(new SlotsConfig(2),
            List.of(new Slots.PoolShare("pool", OptionalInt.empty(), OptionalInt.empty())), bench.meters);
    private final Slots.Slot other = (Slots.Slot) slots.reserve("pool");
    private final List<Integer> freed = new ArrayList<>();
    private final Runner runner = new Runner(bench.services(), TestBench.CREDENTIAL);
    private final List<Runner.Polled> polled = new ArrayList<>();

    RunnerTest() {
        slots.onFreed(() -> freed.add(slots.used()));
    }

    private void poll() {
        runner.poll((Slots.Slot) slots.reserve("pool")).subscribe(polled::add);
    }

    private double requests(String result) {
        return bench.registry.get("coxswain_lease_requests_total").tag("result", result).counter().count();
    }

    static List<Arguments> failures() {
        return List.of(
                failure(() -> Mono.error(new ControlPlaneException.Unavailable("503 at /lease", null, null)),
                        "unavailable", RunnerState.IDLE, "503 at /lease"),
                failure(() -> Mono.error(new ControlPlaneException.RateLimited("429", null)), "rate_limited",
                        RunnerState.IDLE, "429"),
                failure(() -> Mono.error(new ControlPlaneException.CredentialRefused("401")), "refused",
                        RunnerState.QUARANTINED, "401"),
                failure(() -> Mono.error(new ControlPlaneException.Garbled("html", null)), "garbled",
                        RunnerState.IDLE, "html"),
                failure(() -> Mono.error(new ControlPlaneException.Rejected("400")), "rejected", RunnerState.IDLE,
                        "400"),
                failure(() -> Mono.error(new ControlPlaneException.LeaseLost("409")), "rejected", RunnerState.IDLE,
                        "409"),
                failure(() -> Mono.error(new IllegalStateException("a mistake")), "unavailable", RunnerState.IDLE,
                        "a mistake"),
                failure(() -> {
                    throw new IllegalStateException("thrown");
                }, "unavailable", RunnerState.IDLE, "thrown"),
                failure(Mono::empty, "garbled", RunnerState.IDLE, "without an answer"));
    }

    private static Arguments failure(Supplier<Mono<LeaseReply>> reply, String counted, RunnerState state,
            String why) {
        return Arguments.of(reply, counted, state, why);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureOfAnyKindGivesTheSlotBackOnce(Supplier<Mono<LeaseReply>> reply, String counted, RunnerState state,
            String why) {
        bench.reply = reply;

        poll();

        assertThat(polled).singleElement().isInstanceOf(Runner.Polled.Failed.class);
        assertThat(freed).containsExactly(1);
        assertThat(requests(counted)).isEqualTo(1);
        assertThat(runner.state()).isEqualTo(state);
        assertThat(runner.why()).contains(why);
        assertThat(bench.registry.get("coxswain_lease_request_duration_seconds").timer().count()).isEqualTo(1);
    }

    @Test
    void noJobGivesTheSlotBackAndPassesTheServersWishOn() {
        bench.reply = () -> Mono.just(new LeaseReply.NoJob(Duration.ofSeconds(3)));
        poll();

        assertThat(polled).containsExactly(new Runner.Polled.NoJob(Duration.ofSeconds(3), null));
        assertThat(freed).containsExactly(1);
        assertThat(requests("no_job")).isEqualTo(1);
        assertThat(runner.state()).isEqualTo(RunnerState.IDLE);
        assertThat(runner.why()).contains("no job");
    }

    @Test
    void aRequestThatNeverEndsIsGivenUp() {
        bench.reply = Mono::never;
        poll();
        assertThat(runner.state()).isEqualTo(RunnerState.POLLING);
        bench.time.advanceTimeBy(Duration.ofSeconds(19));
        assertThat(polled).isEmpty();

        bench.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(polled).singleElement().isInstanceOf(Runner.Polled.Failed.class);
        assertThat(freed).containsExactly(1);
    }

    @Test
    void aGrantedJobTakesTheSlotAlongUntilItsEnd() {
        bench.reply = () -> Mono.just(new LeaseReply.Granted(bench.lease));
        bench.workload = bench.lasting(Duration.ofMinutes(1));
        poll();

        assertThat(freed).isEmpty();
        assertThat(requests("granted")).isEqualTo(1);
        assertThat(runner.state()).isEqualTo(RunnerState.LEASED);
        JobRun run = ((Runner.Polled.Granted) polled.get(0)).run();
        assertThat(runner.job()).isSameAs(run);
        run.run().subscribe();
        assertThat(runner.state()).isEqualTo(RunnerState.RUNNING);

        bench.time.advanceTimeBy(Duration.ofMinutes(2));
        runner.jobEnded(run);

        assertThat(freed).containsExactly(1);
        assertThat(runner.state()).isEqualTo(RunnerState.IDLE);
        assertThat(runner.why()).contains("ended");
        assertThat(runner.services().meters().jobsLeased()).isEqualTo(1);
        other.release();
        assertThat(slots.used()).isZero();
    }
}
