package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.fleet.FleetControl.JobView;
import dev.coxswain.supervisor.fleet.FleetControl.Page;
import dev.coxswain.supervisor.fleet.FleetControl.RunnerView;
import dev.coxswain.supervisor.runner.Admission;
import dev.coxswain.supervisor.runner.RunnerState;
import dev.coxswain.supervisor.runner.Slots;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What is shown of the fleet: views and gauges. */
class FleetViewsTest {
    private final FleetBench bench = new FleetBench(41);
    private final ScriptedPlane plane = bench.plane("plane");

    @Test
    void theStatusAddsUp() {
        plane.answer = runner -> runner.equals("pool-1") ? Mono.just(plane.job("ok 60000")) : ScriptedPlane.noJob();
        Fleet fleet = bench.pool("pool", plane, 3).build(2);
        assertThat(fleet.status().state()).isEqualTo("starting");
        assertThat(fleet.ready()).isFalse();
        fleet.start().subscribe();
        bench.pass(Duration.ofSeconds(10));

        FleetControl.Status status = fleet.status();

        assertThat(status.state()).isEqualTo("running");
        assertThat(status.slotsTotal()).isEqualTo(2);
        assertThat(status.slotsUsed()).isEqualTo(1);
        assertThat(status.jobsRunning()).isEqualTo(1);
        assertThat(status.pools()).singleElement().satisfies(pool -> {
            assertThat(pool.runners()).isEqualTo(3);
            assertThat(pool.jobsLeased()).isEqualTo(1);
            assertThat(pool.slotsUsed()).isEqualTo(1);
            assertThat(pool.executor()).isEqualTo("host");
        });
        assertThat(status.controlPlanes()).singleElement().satisfies(shown -> {
            assertThat(shown.runners()).isEqualTo(3);
            assertThat(shown.leaseRequests()).isEqualTo(plane.asked.size());
            assertThat(shown.lastSuccess()).isNotNull();
            assertThat(shown.lastError()).isNull();
            assertThat(shown.circuit()).isEqualTo("closed");
            assertThat(shown.requestRate()).isEqualTo(50);
        });
    }

    @Test
    void runnersAreShownByPoolAndStatePageByPage() {
        Fleet fleet = bench.pool("many", plane, 250).pool("few", plane, 2).start(4);

        assertThat(fleet.runners(null, null, 1).total()).isEqualTo(252);
        assertThat(fleet.runners("few", null, 1).items()).extracting(RunnerView::name).containsExactly("few-1",
                "few-2");
        Page<RunnerView> third = fleet.runners("many", "idle", 3);
        assertThat(third.pages()).isEqualTo(3);
        assertThat(third.items()).hasSize(50);
        assertThat(fleet.runners("many", null, 4).items()).isEmpty();
        assertThat(fleet.runners("many", null, Integer.MAX_VALUE).items()).isEmpty();
        assertThat(fleet.runners("many", null, 0).items()).hasSize(100);
        assertThat(fleet.runners("nobody", null, 1).pages()).isEqualTo(1);
    }

    @Test
    void runnersAreFoundByAPartOfNamePoolOrReason() {
        plane.answer = runner -> runner.equals("few-2")
                ? Mono.error(new ControlPlaneException.CredentialRefused("401 at /lease"))
                : ScriptedPlane.noJob();
        Fleet fleet = bench.pool("many", plane, 250).pool("few", plane, 2).start(4);
        bench.pass(Duration.ofSeconds(30));

        assertThat(fleet.runners(null, null, "MANY-24", 1).items()).extracting(RunnerView::name)
                .containsExactly("many-24", "many-240", "many-241", "many-242", "many-243", "many-244", "many-245",
                        "many-246", "many-247", "many-248", "many-249");
        assertThat(fleet.runners("few", null, " 401 at ", 1).items()).extracting(RunnerView::name)
                .containsExactly("few-2");
        assertThat(fleet.runners("few", null, "many", 1).total()).isZero();
        assertThat(fleet.runners(null, null, "plane", 3).items()).hasSize(52);
        assertThat(fleet.runners(null, null, " ", 1).total()).isEqualTo(252);
    }

