package dev.coxswain.executors;

import org.jspecify.annotations.Nullable;

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
     * @param left what is to be uploaded all the same, before the end is told; null for nothing
     */
    record Failed(String message, @Nullable Left left) implements JobResult {
        /** A job that left nothing. */
        public Failed(String message) {
            this(message, null);
        }
    }

    /**
     * The job's own time limit ended it.
     *
     * @param message one line that the job's owner understands
     * @param left as of {@link Failed}
     */
    record TimedOut(String message, @Nullable Left left) implements JobResult {
        /** A job that left nothing. */
        public TimedOut(String message) {
            this(message, null);
        }
    }

    /**
     * Files of a job that did not succeed.
     *
     * @param document names them, as that of {@link Succeeded} does
     * @param filesRoot as of {@link Succeeded}
     */
    record Left(String document, String filesRoot) {}
}
