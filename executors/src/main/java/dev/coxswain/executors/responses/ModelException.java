package dev.coxswain.executors.responses;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** A request to the model server brought no usable answer. The message is fit for the job's owner. */
final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final CallResult result;
    private final int status;
    private final transient @Nullable Duration retryAfter;

    /**
     * @param status the answer's; 0 without an answer
     * @param retryAfter how long the server wants to be left alone, or null
     */
    ModelException(CallResult result, int status, @Nullable Duration retryAfter, String message) {
        super(message);
        this.result = result;
        this.status = status;
        this.retryAfter = retryAfter;
    }

    ModelException(CallResult result, String message) {
        this(result, 0, null, message);
    }

    CallResult result() {
        return result;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    /** Whether the same request may succeed later (contract xenonflare-workspace 8, model calls). */
    boolean mayPass() {
        return result == CallResult.UNAVAILABLE || result == CallResult.RATE_LIMITED;
    }

    /** Whether the server may have stumbled over something in the request that it does not know. */
    boolean refusesTheRequest() {
        return status == 400 || status == 404 || status == 422;
    }
}
