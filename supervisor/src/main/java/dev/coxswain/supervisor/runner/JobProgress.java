package dev.coxswain.supervisor.runner;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.logs.JobLog;

/** What may be seen of one job from outside while it runs and after; written by its run, read by anybody. */
public final class JobProgress {
    private final String key;
    private final String jobId;
    private final String controlPlane;
    private final String pool;
    private final String runner;
    private final Instant leasedAt;
    private volatile RunnerState state = RunnerState.LEASED;
    private volatile @Nullable JobEnd end;
    private volatile @Nullable Instant endedAt;
    private volatile @Nullable Instant fenceAt;
    private volatile @Nullable Instant runningSince;
    private volatile @Nullable Instant uploadingSince;
    private volatile @Nullable Instant settlingSince;
    private volatile @Nullable JobLog log;
    private volatile int artifactsTotal;
    private volatile int artifactsDone;

    JobProgress(String key, String jobId, String controlPlane, String pool, String runner, Instant leasedAt) {
        this.key = key;
        this.jobId = jobId;
        this.controlPlane = controlPlane;
        this.pool = pool;
        this.runner = runner;
        this.leasedAt = leasedAt;
    }

    public String key() {
        return key;
    }

    public String jobId() {
        return jobId;
    }

    public String controlPlane() {
        return controlPlane;
    }

    public String pool() {
        return pool;
    }

    public String runner() {
        return runner;
    }

    public Instant leasedAt() {
        return leasedAt;
    }

    /** Leased, running or settling; meaningless once {@link #end()} is there. */
    public RunnerState state() {
        return state;
    }

    /** How it ended, or null. */
    public @Nullable JobEnd end() {
        return end;
    }

    public @Nullable Instant endedAt() {
        return endedAt;
    }

    /** When the lease would be given up without a renewal, on the wall clock, or null when it is over. */
    public @Nullable Instant fenceAt() {
        return fenceAt;
    }

    /** When it began to run in its workspace, or null before. */
    public @Nullable Instant runningSince() {
        return runningSince;
    }

    /** When the upload of what it left began, or null when it has left nothing yet. */
    public @Nullable Instant uploadingSince() {
        return uploadingSince;
    }

    /** When its outcome was decided, or null before. */
    public @Nullable Instant settlingSince() {
        return settlingSince;
    }

    /** Its log, or null before the job started. */
    public @Nullable JobLog log() {
        return log;
    }

    public int artifactsTotal() {
        return artifactsTotal;
    }

    public int artifactsDone() {
        return artifactsDone;
    }

    void runsSince(Instant at) {
        state = RunnerState.RUNNING;
        runningSince = at;
    }

    void settlesSince(Instant at) {
        state = RunnerState.SETTLING;
        settlingSince = at;
    }

    void logTo(JobLog jobLog) {
        log = jobLog;
    }

    void fencedAt(@Nullable Instant at) {
        fenceAt = at;
    }

    void uploadsSince(Instant at, int total) {
        uploadingSince = at;
        artifactsTotal = total;
    }

    void stored(int artifacts) {
        artifactsDone = artifacts;
    }

    void ended(JobEnd how, Instant at) {
        end = how;
        endedAt = at;
        fenceAt = null;
    }
}
