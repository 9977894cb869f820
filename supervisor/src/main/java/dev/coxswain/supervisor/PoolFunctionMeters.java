package dev.coxswain.supervisor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.coxswain.executors.function.FunctionMeters;
import dev.coxswain.executors.function.FunctionWorkload;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;

/** The meters of one pool's functions; the same ones for each workload that the pool has after a reload. */
final class PoolFunctionMeters implements FunctionMeters {
    private final Counter warm;
    private final Counter cold;
    private final Counter dropped;
    private final List<FunctionWorkload> workloads = new CopyOnWriteArrayList<>();

    PoolFunctionMeters(Meters meters, String pool) {
        Meters.Family<Counter> calls = meters.counters(FleetMeters.FUNCTION_CALLS, pool);
        this.warm = calls.of("warm");
        this.cold = calls.of("cold");
        this.dropped = meters.counter(FleetMeters.FUNCTION_DROPPED, pool);
        meters.stateGauge(FleetMeters.FUNCTION_PROCESSES, "busy",
                () -> workloads.stream().map(FunctionWorkload::stats).mapToInt(now -> now.processes() - now.idle())
                        .sum(),
                pool);
        meters.stateGauge(FleetMeters.FUNCTION_PROCESSES, "idle",
                () -> workloads.stream().map(FunctionWorkload::stats).mapToInt(FunctionWorkload.Stats::idle).sum(),
                pool);
    }

    /** Counts the processes of this one too. */
    FunctionWorkload cover(FunctionWorkload workload) {
        workloads.add(workload);
        return workload;
    }

    @Override
    public void called(boolean isWarm) {
        (isWarm ? warm : cold).increment();
    }

    @Override
    public void dropped(long bytes) {
        dropped.increment((double) bytes);
    }
}
