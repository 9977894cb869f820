package dev.coxswain.supervisor.simulator;

import java.util.Locale;

/** What a request is for, in the words that all protocols share. */
public enum CallKind {
    /** Asks for a job; two of them in flight with one token are a violation. */
    LEASE,
    /** Renews a lease; never a violation by itself. */
    HEARTBEAT,
    /** Reads something. */
    READ,
    /** Writes logs, progress or other data of a job. */
    WRITE,
    /** Asks for signed URLs. */
    SIGN,
    /** Sends an artifact to the object store. */
    PUT,
    /** Reports the end of a job. */
    SETTLE,
    /** Anything else. */
    OTHER;

    /** Whether it changes a job, so that it must not arrive after the end of its lease. */
    boolean writes() {
        return this == WRITE || this == SIGN || this == PUT || this == SETTLE;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
