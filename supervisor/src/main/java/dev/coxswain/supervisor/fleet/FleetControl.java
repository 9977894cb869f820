package dev.coxswain.supervisor.fleet;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What may be seen and asked of the fleet from outside. Every method is safe from any thread, never blocks, and gives
 * values of one moment.
 */
public interface FleetControl {
    /** Items on one page of a listing. */
    int PAGE_SIZE = 100;
    /** Reasons that are told for each pool. */
    int MOST_REASONS = 4;

    /** The fleet at a glance. */
    Status status();

    /** Runners, by name; pages count from 1. */
    default Page<RunnerView> runners(@Nullable String pool, @Nullable String state, int page) {
        return runners(pool, state, null, page);
    }

    /**
     * Runners, by name; pages count from 1.
     *
     * @param search a part of name, pool, control plane or reason, upper and lower case alike; null for all
     */
    Page<RunnerView> runners(@Nullable String pool, @Nullable String state, @Nullable String search, int page);

    /** Jobs, running ones first, then the ended ones that are still remembered, newest first; pages count from 1. */
    default Page<JobView> jobs(@Nullable String state, int page) {
        return jobs(state, null, page);
    }

    /**
     * Jobs in the same order.
     *
     * @param search a part of key, id, runner, pool, control plane, result or message, upper and lower case alike;
     *        null for all
     */
    Page<JobView> jobs(@Nullable String state, @Nullable String search, int page);

    /** One job, as long as it is remembered. */
    Optional<JobView> job(String key);

    /** The masked log of one job; with {@code follow} it goes on until the job ends. Cancelling is safe. */
    Optional<Flux<byte[]>> log(String key, boolean follow);

    /**
     * Asks for a running job to be stopped and reported as cancelled.
     *
     * @return false when no such job is running
     */
    boolean cancel(String key, String reason);

    /** Starts to drain: nothing new is leased. Safe to repeat. */
    void drain();

    /**
     * The runners of the target lease nothing new until they are resumed; their jobs go on. Safe to repeat.
     *
     * @return how many runners are meant; 0 when there is no such control plane, pool or runner
     */
    int pause(Target target);

    /** Takes a pause back, whichever way it was asked for. Returns as {@link #pause} does. */
    int resume(Target target);

    /**
     * Reads the configuration again and takes it over as a whole or not at all; no running job is touched. Never fails:
     * what is wrong with the file is told in the answer. Two at once are done one after the other. Cancelling the wait
     * does not take it back.
     */
    Mono<Reloaded> reload();

    /**
     * What happens from now on. A reader that is too slow misses events and is told how many by one of the type
     * {@code missed}. Cancelling is safe.
     */
    Flux<FleetEvent> events();

    /** Whether the process works; false asks for a restart. */
    boolean live();

    /** Whether new jobs are taken: false while starting and from the first moment of a drain. */
    boolean ready();

    /** Why {@link #ready()} says no, in words; null when it says yes, or when the state says it all. */
    default @Nullable String whyNotReady() {
        return null;
    }

    /**
     * The fleet at a glance.
     *
     * @param state starting, running, draining or stopped
     * @param jobsRunning between lease and outcome; what is being settled may have given its slot back
     * @param sharding null when this supervisor has all runners
     */
    record Status(String name, String version, String state, Instant startedAt, int slotsTotal, int slotsUsed,
            int jobsRunning, List<ControlPlaneView> controlPlanes, List<PoolView> pools,
            @Nullable ShardingView sharding) {}

    /**
     * How the runners are shared with other supervisors.
     *
     * @param mode {@code static} or {@code kubernetes}
     * @param fleet what the supervisors have in common, or null where they never meet
     * @param member what this one is called among them
     * @param membersAlive this one included while it takes part, or null where nobody knows
     * @param shardsHeld whose runners may lease here
     * @param trouble why this one does not take part, or null
     */
    record ShardingView(String mode, @Nullable String fleet, String member, @Nullable Integer membersAlive,
            int shards, int shardsHeld, int runnersHeld, int runnersElsewhere, int runnersHandingOver,
            @Nullable String trouble) {}

