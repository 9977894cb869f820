package dev.coxswain.supervisor.shard;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What is under way with the credentials: requests by shard, and jobs by identity. Safe from any thread. */
final class Uses {
    private final int shards;
    private final AtomicIntegerArray requests;
    private final ConcurrentHashMap<Identity, Integer> jobs = new ConcurrentHashMap<>();

    Uses(int shards) {
        this.shards = shards;
        this.requests = new AtomicIntegerArray(shards);
    }

    /**
     * Counts a request in when it may leave. Counts first and asks then: whoever takes the permission away and sees no
     * request afterwards can be sure that none follows.
     */
    boolean request(Identity identity, Predicate<Identity> may) {
        int shard = identity.shard(shards);
        requests.incrementAndGet(shard);
        if (may.test(identity)) {
            return true;
        }
        requests.decrementAndGet(shard);
        return false;
    }

    void inVain(Identity identity) {
        requests.decrementAndGet(identity.shard(shards));
    }

    /** The job counts before the request does not any more. */
    void granted(Identity identity) {
        jobs.merge(identity, 1, Integer::sum);
        requests.decrementAndGet(identity.shard(shards));
    }

    void ended(Identity identity) {
        jobs.computeIfPresent(identity, (who, count) -> count == 1 ? null : count - 1);
    }

    boolean asks(int shard) {
        return requests.get(shard) > 0;
    }

    boolean hasJob(Identity identity) {
        return jobs.containsKey(identity);
    }

    /** Keys of the identities with jobs in these shards. */
    Set<String> withJobs(Predicate<Integer> which) {
        return jobs.keySet().stream().filter(identity -> which.test(identity.shard(shards))).map(Identity::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** How many identities have jobs. */
    Map<Identity, Integer> jobs() {
        return Map.copyOf(jobs);
    }
}
