package dev.coxswain.executors;

/** How a job ended, as its workload sees it. */
public sealed interface JobResult {
    /**
     * The job did its work.
     *
     * @param document what the workload left, a JSON text (pipeline: {@code result.json} as written); its meaning is
     *        agreed between the workload and the control plane's adapter
     * @param filesRoot the folder, relative to the workspace, that file names in the document are relative to
     */
    record Succeeded(String document, String filesRoot) implements JobResult {}

    /**
     * The job failed.
     *
     * @param message one line that the job's owner understands; not masked yet
     */
    record Failed(String message) implements JobResult {}

    /**
     * The job's own time limit ended it.
     *
     * @param message one line that the job's owner understands
     */
    record TimedOut(String message) implements JobResult {}
}
