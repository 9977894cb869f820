package dev.coxswain.supervisor.runner;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.metrics.Exemplar;

/**
 * What is told of one job on its way. All times are the fleet's monotonic clock's. Every call is quick, never fails and may
 * come from any thread; nothing is told after {@link #ended}.
 */
public interface JobTrace {
    /** Of a job that nobody follows. */
    JobTrace OFF = new JobTrace() {
        @Override
        public @Nullable Exemplar stage(String stage, long fromNanos, long untilNanos, StageEnd end) {
            return null;
        }

        @Override
        public void heartbeatFailed(long atNanos, String kind) {
            // nobody follows
        }

        @Override
        public @Nullable Exemplar ended(SettleResult result, long atNanos) {
            return null;
        }
    };

    /**
     * A stage that has ended.
     *
     * @param stage as {@code job_stage_duration_seconds} calls it
     * @return where it can be found, for a meter that measures it; null when it can't
     */
    @Nullable
    Exemplar stage(String stage, long fromNanos, long untilNanos, StageEnd end);

    /**
     * A heartbeat that did not renew the lease.
     *
     * @param kind of failure, one of few
     */
    void heartbeatFailed(long atNanos, String kind);

    /** The end of the job; returns where it can be found, as {@link #stage} does. */
    @Nullable
    Exemplar ended(SettleResult result, long atNanos);

    /** How a stage ended. */
    enum StageEnd {
        /** as it should */
        DONE,
        /** with an error */
        FAILED,
        /** something else ended the job meanwhile */
        STOPPED
    }
}
