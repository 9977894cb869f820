package dev.coxswain.supervisor.simulator;

import java.util.Locale;

/** What a fleet must never do; each one makes the verdict unclean. */
public enum Violation {
    /** Two reports of a job's end were accepted. */
    SETTLED_TWICE,
    /** A fail after an accepted complete, or the other way round. */
    OPPOSITE_REPORT,
    /** An old holder was still active on a job that somebody else held already. */
    RUN_TWICE,
    /** A sign call, an upload, a log or a report began after the end of its lease. */
    WRITE_AFTER_LEASE_END,
    /** A lease ran out although no fault had come near it. */
    LEASE_LOST,
    /** Two lease requests with one token were in flight at once, or two calls for a job whose tokens serve one call each. */
    TOKEN_OVERLAP,
    /** A token or a signed URL appeared where it does not belong. */
    SECRET_SEEN,
    /** An Authorization header or a cookie came to the object store. */
    BEARER_SENT_TO_STORE,
    /** A job was completed with a reference to something that was never stored for it, or is empty. */
    MISSING_ARTIFACT,
    /** A line of a log was sent so that nobody can ever read it: cut off, dropped, or under the number of another line. */
    LOG_LINE_LOST,
    /** A call where the contract has no place for it: a second start, an end before the start or with an upload open. */
    OUT_OF_ORDER,
    /** The simulator itself failed: nothing that it says can be trusted. */
    SIMULATOR_ERROR;

    /** The name in the ledger's JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
