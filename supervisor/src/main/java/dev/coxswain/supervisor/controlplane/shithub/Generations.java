package dev.coxswain.supervisor.controlplane.shithub;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which keys of a heartbeat one control plane knows (contract shithub-actions 0, 16.3): it refuses those it does not, so the
 * newest are left out, once and for the life of this process. Safe from any thread.
 */
final class Generations {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final String ACTIVE = "active_job_ids";
    private static final String HOST = "host_name";
    private static final String VERSION = "version";

    private volatile Generation known = Generation.RECONCILING;

    /** From old to new. */
    enum Generation {
        /** labels and capacity */
        PLAIN,
        /** and host_name and version */
        NAMED,
        /** and active_job_ids */
        RECONCILING
    }

    Generation known() {
        return known;
    }

    /**
     * Whether a refusal teaches of an older generation, which then is known.
     *
     * @param sent with what the refused request was made
     * @param error the server's words
     */
    boolean learn(Generation sent, String error) {
        if (!error.startsWith("invalid JSON")) {
            return false;
        }
        boolean names = error.contains(HOST) || error.contains(VERSION);
        Generation older = names ? Generation.PLAIN : error.contains(ACTIVE) ? Generation.NAMED : sent;
        if (older.compareTo(sent) >= 0) {
            return false;
        }
        synchronized (this) {
            if (older.compareTo(known) < 0) {
                known = older;
                LOG.warn("the control plane is of an older generation, heartbeats leave keys out: {}",
                        older == Generation.PLAIN ? List.of(ACTIVE, HOST, VERSION) : List.of(ACTIVE));
            }
        }
        return true;
    }

    /**
     * A heartbeat's body.
     *
     * @param active ids of all jobs whose end the control plane has not acknowledged; told even when there are none, since
     *        that is how it hears of jobs that nobody runs (trap 5, 6)
     */
    static ObjectNode body(ObjectNode body, Generation generation, RunnerProfile profile, int capacity,
            List<Long> active) {
        if (!profile.labels().isEmpty()) {
            ArrayNode labels = body.putArray("labels");
            profile.labels().forEach(labels::add);
        }
        body.put("capacity", capacity);
        if (generation.compareTo(Generation.NAMED) >= 0) {
            if (!profile.hostName().isBlank()) {
                body.put(HOST, profile.hostName());
            }
            if (!profile.version().isBlank()) {
                body.put(VERSION, profile.version());
            }
        }
        if (generation == Generation.RECONCILING) {
            ArrayNode ids = body.putArray(ACTIVE);
            active.forEach(ids::add);
        }
        return body;
    }
}
