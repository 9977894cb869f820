package dev.coxswain.supervisor.http;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One call with a JSON text, or without any.
 *
 * @param operation its label in the metrics, one of those that {@link JsonCalls} was made with
 * @param path appended to the base URL, with a leading slash; it shows in error messages, so it holds no secret
 * @param bearer the token of the Authorization header
 * @param body UTF-8; not changed after this
 * @param timeout until the whole answer is there, waiting for a connection included
 * @param method only a POST sends a body
 * @param extra one more header, or null
 */
public record JsonRequest(String operation, String path, String bearer, byte[] body, Duration timeout,
        Method method, @Nullable Header extra) {
    /**
     * A header.
     *
     * @param value visible ASCII; a secret
     */
    public record Header(String name, String value) {
        /** Hides the value. */
        @Override
        public String toString() {
            return "Header[" + name + "]";
        }
    }

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
        this(operation, path, bearer, body, timeout, Method.POST, null);
    }

    /** The same with one more header. */
    public JsonRequest with(String name, String value) {
        return new JsonRequest(operation, path, bearer, body, timeout, method, new Header(name, value));
    }

    /** A GET, without a body. */
    public static JsonRequest get(String operation, String path, String bearer, Duration timeout) {
        return new JsonRequest(operation, path, bearer, new byte[0], timeout, Method.GET, null);
    }

    /** A DELETE, without a body. */
    public static JsonRequest delete(String operation, String path, String bearer, Duration timeout) {
        return new JsonRequest(operation, path, bearer, new byte[0], timeout, Method.DELETE, null);
    }

    /** The time limit of a call that has no reason for another one. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** Hides token and body. */
    @Override
    public String toString() {
        return "JsonRequest[" + method + " " + path + "]";
    }
}
