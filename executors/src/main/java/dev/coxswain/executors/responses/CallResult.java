package dev.coxswain.executors.responses;

/** What came of one request to the model server. */
public enum CallResult {
    /** a whole answer */
    COMPLETED,
    /** an answer whose status is not {@code completed} */
    INCOMPLETE,
    /** 429 */
    RATE_LIMITED,
    /** no connection, a connection that broke, 408, 5xx */
    UNAVAILABLE,
    /** any other status */
    REFUSED,
    /** no whole answer within the time limit */
    TIMED_OUT,
    /** an answer that is too long, or not what the API promises */
    GARBLED,
    /** given up by us: the job was stopped */
    CANCELLED
}
