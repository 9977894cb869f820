package dev.coxswain.supervisor.http;

import java.time.Duration;

/**
 * One call with a JSON text, or without any.
 *
 * @param operation its label in the metrics, one of those that {@link JsonCalls} was made with
 * @param path appended to the base URL, with a leading slash; it shows in error messages, so it holds no secret
 * @param bearer the token of the Authorization header
 * @param body UTF-8; not changed after this
 * @param timeout until the whole answer is there, waiting for a connection included
 * @param method only a POST sends a body
 */
public record JsonRequest(String operation, String path, String bearer, byte[] body, Duration timeout,
        Method method) {
    /** What is asked for. */
    public enum Method {
        /** sends a JSON text */
        POST,
        /** reads */
        GET,
        /** removes */
        DELETE
    }

    /** A POST. */
    public JsonRequest(String operation, String path, String bearer, byte[] body, Duration timeout) {
        this(operation, path, bearer, body, timeout, Method.POST);
    }

    /** A GET, without a body. */
    public static JsonRequest get(String operation, String path, String bearer, Duration timeout) {
        return new JsonRequest(operation, path, bearer, new byte[0], timeout, Method.GET);
    }

    /** A DELETE, without a body. */
    public static JsonRequest delete(String operation, String path, String bearer, Duration timeout) {
        return new JsonRequest(operation, path, bearer, new byte[0], timeout, Method.DELETE);
    }

    /** The time limit of a call that has no reason for another one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Hides token and body. */
    @Override
    public String toString() {
        return "JsonRequest[" + method + " " + path + "]";
    }
}