    @Test
    void aPoolCountsItsRunnersByStateAndByReason() {
        plane.answer = runner -> switch (runner) {
            case "pool-1" -> Mono.just(plane.job("ok 600000"));
            case "pool-2" -> Mono.error(new ControlPlaneException.CredentialRefused("401 at /lease"));
            default -> ScriptedPlane.noJob();
        };
        Fleet fleet = bench.pool("pool", plane, 6).start(4);
        bench.pass(Duration.ofSeconds(20));
        fleet.pause(new FleetControl.Target.OfRunner("pool-3"));
        bench.pass(Duration.ofMillis(1));

        assertThat(fleet.status().pools()).singleElement().satisfies(pool -> {
            assertThat(pool.states()).hasSize(RunnerState.values().length).containsEntry("running", 1)
                    .containsEntry("quarantined", 1).containsEntry("paused", 1).containsEntry("stopped", 0);
            assertThat(pool.states().values().stream().mapToInt(n -> n).sum()).isEqualTo(6);
            assertThat(pool.waiting().stream().mapToInt(FleetControl.Reason::runners).sum()).isEqualTo(5);
            assertThat(pool.waiting().get(0)).isEqualTo(new FleetControl.Reason(
                    "the control plane had no job at the last request", 3));
            assertThat(pool.waiting()).extracting(FleetControl.Reason::why).contains("paused by an operator");
        });
    }

    @Test
    void aRunnerSaysWhyItRunsNothing() {
        plane.answer = runner -> switch (runner) {
            case "pool-1" -> Mono.error(new ControlPlaneException.CredentialRefused("401 at /lease"));
            case "pool-2" -> Mono.just(plane.job("fail 10"));
            default -> Mono.error(new ControlPlaneException.Rejected("400 at /lease"));
        };
        Fleet fleet = bench.pool("pool", plane, 3).start(4);
        bench.pass(Duration.ofMillis(600));
        bench.pass(Duration.ofMillis(400));

        assertThat(why(fleet, 0)).contains("401 at /lease");
        assertThat(why(fleet, 1)).contains("failed at once");
        assertThat(why(fleet, 2)).contains("400 at /lease");
        fleet.drain();
        assertThat(why(fleet, 2)).isEqualTo("the supervisor drains");
        assertThat(fleet.runners(null, "draining", 1).total()).isEqualTo(3);
        fleet.stop();
        assertThat(fleet.runners(null, "stopped", 1).total()).isEqualTo(3);
    }

    private static String why(Fleet fleet, int index) {
        return fleet.runners(null, null, 1).items().get(index).why();
    }

    @Test
    void anIdleRunnerOfAFullHostSaysSo() {
        plane.answer = runner -> Mono.just(plane.job("ok 60000"));
        Fleet fleet = bench.pool("pool", plane, 2).start(1);
        bench.pass(Duration.ofSeconds(5));

        assertThat(fleet.runners(null, "idle", 1).items()).singleElement()
                .satisfies(view -> assertThat(view.why()).isEqualTo("no slot: the only slot of the host is taken"));
        assertThat(fleet.runners(null, "running", 1).items()).singleElement()
                .satisfies(view -> assertThat(view.job()).isEqualTo("plane-j1"));
    }

    @Test
    void anIdleRunnerOfAHostUnderPressureSaysSoAndPollsWhenItEases() {
        plane.answer = runner -> Mono.just(plane.job("ok 60000"));
        bench.refusal = new Admission.Refusal(Slots.Denial.MEMORY, "host memory 93 % used, above 90 %");
        Fleet fleet = bench.pool("pool", plane, 2).start(4);
        bench.pass(Duration.ofSeconds(60));

        assertThat(plane.asked).isEmpty();
        assertThat(fleet.runners(null, "idle", 1).items()).hasSize(2).allSatisfy(
                view -> assertThat(view.why()).isEqualTo("no slot: host memory 93 % used, above 90 %"));
        assertThat(bench.count("coxswain_slot_denied_total", "pool", "pool", "reason", "memory")).isPositive();

        bench.refusal = null;
        bench.slots.admittedAgain();
        bench.pass(Duration.ofMillis(1));
        assertThat(plane.asked).isNotEmpty();
    }

