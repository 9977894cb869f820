package dev.coxswain.supervisor.simulator.shithub;

import java.util.HashMap;
import java.util.Map;

/** What an operator of the server can change; guarded by the monitor of {@link Jobs}. */
final class Levers {
    static final int NEWEST_GENERATION = 3;
    static final int TOKEN_SECONDS = 15 * 60;
    static final int BEATS_PER_MINUTE = 60;

    /** Which keys of a heartbeat the server knows, and which keys a claim has: 1 to 3. */
    int generation = NEWEST_GENERATION;
    /** Whether the runner API has a signing key. */
    boolean configured = true;
    /** Whether there is an object store. */
    boolean objectStore = true;
    /** Whether a second artifact of a name is refused in its run. */
    boolean uniqueArtifacts;
    /** Whether a policy blocks all jobs. */
    boolean paused;
    /** How long a token lives. */
    int tokenSeconds = TOKEN_SECONDS;
    /** How many heartbeats a runner has in a minute; 0 for no limit. */
    int rateLimit = BEATS_PER_MINUTE;
    private final Map<String, Integer> failures = new HashMap<>();

    /**
     * Has that many calls to come fail.
     *
     * @param call the name of the calls; empty for any
     */
    void fail(Knob knob, String call, int times) {
        failures.put(key(knob, call), times);
    }

    /** Whether this call is one of those; counts it. */
    boolean fails(Knob knob, String call) {
        return takes(key(knob, call)) || takes(key(knob, ""));
    }

    private boolean takes(String key) {
        Integer left = failures.computeIfPresent(key, (same, times) -> times - 1);
        if (left == null) {
            return false;
        }
        if (left <= 0) {
            failures.remove(key);
        }
        return left >= 0;
    }

    private static String key(Knob knob, String call) {
        return knob.label() + "@" + call;
    }
}
