package dev.coxswain.supervisor.simulator.oore;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Call;

/** A runner as the daemon knows it; its changing fields are guarded by the monitor of {@link Runners}. */
final class Runner {
    final String id;
    /** Its name in the ledger. */
    final String holder;
    /** The person who registered it; null for the daemon's own. */
    final @Nullable String registeredBy;
    final long createdAt;
    String name;
    String status = "offline";
    @Nullable
    Object capabilities;
    long lastHeartbeatNanos = -1;
    long lastHeartbeatAt;
    long updatedAt;
    /** Whether it ever had to do with a build. */
    volatile boolean touched;

    Runner(String id, String holder, String name, @Nullable String registeredBy, @Nullable Object capabilities,
            long createdAt) {
        this.id = id;
        this.holder = holder;
        this.name = name;
        this.registeredBy = registeredBy;
        this.capabilities = capabilities;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
    }

    /** A runner speaks for itself only; to be asked when the body has been read. */
    void checkPath(Call call) {
        if (!id.equals(call.param("runner"))) {
            throw Refusal.of(403, "runner_mismatch", "the token is another runner's");
        }
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("name", name);
        map.put("status", status);
        map.put("capabilities", capabilities);
        if (lastHeartbeatNanos >= 0) {
            map.put("last_heartbeat_at", lastHeartbeatAt);
        }
        if (registeredBy != null) {
            map.put("registered_by", registeredBy);
        }
        map.put("created_at", createdAt);
        map.put("updated_at", updatedAt);
        return map;
    }
}
