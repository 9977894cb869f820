package dev.coxswain.executors.actions;

import java.util.function.LongSupplier;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a job of shithub Actions (contract shithub-actions 4, 11, 13, 14; design section 11). The job's document is the claim
 * or its {@code job}; how the sources are got at comes from {@link dev.coxswain.executors.JobAccess#sources()}. A step's name
 * is its numeric id at the control plane. The document of a success is {@code {"artifacts": [{"name": …, "file": …}]}}, the
 * files relative to the result's folder, each name once; a job that fails leaves the same, if its steps uploaded anything.
 */
public final class ActionsWorkload implements Workload {
    private final ActionsTools tools;

    /**
     * Makes the workload of a pool.
     *
     * @param files bounded; makes archives of what is uploaded
     * @param timer for the time limit of what is no command; commands are the executor's
     */
    public ActionsWorkload(JsonMapper mapper, Scheduler files, Scheduler timer) {
        this(mapper, files, timer, System::nanoTime);
    }

    ActionsWorkload(JsonMapper mapper, Scheduler files, Scheduler timer, LongSupplier nanos) {
        this.tools = new ActionsTools(mapper, files, timer, nanos);
    }

    /**
     * Emits each step of the job with its output, also those that are not run ({@code SKIPPED}; {@code CANCELLED} once the
     * job's time is over), and the end. Fails with what {@link dev.coxswain.executors.JobAccess} fails with, unchanged, and
     * with a {@link dev.coxswain.executors.WorkspaceException} when the workspace can't be used at all. Cancelling is safe at
     * any moment, and stops what runs: of a job that is cancelled no further step is run, whatever its condition (section 9).
     */
    @Override
    public Flux<ExecutionEvent> run(Job job, Workspace workspace) {
        return Flux.defer(
                () -> new ActionsRun(tools, job, JobDocument.read(tools.mapper(), job.document()), workspace).run())
                .onErrorResume(StepFailure.class,
                        failure -> Flux.just(new ExecutionEvent.Ended(new JobResult.Failed(failure.text()))));
    }
}