    /**
     * One control plane.
     *
     * @param lastSuccess when a lease request was last answered, or null
     * @param lastError the newest failure of a lease request, or null; no secret
     * @param circuit closed, half_open or open
     * @param requestRate lease requests a second that may leave now: {@code requestsPerSecond}, or less while the
     *        control plane is in trouble and at the start
     */
    record ControlPlaneView(String name, String protocol, String url, int runners, double requestsPerSecond,
            long leaseRequests, @Nullable Instant lastSuccess, @Nullable String lastError, String circuit,
            double requestRate) {}

    /**
     * One pool.
     *
     * @param states how many of its runners are in each state; those that none is in are there too
     * @param waiting why its runners hold no job, the most frequent reasons first, at most {@value #MOST_REASONS}
     */
    record PoolView(String name, String controlPlane, String executor, int runners, int slotsUsed, long jobsLeased,
            Map<String, Integer> states, List<Reason> waiting) {}

    /** A reason why runners hold no job, and how many have it. */
    record Reason(String why, int runners) {}

    /**
     * One runner.
     *
     * @param why why it does not run a job, in words
     * @param job the key of the job it holds, of several the newest, or null
     * @param jobs the keys of all that it holds
     */
    record RunnerView(String name, String pool, String controlPlane, String state, String why, @Nullable String job,
            List<String> jobs) {}

    /**
     * One job.
     *
     * @param state leased, running, settling or ended
     * @param result how it ended (success, failure, cancelled, timeout, lost, abandoned, unclear), or null
     * @param message the reason that was reported, masked, or null
     * @param runningAt when its workspace was ready and it began to run, or null
     * @param uploadingAt when the upload of what it left began, or null
     * @param settlingAt when its outcome was decided, or null
     * @param fenceAt when the lease would be given up without a renewal, or null
     */
    record JobView(String key, String jobId, String controlPlane, String pool, String runner, String state,
            Instant leasedAt, @Nullable Instant runningAt, @Nullable Instant uploadingAt,
            @Nullable Instant settlingAt, @Nullable Instant endedAt, @Nullable String result, @Nullable String message,
            @Nullable Instant fenceAt, int artifactsTotal, int artifactsDone, long logBytes, long logDroppedBytes) {}

    /** One page of a listing. */
    record Page<T>(List<T> items, int page, int pages, int total) {
        /** Cuts the page {@code page} (from 1) out of everything. */
        public static <T> Page<T> of(List<T> all, int page) {
            int pages = Math.max(1, (all.size() + PAGE_SIZE - 1) / PAGE_SIZE);
            int from = (int) Math.min(all.size(), Math.max(0L, page - 1L) * PAGE_SIZE);
            return new Page<>(List.copyOf(all.subList(from, Math.min(all.size(), from + PAGE_SIZE))), page, pages,
                    all.size());
        }
    }

    /** Whom a pause or a resume is for. */
    sealed interface Target {
        /** Every runner. */
        record Everything() implements Target {}

        /** The runners of one control plane. */
        record OfControlPlane(String name) implements Target {}

        /** The runners of one pool. */
        record OfPool(String name) implements Target {}

        /** Every runner of this name, at whichever control plane. */
        record OfRunner(String name) implements Target {}
    }

    /**
     * What a reload did.
     *
     * @param applied false when the file is not valid: then the old configuration is kept
     * @param changes what is different now, one line each, no secret; empty when nothing is
     * @param needsRestart what was changed in the file and only takes effect at the next start, one line each
     * @param problems why it was not applied, one line each with its place
     */
    record Reloaded(boolean applied, List<String> changes, List<String> needsRestart, List<String> problems) {}

    /**
     * Something that happened.
     *
     * @param type {@code job_leased}, {@code job_ended}, {@code draining}, {@code paused}, {@code resumed},
     *        {@code reloaded}, {@code quarantined}, {@code circuit} or {@code missed}
     * @param message in words; no secret
     */
    record FleetEvent(Instant at, String type, @Nullable String controlPlane, @Nullable String pool,
            @Nullable String runner, @Nullable String job, String message) {}
}
