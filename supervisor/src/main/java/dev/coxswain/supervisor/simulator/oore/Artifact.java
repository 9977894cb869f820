package dev.coxswain.supervisor.simulator.oore;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** A reserved upload of a build; touched only under the monitor of {@link Builds}. */
final class Artifact {
    /** Where an upload can be (contract oore-ci 9). */
    enum State {
        PENDING, AVAILABLE, FAILED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    final String id;
    final Build build;
    final String name;
    final String type;
    final @Nullable Long sizeBytes;
    final @Nullable String checksum;
    final @Nullable Object metadata;
    final int lease;
    final long madeNanos;
    final long madeAt;
    State state = State.PENDING;
    /** Whether its runner can know of it. */
    boolean heard;
    /** Where it is in the simulator's store; null for the daemon's own. */
    @Nullable
    String storeUrl;
    long receivedBytes = -1;
    @Nullable
    String receivedChecksum;

    Artifact(String id, Build build, String name, String type, @Nullable Long sizeBytes, @Nullable String checksum,
            @Nullable Object metadata, long madeNanos, long madeAt) {
        this.id = id;
        this.build = build;
        this.name = name;
        this.type = type;
        this.sizeBytes = sizeBytes;
        this.checksum = checksum;
        this.metadata = metadata;
        this.lease = build.lease;
        this.madeNanos = madeNanos;
        this.madeAt = madeAt;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("build_id", build.id);
        map.put("name", name);
        map.put("artifact_type", type);
        map.put("file_path", build.id + "/" + id);
        map.put("file_size", sizeBytes);
        map.put("checksum", checksum);
        map.put("metadata", metadata);
        map.put("created_at", madeAt);
        map.put("state", state.label());
        return map;
    }
}
