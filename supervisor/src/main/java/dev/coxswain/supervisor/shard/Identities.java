package dev.coxswain.supervisor.shard;

import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.runner.Runner;

/** Remembers who each runner is, since that is asked before every poll. Safe from any thread. */
final class Identities {
    /** More than a fleet has; reloads that change tokens leave old ones behind. */
    private static final int MOST = 200_000;

    private final ConcurrentHashMap<Credential, Identity> known = new ConcurrentHashMap<>();

    Identity of(Runner runner) {
        Credential credential = runner.credential();
        Identity found = known.get(credential);
        if (found == null) {
            if (known.size() >= MOST) {
                known.clear();
            }
            found = Identity.of(credential);
            known.put(credential, found);
        }
        return found;
    }
}
