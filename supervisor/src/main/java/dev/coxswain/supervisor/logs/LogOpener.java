package dev.coxswain.supervisor.logs;

import reactor.core.publisher.Mono;

/** Opens the log of a job. */
@FunctionalInterface
public interface LogOpener {
    /**
     * Opens an empty log; whoever gets it ends it.
     *
     * @param key the job's key
     * @param secrets what must not be seen in it, besides what is added to it later
     */
    Mono<JobLog> open(String key, String controlPlane, SecretSet secrets);
}
