package dev.coxswain.supervisor.coderunner;

import java.util.Map;

/** A request that is not carried out: status, a stable word for programs, a sentence for people (contract section 3). */
final class Refusal extends RuntimeException {
    private final int status;
    private final String code;
    private final Map<String, String> headers;

    private Refusal(int status, String code, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.headers = headers;
    }

    static Refusal invalid(String message) {
        return new Refusal(400, "Invalid", message, Map.of());
    }

    static Refusal unauthorized(String message) {
        return new Refusal(401, "Unauthorized", message, Map.of("WWW-Authenticate", "Bearer"));
    }

    static Refusal forbidden(String message) {
        return new Refusal(403, "Forbidden", message, Map.of());
    }

    /** The same words for what never was and for what is another tenant's. */
    static Refusal notFound(String what) {
        return new Refusal(404, "NotFound", "there is no such " + what, Map.of());
    }

    static Refusal wrongMethod(String allowed) {
        return new Refusal(405, "MethodNotAllowed", "only " + allowed + " here", Map.of("Allow", allowed));
    }

    static Refusal conflict(String message) {
        return new Refusal(409, "Conflict", message, Map.of());
    }

    static Refusal tooLarge(String message) {
        return new Refusal(413, "TooLarge", message, Map.of());
    }

    static Refusal unsupported(String message) {
        return new Refusal(415, "UnsupportedMediaType", message, Map.of());
    }

    static Refusal tooMany(String message, int retryAfterSeconds) {
        return new Refusal(429, "TooMany", message, Map.of("Retry-After", Integer.toString(retryAfterSeconds)));
    }

    static Refusal unavailable(String message, int retryAfterSeconds) {
        return new Refusal(503, "Unavailable", message, Map.of("Retry-After", Integer.toString(retryAfterSeconds)));
    }

    static Refusal internal() {
        return new Refusal(500, "Internal", "the server has a problem; its log tells more", Map.of());
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    Map<String, String> headers() {
        return headers;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
