package dev.coxswain.executors;

import org.jspecify.annotations.Nullable;

/**
 * What is to be run, as a control plane handed it out. Holds no credential.
 *
 * @param key our own name of this one lease of the job: unique in the fleet's life, safe as a file name and in a URL
 * @param id the control plane's own id of the job
 * @param document the lease answer as it was delivered, a JSON text
 * @param briefing what else the control plane tells about it; null where the protocol knows nothing of the kind
 * @param access what the control plane can still be asked while it runs
 */
public record Job(String key, String id, String document, @Nullable Briefing briefing, JobAccess access) {
    /** A job that its lease answer tells all about. */
    public Job(String key, String id, String document) {
        this(key, id, document, null, JobAccess.NONE);
    }

    /** The same with what was asked for after the lease. */
    public Job with(Briefing told) {
        return new Job(key, id, document, told, access);
    }

    /** The same with someone to ask. */
    public Job with(JobAccess asked) {
        return new Job(key, id, document, briefing, asked);
    }
}
