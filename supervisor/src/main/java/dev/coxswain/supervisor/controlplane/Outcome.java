package dev.coxswain.supervisor.controlplane;

/** What will be reported as the one end of a lease. Written to the journal before it is sent. Holds no secret. */
public sealed interface Outcome {
    /**
     * Complete.
     *
     * @param body what the adapter sends, in its own form, made by {@link Lease#compose}
     */
    record Complete(String body) implements Outcome {}

    /**
     * Fail.
     *
     * @param cause why
     * @param message one line for the job's owner; masked
     */
    record Fail(Cause cause, String message) implements Outcome {}

    /** Why a job is reported as failed. */
    enum Cause {
        /** the job itself failed */
        FAILURE,
        /** a person, or a drain, cancelled it */
        CANCELLED,
        /** its time limit ended it */
        TIMEOUT
    }
}
