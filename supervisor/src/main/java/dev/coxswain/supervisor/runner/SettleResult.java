package dev.coxswain.supervisor.runner;

import java.util.Locale;

/** How a lease ended, as {@code jobs_settled_total} counts it. */
public enum SettleResult {
    /** complete was acknowledged */
    SUCCESS,
    /** fail was acknowledged: the job itself failed */
    FAILURE,
    /** fail was acknowledged: a person or a drain cancelled the job */
    CANCELLED,
    /** fail was acknowledged: the job's time limit ended it */
    TIMEOUT,
    /** the lease was gone before the end could be reported */
    LOST,
    /** we gave the lease up ourselves and sent nothing more */
    ABANDONED,
    /** a report was sent, its answer was lost, and a repeat can't tell what came of it */
    UNCLEAR;

    /** The name in metrics and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
