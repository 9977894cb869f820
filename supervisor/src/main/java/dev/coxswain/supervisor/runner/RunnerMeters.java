package dev.coxswain.supervisor.runner;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.metrics.Exemplar;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;

/** The meters that a pool's runners touch, looked up once for the pool and not for each runner. */
public final class RunnerMeters {
    private final Meters.Family<Counter> leaseRequests;
    private final Timer leaseDuration;
    private final Counter leased;
    private final Meters.Family<Counter> settled;
    private final Timer jobDuration;
    private final Meters.Family<Timer> stages;
    private final Meters.Family<Counter> heartbeats;
    private final Timer heartbeatDelay;
    private final Counter fenced;

    public RunnerMeters(Meters meters, String controlPlane, String pool) {
        leaseRequests = meters.counters(FleetMeters.LEASE_REQUESTS, controlPlane);
        leaseDuration = meters.timer(FleetMeters.LEASE_REQUEST_DURATION, controlPlane);
        leased = meters.counter(FleetMeters.JOBS_LEASED, controlPlane, pool);
        settled = meters.counters(FleetMeters.JOBS_SETTLED, controlPlane, pool);
        jobDuration = meters.timer(FleetMeters.JOB_DURATION, pool);
        stages = meters.timers(FleetMeters.JOB_STAGE_DURATION);
        heartbeats = meters.counters(FleetMeters.HEARTBEATS, controlPlane);
        heartbeatDelay = meters.timer(FleetMeters.HEARTBEAT_DELAY, controlPlane);
        fenced = meters.counter(FleetMeters.LEASE_FENCED, controlPlane);
    }

    Counter leaseRequest(String result) {
        return leaseRequests.of(result);
    }

    Timer leaseDuration() {
        return leaseDuration;
    }

    Counter leased() {
        return leased;
    }

    void settled(SettleResult result, Duration took, @Nullable Exemplar from) {
        settled.of(result.label()).increment();
        Exemplar.record(jobDuration, took, from);
    }

    void stage(String stage, Duration took, @Nullable Exemplar from) {
        Exemplar.record(stages.of(stage), took, from);
    }

    Counter heartbeat(String result) {
        return heartbeats.of(result);
    }

    Timer heartbeatDelay() {
        return heartbeatDelay;
    }

    Counter fenced() {
        return fenced;
    }

    /** Jobs leased so far in this pool. */
    public long jobsLeased() {
        return (long) leased.count();
    }
}
