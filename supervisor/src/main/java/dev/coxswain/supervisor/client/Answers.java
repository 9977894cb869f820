package dev.coxswain.supervisor.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What the admin API says, as far as it is shown; what a newer supervisor says beside it is left out. */
final class Answers {
    private Answers() {}

    record Status(String name, String version, String state, Instant startedAt, int slotsTotal, int slotsUsed,
            int jobsRunning, @Nullable List<ControlPlane> controlPlanes, @Nullable List<Pool> pools,
            @Nullable Sharding sharding) {}

    record Sharding(String mode, @Nullable String fleet, String member, @Nullable Integer membersAlive, int shards,
            int shardsHeld, int runnersHeld, int runnersElsewhere, int runnersHandingOver, @Nullable String trouble) {}

    record ControlPlane(String name, String protocol, String url, int runners, double requestsPerSecond,
            long leaseRequests, @Nullable Instant lastSuccess, @Nullable String lastError, @Nullable String circuit,
            @Nullable Double requestRate) {}

    record Pool(String name, String controlPlane, String executor, int runners, int slotsUsed, long jobsLeased,
            @Nullable Map<String, Integer> states, @Nullable List<Reason> waiting) {}

    record Reason(@Nullable String why, int runners) {}

    record Runner(String name, String pool, String controlPlane, String state, @Nullable String why,
            @Nullable String job, @Nullable List<String> jobs) {}

    record Job(String key, String jobId, String controlPlane, String pool, String runner, String state,
            Instant leasedAt, @Nullable Instant endedAt, @Nullable String result, @Nullable String message,
            int artifactsTotal, int artifactsDone, long logBytes, @Nullable Instant runningAt,
            @Nullable Instant fenceAt, @Nullable Long logDroppedBytes) {}

    record Reloaded(boolean applied, @Nullable List<String> changes, @Nullable List<String> needsRestart,
            @Nullable List<String> problems) {}

    record Event(@Nullable Instant at, String type, @Nullable String controlPlane, @Nullable String pool,
            @Nullable String runner, @Nullable String job, @Nullable String message) {}

    record Problem(@Nullable String error, @Nullable String detail) {}

    record LogPiece(String text, byte @Nullable [] bytes) {}

    record LogEnd(long droppedBytes) {}
}
