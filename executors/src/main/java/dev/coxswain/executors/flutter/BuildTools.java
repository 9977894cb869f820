package dev.coxswain.executors.flutter;

import java.util.Map;
import java.util.function.LongSupplier;

import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * What all builds of a workload share.
 *
 * @param hostVariables of the host that commands see
 * @param mac whether this host runs macOS
 * @param timer for what is no command
 * @param nanos the monotonic clock
 */
record BuildTools(FlutterConfig config, Map<String, String> hostVariables, Guard guard, AndroidSigner signer,
        IosSigning iosSigning, JsonMapper mapper, boolean mac, Scheduler timer, LongSupplier nanos) {

    /** Of a build that begins now. */
    Deadline deadline() {
        return new Deadline(config.timeout(), nanos, timer);
    }

    Mono<Plan> plan(Workspace workspace, BuildJob job) {
        return new PlanFiles(workspace, job, mapper).plan();
    }

    Map<String, String> environment(BuildJob job, Plan plan) {
        return BuildEnvironment.of(hostVariables, job, plan.environment());
    }

    ArtifactSearch artifacts(Workspace workspace, Deadline deadline) {
        return new ArtifactSearch(workspace, deadline, mapper, mac);
    }

    /** Says nothing of what it holds. */
    @Override
    public String toString() {
        return "BuildTools[]";
    }
}
