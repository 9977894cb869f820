package dev.coxswain.supervisor.config;

import dev.coxswain.executors.pipeline.PipelineConfig;

/** {@code workload:} of a pool: what its jobs mean. */
public sealed interface WorkloadEntry {
    /** {@code kind: pipeline}. */
    record Pipeline(PipelineConfig config) implements WorkloadEntry {}
}
