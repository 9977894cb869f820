package dev.coxswain.supervisor.simulator.oore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.JobKey;

/** One build with its state; touched only under the monitor of {@link Builds}. */
final class Build {
    /** Where a build can be (contract oore-ci 6); the fleeting {@code scheduled} is never seen. */
    enum State {
        QUEUED, ASSIGNED, RUNNING, SUCCEEDED, FAILED, CANCELED, TIMED_OUT;

        boolean active() {
            return this == ASSIGNED || this == RUNNING;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int EVENTS_KEPT = 100;

    final String id;
    final int number;
    final long dueNanos;
    final Map<String, Object> snapshot;
    final BuildLog log;
    final Map<String, Artifact> artifacts = new LinkedHashMap<>();
    final List<Map<String, Object>> events = new ArrayList<>();
    State state = State.QUEUED;
    /** Who holds it; null when nobody does. */
    @Nullable
    Runner runner;
    @Nullable
    String grant;
    /** The ledger's number of the lease. */
    int lease;
    /** When the state changes by itself; a later change leaves the earlier moments behind. */
    long untilNanos = Long.MAX_VALUE;
    long startedNanos = -1;
    long finishedNanos = -1;
    long updatedNanos;
    /** When the runner was told that its start counts. */
    long startHeardNanos = Long.MAX_VALUE;
    @Nullable
    Object steps;
    @Nullable
    Long exitCode;

    /** @param keptLog so many characters of its log are kept */
    Build(String id, int number, long dueNanos, Map<String, Object> snapshot, int keptLog) {
        this.log = new BuildLog(keptLog);
        this.id = id;
        this.number = number;
        this.dueNanos = dueNanos;
        this.updatedNanos = dueNanos;
        this.snapshot = snapshot;
    }

    JobKey key() {
        return new JobKey(OoreProtocol.NAME, id);
    }

    String text(String key) {
        return String.valueOf(snapshot.get(key));
    }

    /** Enters a change of its state; the oldest ones are forgotten when there are many. */
    void event(String id, State from, String actor, @Nullable String reason, long second) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("id", id);
        event.put("build_id", this.id);
        event.put("from_status", from.label());
        event.put("to_status", state.label());
        event.put("actor", actor);
        if (reason != null) {
            event.put("reason", reason);
        }
        event.put("created_at", second);
        if (events.size() == EVENTS_KEPT) {
            events.removeFirst();
        }
        events.add(event);
    }
}
