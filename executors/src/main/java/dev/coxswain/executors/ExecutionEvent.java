package dev.coxswain.executors;

/** What happens while a workload runs a job. */
public sealed interface ExecutionEvent {
    /** A step of the job began. */
    record StepStarted(String name) implements ExecutionEvent {}

    /** Bytes of the job's log, as written; not masked yet. */
    record Output(CommandEvent.Stream stream, byte[] bytes) implements ExecutionEvent {}

    /**
     * How far the job is.
     *
     * @param fraction 0 to 1
     */
    record Progress(double fraction, String text) implements ExecutionEvent {}

    /** A step ended with this exit code. */
    record StepEnded(String name, int exitCode) implements ExecutionEvent {}

    /**
     * A summary of the {@linkplain Briefing#earlier() earlier context} was made, for the control plane to keep. It is told
     * at once; that it could not be kept does not end the job.
     */
    record Summarised(String text) implements ExecutionEvent {}

    /** The last event: the job's end. */
    record Ended(JobResult result) implements ExecutionEvent {}
}
