package dev.coxswain.executors.flutter;

import java.util.Map;
import java.util.function.LongSupplier;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Builds what an Oore CI claims (contract oore-ci 10 to 12, design section 11): refuses what its host can't do, checks the
 * repository out, finds its plan, runs the stages, signs Android apps and names what was left behind. The document of a
 * success is {@code {"artifacts": [{"file": …}]}}, relative to the checkout.
 */
public final class FlutterWorkload implements Workload {
    private final BuildTools tools;
    private final JsonMapper mapper;

    /**
     * Makes the workload of a pool.
     *
     * @param hostEnvironment the supervisor's own variables; {@code PATH}, {@code JAVA_HOME}, {@code ANDROID_HOME} and
     *        {@code ANDROID_SDK_ROOT} are looked at, nothing else
     * @param signer signs Android apps; asked only when the control plane may have something to sign with
     * @param files bounded; looks for tools of the host
     * @param timer for the time limit of what is no command; commands are the executor's
     */
    public FlutterWorkload(FlutterConfig config, Map<String, String> hostEnvironment, JsonMapper mapper,
            AndroidSigner signer, Scheduler files, Scheduler timer) {
        this(config, hostEnvironment, mapper, signer, files, timer, isMac(), System::nanoTime);
    }

    FlutterWorkload(FlutterConfig config, Map<String, String> hostEnvironment, JsonMapper mapper,
            AndroidSigner signer, Scheduler files, Scheduler timer, boolean mac, LongSupplier nanos) {
        this.mapper = mapper;
        this.tools = new BuildTools(config, BuildEnvironment.ofHost(hostEnvironment, config.androidHome()),
                new Guard(config, hostEnvironment, mac, files), signer, new IosSigning(mapper), mapper, mac, timer,
                nanos);
    }

    private static boolean isMac() {
        return System.getProperty("os.name", "").startsWith("Mac");
    }

    /**
     * Emits the steps {@code checkout}, {@code pre_build-1}…, {@code build-1}…, {@code post_build-1}… and
     * {@code artifacts} with their output, and the end; a build that is refused has no step. Fails with what
     * {@link dev.coxswain.executors.JobAccess} fails with, unchanged, and with a
     * {@link dev.coxswain.executors.WorkspaceException} when the workspace can't be used or git can't be started. Cancelling
     * is safe at any moment, and stops what runs.
     */
    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        return Flux.defer(() -> {
            BuildJob build = BuildJob.read(mapper, job.document(), job.access().sources());
            return new FlutterBuild(tools, build, job.access(), workspace).run();
        }).onErrorResume(BuildEnd.class, end -> Flux.just(new ExecutionEvent.Ended(end.result())));
    }
}
