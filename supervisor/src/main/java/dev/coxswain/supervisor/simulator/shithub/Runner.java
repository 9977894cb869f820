package dev.coxswain.supervisor.simulator.shithub;

import java.util.LinkedHashSet;
import java.util.Set;

/** A registered runner; touched only under the monitor of {@link Jobs}. */
final class Runner {
    static final int MAX_CAPACITY = 64;

    final long id;
    /** Its name in the ledger. */
    final String holder;
    final String token;
    /** What it executes, as the server believes: also what nobody heard of. */
    final Set<Job> running = new LinkedHashSet<>();
    Set<String> labels = Set.of("self-hosted", "linux");
    int capacity = 1;
    String hostName = "";
    String version = "";
    boolean draining;
    boolean revoked;
    /** Whether its registration token was replaced by one that nobody here has. */
    boolean rotated;
    long windowFromNanos = Long.MIN_VALUE;
    int beatsInWindow;
    long heartbeats;

    Runner(long id, String holder, String token) {
        this.id = id;
        this.holder = holder;
        this.token = token;
    }
}