    @Test
    void jobsAreShownTheRunningOnesFirstAndMayBeCancelled() {
        plane.answer = runner -> Mono.just(plane.job(plane.granted.isEmpty() ? "fail 100" : "ok 600000"));
        Fleet fleet = bench.pool("pool", plane, 2).start(1);
        bench.pass(Duration.ofSeconds(8));

        List<JobView> jobs = fleet.jobs(null, 1).items();
        assertThat(jobs).extracting(JobView::key).containsExactly("plane-j2", "plane-j1");
        assertThat(jobs).extracting(JobView::state).containsExactly("running", "ended");
        assertThat(jobs.get(1).result()).isEqualTo("failure");
        assertThat(jobs.get(1).message()).contains("did not work");
        assertThat(jobs.get(0).fenceAt()).isAfter(bench.clock.now());
        assertThat(jobs.get(0).runningAt()).isBetween(jobs.get(0).leasedAt(), bench.clock.now());
        assertThat(jobs.get(0).settlingAt()).isNull();
        assertThat(jobs.get(1).settlingAt()).isBetween(jobs.get(1).runningAt(), jobs.get(1).endedAt());
        assertThat(jobs.get(1).uploadingAt()).isNull();
        assertThat(fleet.jobs(null, "FAILURE", 1).items()).extracting(JobView::key).containsExactly("plane-j1");
        assertThat(fleet.jobs("running", "-j", 1).items()).extracting(JobView::key).containsExactly("plane-j2");
        assertThat(fleet.jobs(null, "nobody", 1).total()).isZero();
        assertThat(fleet.jobs("ended", 1).total()).isEqualTo(1);
        assertThat(fleet.job("plane-j1")).isPresent();
        assertThat(fleet.job("nobody")).isEmpty();
        assertThat(fleet.log("plane-j1", false)).isPresent();
        assertThat(fleet.log("nobody", true)).isEmpty();

        assertThat(fleet.cancel("plane-j1", "too late")).isFalse();
        assertThat(fleet.cancel("plane-j2", "by a person")).isTrue();
        assertThat(fleet.cancel("plane-j2", "again")).isFalse();
        bench.pass(Duration.ofSeconds(4));
        assertThat(fleet.job("plane-j2")).hasValueSatisfying(job -> {
            assertThat(job.state()).isEqualTo("ended");
            assertThat(job.result()).isEqualTo("cancelled");
            assertThat(job.message()).isEqualTo("by a person");
            assertThat(job.fenceAt()).isNull();
        });
    }

    @Test
    void onlyTheNewestEndedJobsAreRemembered() {
        ScriptedPlane fast = bench.plane("fast", 1_000, Duration.ofMillis(500), Duration.ofSeconds(1));
        fast.answer = runner -> Mono.just(fast.job("ok 1"));
        Fleet fleet = bench.pool("pool", fast, 20).start(20);
        bench.pass(Duration.ofSeconds(8));

        assertThat(fast.granted).hasSizeGreaterThan(JobBoard.REMEMBERED + 100);
        assertThat(fleet.jobs("ended", 1).total()).isEqualTo(JobBoard.REMEMBERED);
        assertThat(fleet.job("fast-j1")).isEmpty();
    }

    @Test
    void theGaugesSayWhatIs() {
        plane.answer = runner -> runner.equals("pool-1") ? Mono.just(plane.job("ok 5000")) : ScriptedPlane.noJob();
        Fleet fleet = bench.pool("pool", plane, 3).build(2);
        new FleetGauges(fleet, bench.meters, bench.clock).cover(fleet.plan());
        assertThat(bench.gauge("coxswain_supervisor_state", "state", "starting")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_lease_last_success_timestamp_seconds")).isZero();
        assertThat(bench.gauge("coxswain_lease_remaining_min_seconds")).isNaN();
        fleet.start().subscribe();
        bench.pass(Duration.ofSeconds(3));

        assertThat(bench.gauge("coxswain_supervisor_state", "state", "starting")).isZero();
        assertThat(bench.gauge("coxswain_supervisor_state", "state", "running")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_runners", "pool", "pool", "state", "running")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_runners", "pool", "pool", "state", "idle")).isEqualTo(2);
        assertThat(bench.gauge("coxswain_jobs_running", "pool", "pool", "executor", "host")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_lease_remaining_min_seconds")).isBetween(35.0, 55.0);
        assertThat(bench.gauge("coxswain_lease_last_success_timestamp_seconds")).isCloseTo(2.0, within(1.5));
        assertThat(bench.gauge("coxswain_outbox_entries")).isZero();
        assertThat(bench.gauge("coxswain_control_plane_circuit_state")).isZero();
        assertThat(bench.gauge("coxswain_lease_request_rate")).isBetween(15.0, 25.0);

        plane.granted.get(0).settle = outcome -> Mono.never();
        bench.pass(Duration.ofSeconds(12));

        assertThat(bench.gauge("coxswain_outbox_entries")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_outbox_oldest_age_seconds")).isBetween(9.0, 10.1);
        assertThat(bench.gauge("coxswain_runners", "pool", "pool", "state", "settling")).isEqualTo(1);
        fleet.drain();
        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.gauge("coxswain_supervisor_state", "state", "draining")).isEqualTo(1);
        assertThat(bench.gauge("coxswain_runners", "pool", "pool", "state", "draining")).isEqualTo(2);
    }
}
