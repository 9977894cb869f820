package dev.coxswain.supervisor.http;

import java.time.Duration;

/**
 * One POST of a JSON text.
 *
 * @param operation its label in the metrics, one of those that {@link JsonCalls} was made with
 * @param path appended to the base URL, with a leading slash; it shows in error messages, so it holds no secret
 * @param bearer the token of the Authorization header
 * @param body UTF-8; not changed after this
 * @param timeout until the whole answer is there, waiting for a connection included
 */
public record JsonRequest(String operation, String path, String bearer, byte[] body, Duration timeout) {
    /** The time limit of a call that has no reason for another one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Hides token and body. */
    @Override
    public String toString() {
        return "JsonRequest[POST " + path + "]";
    }
}
